"""Indicators and rules of the policy with their words in the language of the pack."""

from __future__ import annotations

from dataclasses import replace

from trigpoint.rules.policy import read_policy
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.tree import Indicator
from trigpoint.terms.pack import Pack


def spoken_indicators(pack: Pack) -> dict[str, Indicator]:
    """The indicators by id; those of which the language says another version stay in English."""
    return {one.id: _spoken(one, pack) for one in read_indicators(pack)}


def _spoken(one: Indicator, pack: Pack) -> Indicator:
    said = pack.said_in.indicators.get(one.id) if pack.said_in else None
    if said is None or said.version != one.version:
        return one
    return replace(one, title=said.title, sentence=said.sentence, practice=said.practice, caution=said.caution)


def spoken_whys(pack: Pack) -> dict[tuple[str, int], str]:
    """Why each rule of the policy proposes what it does, by rule and version."""
    rules = pack.said_in.rules if pack.said_in else {}
    whys = {}
    for rule in read_policy(pack).rules:
        said, version = rules.get(rule.id), rule.indicator.version
        whys[rule.id, version] = said.why if said is not None and said.version == version else rule.why
    return whys
