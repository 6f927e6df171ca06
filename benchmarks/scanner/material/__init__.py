"""Written material: a grammar of invented lines by family, and conversations written by hand."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
_SLOT = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class Line:
    """An invented line: its behaviour (None: benign), its family, and whether the family is held back."""

    text: str
    behaviour: str | None
    family: str
    held: bool


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


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return found


def _filled(template: str, slots: dict[str, list[str]], draw: random.Random) -> str:
    return _SLOT.sub(lambda m: draw.choice(slots[m[1]]), template).strip()
