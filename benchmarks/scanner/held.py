"""Held-back material: conversations written by hand, and lines of held-back families within real small talk."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from benchmarks.scanner.early import Case
from benchmarks.scanner.material import Line, conversations, lines
from trigpoint.scanner import Message

_SWAPS = {"A": "B", "B": "A"}


def by_hand(*, swapped: bool = False) -> list[Case]:
    """The conversations written by hand; with `swapped`, the speakers change places."""
    return [_case(one, side == "positive", swapped) for side, many in conversations().items() for one in many]


def within_talk(talks: Sequence[Sequence[Message]], *, seed: int = 3) -> list[Case]:
    """Real small talk: half as it is, half with three lines of one held-back family said by one of the two."""
    draw = random.Random(seed)  # noqa: S311  drawn for a benchmark, not a secret
    families: dict[str, list[Line]] = {}
    for line in lines(3):
        if line.held and line.behaviour:
            families.setdefault(line.family, []).append(line)
    cases = []
    for i, talk in enumerate(talks):
        if i % 2 or len(talk) < 6:
            cases.append(Case(list(talk), positive=False))
            continue
        family = families[draw.choice(sorted(families))]
        said = draw.sample(family, k=min(2, len(family)))
        cases.append(Case(_with_lines(talk, [one.text for one in said], draw), positive=True))
    return cases


def _with_lines(talk: Sequence[Message], said: Sequence[str], draw: random.Random) -> list[Message]:
    made, who = list(talk[:20]), talk[0].sender
    at = draw.randrange(1, 4)
    for n, text in enumerate(said):
        made.insert(at + 2 * n, Message(talk[0].conversation, who, text, f"w{n}"))
    return made


def _case(one: dict[str, Any], positive: bool, swapped: bool) -> Case:
    made = []
    for i, line in enumerate(one["messages"]):
        who, text = line.split(": ", 1)
        sender = _SWAPS.get(who, who) if swapped else who
        made.append(Message(one["id"], sender, text, str(i + 1), surface=one.get("surface", "direct")))
    return Case(made, positive, one.get("first_control"))
