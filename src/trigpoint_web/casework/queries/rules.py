"""The rules behind findings, in the pack's plain words."""

from __future__ import annotations

from collections.abc import Iterable

from trigpoint.errors import NotFoundError
from trigpoint.services.say_rule import RuleSaid, say_rule
from trigpoint.terms.pack import load_pack


def rules_said(indicators: Iterable[str]) -> dict[str, RuleSaid]:
    """Each rule by its name, as the pack has it now; a rule that the pack has no more is left out."""
    said = {}
    for name in set(indicators):
        try:
            said[name] = say_rule(name, pack=load_pack())
        except NotFoundError:
            continue
    return said
