"""What a professional might do now. Safeguarding first; nothing here is a verdict on anybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from trigpoint.scanner.answer import Advice
from trigpoint.terms.located import read_yaml


@dataclass(frozen=True)
class AdviceBook:
    """Advice in the order in which it is given, each with the behaviours that call for it; none means any."""

    entries: tuple[tuple[Advice, frozenset[str]], ...]

    def for_behaviours(self, behaviours: Collection[str], *, passes_on: bool = False) -> tuple[Advice, ...]:
        """What might be done where `behaviours` were seen; nothing where none was."""
        seen = set(behaviours) | ({"passes_on"} if passes_on else set())
        return tuple(advice for advice, calls in self.entries if seen and (not calls or calls & seen))


def read_advice(path: Path, /) -> AdviceBook:
    """Read `advice.yaml` of a pack's scanner folder."""
    listed = read_yaml(path).value["advice"]
    return AdviceBook(
        tuple((Advice(act, one["text"], one["source"]), frozenset(one.get("when", ()))) for act, one in listed.items())
    )
