"""Behaviours and inhibitors as a pack's files say them, checked as they are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from trigpoint.errors import TermsError, nearest
from trigpoint.scanner.cues.matcher import Matcher
from trigpoint.scanner.frames.behaviour import HEARD, MOST_OVER, Behaviour, Frame, Inhibitor
from trigpoint.terms.located import Located, read_yaml

_MORE = ("exchanges", "weak")  # files of frames for many behaviours
_SETS = ("spares", "surfaces", "stages", "only", "names")


def read_behaviours(folder: Path, matcher: Matcher) -> dict[str, Behaviour]:
    """Read `behaviours/*.yaml` of a pack's scanner folder, the frames of two speakers in `exchanges.yaml`, and the weak
    ones in `weak.yaml`.

    Raises TermsError where a cue or behaviour is named that is not there.
    """
    paths = sorted((folder / "behaviours").glob("*.yaml"))
    more = {key: read_yaml(folder / f"{key}.yaml") for key in _MORE if (folder / f"{key}.yaml").is_file()}
    found = [_behaviour(read_yaml(path), matcher, number=i, more=more) for i, path in enumerate(paths)]
    if not found:
        raise TermsError("This pack has no behaviours for the scanner.", mend="They would be in scanner/behaviours/.")
    named = {one.name: one for one in found}
    for key, located in more.items():
        _check_names(located, key, named)
    return named


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


def _check_names(located: Located, key: str, named: Collection[str]) -> None:
    for name in located.value[key]:
        if name not in named:
            near = nearest(name, list(named))
            mend = f"Did you mean '{near}'?" if near else None
            raise located.error(f"there is no behaviour '{name}'", at=(key, name), mend=mend)


def _behaviour(located: Located, matcher: Matcher, *, number: int, more: Mapping[str, Located]) -> Behaviour:
    value = located.value
    frames = _frames(located, ("frames",), matcher)
    for key, other in more.items():
        if value["behaviour"] in other.value[key]:
            frames += _frames(other, (key, value["behaviour"]), matcher)
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


def _frames(located: Located, at: tuple[str, ...], matcher: Matcher) -> tuple[Frame, ...]:
    entries = located.value
    for key in at:
        entries = entries[key]
    return tuple(_frame(located, (*at, name), entry, matcher) for name, entry in entries.items())


def _frame(located: Located, at: tuple[str, ...], entry: Mapping[str, Any], matcher: Matcher) -> Frame:
    weak = at[0] == "weak"
    over = 1 if weak else int(entry.get("over", MOST_OVER))
    if over > MOST_OVER:
        raise located.error(
            f"'over' is {over}", at=(*at, "over"), mend=f"A frame may be spread over {MOST_OVER} messages."
        )
    needs = [_mask(located, need, matcher=matcher, at=(*at, "needs", i)) for i, need in enumerate(entry["needs"])]
    told = entry.get("hears", ())
    hears = [_mask(located, cues, matcher=matcher, at=(*at, "hears", i)) for i, cues in enumerate(told)]
    # What another answers says which of the sender's words it is about: then even common ones count across messages.
    common = 0 if hears else matcher.together
    return Frame(
        name=at[-1],
        needs=(*needs, *(cues << HEARD for cues in hears)),
        points=float(entry["points"]),
        near=int(entry.get("near", 30)),
        over=over,
        apart=(*(need & ~common for need in needs), *(cues << HEARD for cues in hears)),
        supported=not weak,
    )


def _mask(located: Located, cues: Any, *, matcher: Matcher, at: tuple[str | int, ...]) -> int:
    for i, cue in enumerate(cues):
        if cue not in matcher.names:
            near = nearest(cue, list(matcher.names))
            raise located.error(
                f"there is no cue '{cue}'", at=(*at, i), mend=f"Did you mean '{near}'?" if near else None
            )
    return matcher.mask(cues)
