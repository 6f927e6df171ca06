"""What the pack says of behaviours: their frames, what supports them, and what speaks against them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from trigpoint.scanner.answer import Stage

MOST_OVER = 6  # messages of one sender that a frame may be spread over at most
HEARD = 256  # the bits by which a cue is moved where it is another who says it
Side = Literal["exploiter", "child"]
Where = Literal["message", "span", "sender", "speaker", "others", "talk", "answer", "surface", "name", "kinds", "both"]


@dataclass(frozen=True)
class Frame:
    """A conjunction of kinds of evidence. `needs` are masks of cues: one of each must stand there.

    `near` is the most words between the first and the last within one message; `over` the most messages of one sender
    that it may be spread over. `points` are what it counts alone. `apart` are the needs without the cues that are too
    common to count across messages. Needs of bit HEARD and above are met by what others of the conversation say: such
    a frame is about an exchange, and is never whole in one message. `supported` says whether what supports the
    behaviour adds to its points: it does not where the frame is weak, and only the second opinion makes a signal of it.
    """

    name: str
    needs: tuple[int, ...]
    points: float
    near: int
    over: int
    apart: tuple[int, ...] = ()
    supported: bool = True

    @cached_property
    def wanted(self) -> int:
        """Every cue that meets one of its needs."""
        return united(self.needs)

    @cached_property
    def exchange(self) -> bool:
        """Whether it takes more than one speaker."""
        return self.wanted >> HEARD != 0


@dataclass(frozen=True)
class Behaviour:
    """A behaviour with its frames, the cues that support it, and its examples, which are tests.

    `number` is its place by name, by which saved state cites it.
    """

    number: int
    name: str
    plain: str
    side: Side
    stage: Stage
    frames: tuple[Frame, ...]
    support: int
    examples: tuple[Any, ...] = field(repr=False, default=())
    near_misses: tuple[Any, ...] = field(repr=False, default=())

    @cached_property
    def needed(self) -> int:
        """Every cue that one of its frames needs."""
        return united(need for frame in self.frames for need in frame.needs)


@dataclass(frozen=True)
class Inhibitor:
    """What speaks against a behaviour. `at_least` hits make it count; each hit more counts half, up to three more.

    `where` is the message, outside the evidence; the span of the evidence itself; what the sender writes elsewhere in
    the conversation, or anywhere in it (speaker); what the others or anybody (talk) write in it; the answer to the
    evidence, or its own message; the surface that it stands on; or the name that the sender is saved by (`names`).
    `kinds` stands where the evidence is spread over messages and is all of these `cues`, of `at_most` kinds; `both`
    where the other says what counts as evidence too. `unless` are cues that void it wherever they stand in the
    conversation; `stages` and `only` limit it to the behaviours of these stages or names.
    """

    name: str
    plain: str
    cues: int
    points: float
    where: Where
    side: Literal["exploiter", "both"]
    spares: frozenset[str]
    each: bool = False
    at_least: int = 1
    at_most: int = 3
    quoted: bool = False
    forwarded: bool = False
    unless: int = 0
    surfaces: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    def bears_on(self, behaviour: Behaviour, /) -> bool:
        """Whether it speaks against that behaviour at all."""
        if behaviour.name in self.spares or (self.only and behaviour.name not in self.only):
            return False
        if self.stages and behaviour.stage not in self.stages:
            return False
        return self.side == "both" or behaviour.side == "exploiter"


def united(masks: Iterable[int], /) -> int:
    """Every cue of any of the `masks`."""
    found = 0
    for mask in masks:
        found |= mask
    return found
