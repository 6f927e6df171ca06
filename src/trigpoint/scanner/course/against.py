"""What speaks against a behaviour from outside its own words: who wrote it, what was answered, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.course.weave import ORDINALS, Found
from trigpoint.scanner.frames.behaviour import Behaviour, Inhibitor, united
from trigpoint.scanner.message import Surface

_NAME = re.compile(r"[^\W\d_]+")
_ANSWERED = 3600  # seconds within which a message is an answer; where messages carry no times, four of them


@dataclass(frozen=True, slots=True)
class Setting:
    """Who said it, what is kept of every sender, on what surface, and whether anybody else takes part."""

    sender: str
    entries: Mapping[str, Sequence[Entry]]
    surface: Surface
    company: bool

    def own(self) -> Sequence[Entry]:
        """What is kept of the sender."""
        return self.entries[self.sender]

    def others(self) -> Iterable[Entry]:
        """What is kept of everybody else."""
        return (entry for who, many in self.entries.items() if who != self.sender for entry in many)


class WideInhibitors:
    """The inhibitors that look beyond the words of a message."""

    def __init__(self, inhibitors: Sequence[Inhibitor]) -> None:
        self._wide = [one for one in inhibitors if one.where not in ("message", "span")]

    def against(self, behaviour: Behaviour, best: Found, setting: Setting) -> list[tuple[str, float]]:
        """The name and points of each that speaks against `best`."""
        bearing = (one for one in self._wide if one.bears_on(behaviour) or _outweighs(one, behaviour, best))
        return [(one.name, one.points) for one in bearing if _stands(one, best, setting)]


def _outweighs(one: Inhibitor, behaviour: Behaviour, best: Found) -> bool:
    """Whether it speaks against a weak frame of any behaviour: what the whole conversation is like outweighs that."""
    return not best.frame.supported and behaviour.side == "exploiter" and one.where in ("talk", "speaker")


def _stands(one: Inhibitor, best: Found, setting: Setting) -> bool:
    if not _there(one, best, setting):
        return False
    return not (one.unless and any(e.cues & one.unless for many in setting.entries.values() for e in many))


def _there(one: Inhibitor, best: Found, setting: Setting) -> bool:
    if one.where == "surface":
        return setting.surface in one.surfaces
    if one.where == "name":
        return not one.names.isdisjoint(_NAME.findall(setting.sender.lower()))
    if one.where == "kinds":
        evidence = united(mask for _, mask in best.parts) | best.support
        return (
            setting.company and len(best.parts) > 1 and not evidence & ~one.cues and evidence.bit_count() <= one.at_most
        )
    if one.where == "both":
        evidence = united(mask for _, mask in best.own) & one.cues
        return evidence != 0 and any(entry.cues & evidence for entry in setting.others())
    return sum(1 for entry in _places(one, best, setting) if entry.cues & one.cues) >= one.at_least


def _places(one: Inhibitor, best: Found, setting: Setting) -> Iterable[Entry]:
    if one.where == "talk":
        return (entry for many in setting.entries.values() for entry in many)
    if one.where == "speaker":
        return setting.own()
    if one.where == "sender":
        own = {entry.reference for entry, _ in best.parts}
        return (entry for entry in setting.own() if entry.reference not in own)
    if one.where == "answer":
        return (*(entry for entry, _ in best.parts), *_answers(best.last, setting))
    return setting.others() if len(setting.entries) <= 2 else ()


def _answers(last: Entry, setting: Setting) -> Iterable[Entry]:
    within = _ANSWERED if last.at > ORDINALS else 4
    return (entry for entry in setting.others() if last.at <= entry.at <= last.at + within)
