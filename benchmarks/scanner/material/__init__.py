"""Written material, all of it invented: lines written one by one, a grammar of lines by family, and conversations.

The lines in `written/` are by several hands, a file each, of several registers; a hand is the unit of splitting there.
What lies in `apart/` is by other hands and only measures: one half of it was looked at while words were widened, the
other only counted. The conversations "of the same hands" are by those who wrote the lines that are trained on.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from trigpoint.scanner.message import Surface

HERE = Path(__file__).parent
_SLOT = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class Line:
    """An invented line: its behaviour (None: benign), its family, and whether the family is held back."""

    text: str
    behaviour: str | None
    family: str
    held: bool


@dataclass(frozen=True)
class Written:
    """An invented line written for itself: the behaviours that it shows (none: ordinary), its surface and its hand."""

    text: str
    behaviours: tuple[str, ...]
    surface: Surface
    hand: str


def written() -> list[Written]:
    """Every line written for itself, by hand and in the order of its file."""
    return [
        Written(row["text"], tuple(row["labels"]), row["surface"], path.stem)
        for path in sorted((HERE / "written").glob("*.jsonl"))
        for row in _rows(f"written/{path.name}")
    ]


def lines_apart(half: str) -> list[Written]:
    """Lines of hands that nothing is trained on; `half` is "looked_at" or "counted"."""
    return [
        Written(row["text"], tuple(row["labels"]), row["surface"], half) for row in _rows(f"apart/{half}_lines.jsonl")
    ]


def conversations_apart(which: str) -> list[dict[str, Any]]:
    """Conversations that only measure; `which` is "looked_at", "counted" or "same_hands"."""
    return _rows(f"apart/{which}_conversations.jsonl")


def words_of_manner() -> frozenset[str]:
    """Words that tell how somebody speaks, not what they say: greetings, spellings, dialect, forms of address."""
    rows = (HERE / "manner.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for row in rows if not row.startswith("#") for word in row.split())


def lines(each: int, *, seed: int = 1) -> Iterator[Line]:
    """`each` lines of every template, slots filled at random; the same for the same seed."""
    grammar = _read("grammar.yaml")
    draw = random.Random(seed)  # noqa: S311  drawn for a benchmark, not a secret
    for side in ("positive", "benign"):
        for name, families in grammar[side].items():
            for family, templates in families.items():
                made = {_filled(t, grammar["slots"], draw) for t in templates for _ in range(each)}
                behaviour = name if side == "positive" else None
                for text in sorted(made):
                    yield Line(text, behaviour, f"{name}/{family}", family.startswith("held_"))


def conversations() -> dict[str, list[dict[str, Any]]]:
    """The conversations written by hand, positive and benign; none is trained on."""
    return _read("conversations.yaml")


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return found


def _filled(template: str, slots: dict[str, list[str]], draw: random.Random) -> str:
    return _SLOT.sub(lambda m: draw.choice(slots[m[1]]), template).strip()
