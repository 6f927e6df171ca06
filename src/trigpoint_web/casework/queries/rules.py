"""The rules behind findings, in the pack's plain words and the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from trigpoint.errors import NotFoundError
from trigpoint.services.say_rule import RuleSaid, say_rule
from trigpoint_web.casework.speech import speech


def rules_said(indicators: Iterable[str]) -> dict[str, RuleSaid]:
    """Each rule by its name, as the pack has it now; a rule that the pack has no more is left out."""
    said = {}
    for name in set(indicators):
        try:
            said[name] = say_rule(name, pack=speech().pack)
        except NotFoundError:
            continue
    return said
