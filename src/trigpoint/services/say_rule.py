"""What an indicator looks for, in plain words, with its source and what else may explain what it sees."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.errors import NotFoundError, nearest
from trigpoint.rules.describe import describe, duration
from trigpoint.rules.spoken.rules import spoken_indicators
from trigpoint.terms.pack import Pack


@dataclass(frozen=True)
class RuleSaid:
    """An indicator as it is shown to a person. `looks_back` is such as "365 days", empty where it has no limit."""

    id: str
    version: int
    title: str
    looks_for: str
    looks_back: str
    practice: str
    caution: str
    source_title: str
    source_url: str


def say_rule(indicator: str, *, pack: Pack) -> RuleSaid:
    """The rule of `indicator` as the pack has it now, in its language.

    Raises NotFoundError where the pack has none of that name.
    """
    found = spoken_indicators(pack)
    if indicator not in found:
        near = nearest(indicator, list(found))
        raise NotFoundError(f"There is no indicator '{indicator}'.", mend=f"Nearest: {near}." if near else None)
    one = found[indicator]
    return RuleSaid(
        id=one.id,
        version=one.version,
        title=one.title,
        looks_for=describe(one.pattern, pack),
        looks_back=duration(one.looks_back, pack) if one.looks_back is not None else "",
        practice=one.practice,
        caution=one.caution,
        source_title=one.source_title,
        source_url=one.source_url,
    )
