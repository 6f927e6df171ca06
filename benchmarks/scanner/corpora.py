"""Real benign text, read from a folder that is given; none of it is in the repository.

A corpus is a file of JSON lines with `text`, and where there are conversations `conv`, `author` and `n`. Lines whose
`label` is spam or smishing are left out.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from trigpoint.scanner import Message
from trigpoint.scanner.message import Surface

# The surface that a corpus stands for, by the beginning of its file's name; others are direct messages.
SURFACE_OF: dict[str, Surface] = {
    "sms": "direct", "chitchat": "direct", "nps": "group", "conda": "game", "lol": "game", "jobs": "advert",
    "lyrics": "post", "overheard": "post",
}  # fmt: skip
_NOT_BENIGN = {"spam", "smishing"}


def corpora(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every corpus of the folder by the name of its file."""
    return {path.stem: _benign(path) for path in sorted(folder.glob("*.jsonl"))}


def surface_of(corpus: str) -> Surface:
    """The surface that a corpus stands for."""
    return next((surface for name, surface in SURFACE_OF.items() if corpus.startswith(name)), "direct")


def held_back(row: dict[str, Any]) -> bool:
    """A quarter of the text, whole conversations, is never trained on: by a hash of the conversation or the text."""
    return zlib.crc32(str(row.get("conv") or row["text"]).encode()) % 4 == 0


def looked_at(row: dict[str, Any]) -> bool:
    """Half of the text, whole conversations: false alarms of the other half were never looked at, only counted."""
    return zlib.crc32(f"half{row.get('conv') or row['text']}".encode()) % 2 == 0


def trained_on(row: dict[str, Any]) -> bool:
    """What the second opinion learns from: nothing of the half never looked at, nor of the quarter held back."""
    return looked_at(row) and not held_back(row)


def conversations(rows: Iterable[dict[str, Any]], surface: Surface) -> list[list[Message]]:
    """Rows as conversations, in order; empty for a corpus without them."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.get("conv") is not None:
            grouped[str(row["conv"])].append(row)
    return [
        [
            Message(conv, str(row["author"]), row["text"], str(i + 1), surface=surface)
            for i, row in enumerate(sorted(many, key=lambda r: r["n"]))
        ]
        for conv, many in grouped.items()
    ]


def _benign(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row.get("label") not in _NOT_BENIGN]
