"""What the pack says of behaviours: their frames, what supports them, and what speaks against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from trigpoint.errors import TermsError, nearest
from trigpoint.scanner.answer import Stage
from trigpoint.scanner.cues.matcher import Matcher
from trigpoint.terms.located import Located, read_yaml

MOST_OVER = 6  # messages of one sender that a frame may be spread over at most
Side = Literal["exploiter", "child"]
_SETS = ("spares", "surfaces", "stages", "only")


@dataclass(frozen=True)
class Frame:
    """A conjunction of kinds of evidence. `needs` are masks of cues: one of each must stand there.

    `near` is the most words between the first and the last within one message; `over` the most messages of one sender
    that it may be spread over. `points` are what it counts alone. `apart` are the needs without the cues that are too
    common to count across messages.
    """

    name: str
    needs: tuple[int, ...]
    points: float
    near: int
    over: int
    apart: tuple[int, ...] = ()

    @cached_property
    def wanted(self) -> int:
        """Every cue that meets one of its needs."""
        return united(self.needs)


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

    `where` is the message, outside the evidence; the span of the evidence itself; what the sender or the others write
    elsewhere in the conversation; the answer to the evidence, or its own message; or the surface that it stands on.
    `unless` are cues that void it wherever they stand in the conversation; `stages` and `only` limit it to the
    behaviours of these stages or names.
    """

    name: str
    plain: str
    cues: int
    points: float
    where: Literal["message", "span", "sender", "others", "answer", "surface"]
    side: Literal["exploiter", "both"]
    spares: frozenset[str]
    each: bool = False
    at_least: int = 1
    quoted: bool = False
    forwarded: bool = False
    unless: int = 0
    surfaces: frozenset[str] = frozenset()
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


def read_behaviours(folder: Path, matcher: Matcher) -> dict[str, Behaviour]:
    """Read `behaviours/*.yaml` of a pack's scanner folder. Raises TermsError where a cue is named that is not there."""
    paths = sorted((folder / "behaviours").glob("*.yaml"))
    found = [_behaviour(read_yaml(path), matcher, number=i) for i, path in enumerate(paths)]
    if not found:
        raise TermsError("This pack has no behaviours for the scanner.", mend="They would be in scanner/behaviours/.")
    return {one.name: one for one in found}


def read_inhibitors(folder: Path, matcher: Matcher) -> tuple[Inhibitor, ...]:
    """Read `inhibitors.yaml` of a pack's scanner folder. Raises TermsError as `read_behaviours` does."""
    located = read_yaml(folder / "inhibitors.yaml")
    made = []
    for name, entry in located.value["inhibitors"].items():
        cues = _mask(located, entry.get("cues", ()), matcher=matcher, at=("inhibitors", name, "cues"))
        unless = _mask(located, entry.get("unless", ()), matcher=matcher, at=("inhibitors", name, "unless"))
        rest = {k: v for k, v in entry.items() if k not in ("cues", "unless", *_SETS)}
        sets: dict[str, Any] = {key: frozenset(entry.get(key, ())) for key in _SETS}
        made.append(Inhibitor(name=name, cues=cues, unless=unless, **sets, **rest))
    return tuple(made)


def _behaviour(located: Located, matcher: Matcher, *, number: int) -> Behaviour:
    value = located.value
    frames = tuple(_frame(located, name, entry, matcher) for name, entry in value["frames"].items())
    return Behaviour(
        number=number,
        name=value["behaviour"],
        plain=value["plain"],
        side=value["side"],
        stage=value["stage"],
        frames=frames,
        support=_mask(located, value["support"], matcher=matcher, at=("support",)),
        examples=tuple(value["examples"]),
        near_misses=tuple(value["near_misses"]),
    )


def _frame(located: Located, name: str, entry: Mapping[str, Any], matcher: Matcher) -> Frame:
    at = ("frames", name, "needs")
    over = int(entry.get("over", MOST_OVER))
    if over > MOST_OVER:
        raise located.error(
            f"'over' is {over}", at=("frames", name, "over"), mend=f"A frame may be spread over {MOST_OVER} messages."
        )
    needs = tuple(_mask(located, need, matcher=matcher, at=(*at, i)) for i, need in enumerate(entry["needs"]))
    return Frame(
        name=name,
        needs=needs,
        points=float(entry["points"]),
        near=int(entry.get("near", 30)),
        over=over,
        apart=tuple(need & ~matcher.together for need in needs),
    )


def _mask(located: Located, cues: Any, *, matcher: Matcher, at: tuple[str | int, ...]) -> int:
    for i, cue in enumerate(cues):
        if cue not in matcher.names:
            near = nearest(cue, list(matcher.names))
            raise located.error(
                f"there is no cue '{cue}'", at=(*at, i), mend=f"Did you mean '{near}'?" if near else None
            )
    return matcher.mask(cues)
