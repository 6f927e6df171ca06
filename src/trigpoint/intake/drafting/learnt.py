"""What the pack's ready-made mappings teach a draft: which columns tell of which kind of event, and as what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trigpoint.intake.compile.values import fold
from trigpoint.intake.mapping import named_columns, read_mapping
from trigpoint.terms.pack import Pack

START, END = "happened_at", "ended_at"
_known: dict[Path, Learnt] = {}


@dataclass(frozen=True)
class Learnt:
    """For each kind of event, the names (folded) of the columns that mappings take it from, by what they give.

    What they give: happened_at, ended_at, place, or the name of an attribute. `beside` are the kinds that a mapping
    takes from the rows of another kind: from a missing episode also that the child was found.
    """

    kinds: Mapping[str, Mapping[str, frozenset[str]]]
    tellers: Mapping[str, int]  # of how many kinds a name tells
    beside: Mapping[str, frozenset[str]]

    def tells(self, kind: str, column: str) -> float:
        """How far a column speaks for a kind: 1 where no other kind has it, less the more have."""
        name = fold(column)
        known = any(name in names for names in self.kinds.get(kind, {}).values())
        return 1 / self.tellers[name] if known else 0.0

    def gives(self, kind: str, what: str, column: str) -> bool:
        """Whether a mapping takes `what` of an event of the kind from a column of this name."""
        return fold(column) in self.kinds.get(kind, {}).get(what, ())


def learnt_from(pack: Pack) -> Learnt:
    """What the mappings of the pack teach; they are read once."""
    if pack.folder not in _known:
        _known[pack.folder] = _learn(pack)
    return _known[pack.folder]


def _learn(pack: Pack) -> Learnt:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    beside: dict[str, frozenset[str]] = defaultdict(frozenset)
    for path in pack.mappings.values():
        mapping = read_mapping(path, pack)
        together = frozenset(event.kind for event in mapping.events)
        for kind in together:
            beside[kind] |= together - {kind}
        for at, column, extra in named_columns(mapping):
            if at[0] == "events" and isinstance(at[1], int) and column not in extra:
                what = at[3] if at[2] == "attributes" else at[2]
                names = {fold(column), *(fold(other) for other in mapping.also.get(column, ()))}
                found[mapping.events[at[1]].kind][str(what)] |= names
    kinds = {kind: {what: frozenset(names) for what, names in told.items()} for kind, told in found.items()}
    tellers: dict[str, int] = defaultdict(int)
    for told in kinds.values():
        for name in frozenset().union(*told.values()):
            tellers[name] += 1
    return Learnt(kinds, tellers, beside)
