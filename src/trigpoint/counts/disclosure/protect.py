"""The one gate by which a count leaves: small numbers hidden, totals rounded, the whole attacked before it goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from trigpoint.counts.dimensions import FRAME, OVERLAPPING
from trigpoint.counts.disclosure.family import Family, family
from trigpoint.counts.disclosure.rule import CONFIDENTIAL, DFE, NOT_AVAILABLE, ROUNDS_TO_NOUGHT, Rule
from trigpoint.counts.disclosure.suppress import Pattern, knowledge, pattern

PUBLISHED: Final = pa.schema(
    [*(field for field in FRAME if field.name != "count"), ("shown", pa.string()), ("why", pa.string())]
)
"""A table as published: FRAME without the count, `shown` (a number or a symbol of `rule.SYMBOLS`) and `why` it is
not the count itself ('rounded', 'hidden', 'withheld'; null where it is). `why` does not tell small from other."""


@dataclass(frozen=True)
class Note:
    """What was done, for the foot of the tables: the rule and numbers of distinct cells."""

    rule: Rule
    cells: int
    small: int
    also_hidden: int
    withheld: int
    rounded: int
    rounds: int

    def __str__(self) -> str:
        parts = [
            f"Rule {self.rule.name}: counts of {self.rule.hide_from} to {self.rule.hide_to} are hidden "
            f"({self.small} of {self.cells} cells)",
            f"{self.also_hidden} more are hidden so that none can be worked out by subtraction",
        ]
        if self.rule.round_totals_to:
            parts.append(f"totals are rounded to the nearest {self.rule.round_totals_to}")
        if self.withheld:
            parts.append(f"{self.withheld} are withheld with their noughts, which would have told too much")
        return "; ".join(parts) + "."


@dataclass(frozen=True)
class Published:
    """Tables fit to leave (each in PUBLISHED), the hidden cells alone (without counts), and what was done."""

    tables: dict[str, pa.Table]
    hidden: pa.Table
    note: Note


def protect(
    frames: pa.Table | Mapping[str, pa.Table], rule: Rule = DFE, *, overlapping: Collection[str] = OVERLAPPING
) -> Published:
    """Protect one table, or several that are published together, so that no hidden count can be worked out.

    `frames` are counted tables (`dimensions.FRAME`) with their totals; a margin that stands in several is treated
    the same in all of them. Counts that `rule` calls small become `c`; further cells are hidden by integer
    programming until, for each hidden cell, at least `rule.width + 1` whole numbers agree with all that is shown;
    margins are rounded; nought is shown, but where noughts tell too much their line is withheld
    (`:`). Tables that leave at other times are not looked at.

    Rule: Department for Education, Children in need: methodology, "Confidentiality" (see `rule.DFE.source`).
    Method: cell suppression by cutting planes, Fischetti and Salazar-Gonzalez, Management Science 47 (2001).
    Raises CountsError where frames contradict one another.
    """
    named = {frames["table"][0].as_py(): frames} if isinstance(frames, pa.Table) else dict(frames)
    named = {name: frame for name, frame in named.items() if len(frame)}
    bound = family(named, overlapping=overlapping)
    chosen = pattern(bound, rule)
    shown, why = _shown(bound, rule, chosen=chosen)
    tables = {name: _published(frame, shown=shown, why=why, at=bound.places[name]) for name, frame in named.items()}
    hidden = [table.filter(pa.compute.is_in(table["why"], _GONE)) for table in tables.values()]
    return Published(
        tables, pa.concat_tables(hidden) if hidden else PUBLISHED.empty_table(), _note(bound, rule, chosen=chosen)
    )


_GONE = pa.array(["hidden", "withheld"])


def _shown(bound: Family, rule: Rule, *, chosen: Pattern) -> tuple[list[str], list[str | None]]:
    known = knowledge(bound, rule, hidden=chosen.hidden, withheld=chosen.withheld)
    shown: list[str] = []
    why: list[str | None] = []
    for cell, count in enumerate(bound.values.tolist()):
        if chosen.hidden[cell] or chosen.withheld[cell]:
            shown.append(NOT_AVAILABLE if chosen.withheld[cell] else CONFIDENTIAL)
            why.append("withheld" if chosen.withheld[cell] else "hidden")
        elif known.low[cell] < known.high[cell]:
            shown.append(str(rule.rounded(count) or ROUNDS_TO_NOUGHT))
            why.append("rounded")
        else:
            shown.append(str(count))
            why.append(None)
    return shown, why


def _published(frame: pa.Table, *, shown: list[str], why: list[str | None], at: np.ndarray) -> pa.Table:
    columns = [frame[name] for name in FRAME.names if name != "count"]
    columns.append(pa.array([shown[cell] for cell in at], pa.string()))
    columns.append(pa.array([why[cell] for cell in at], pa.string()))
    return pa.Table.from_arrays(columns, schema=PUBLISHED)


def _note(bound: Family, rule: Rule, *, chosen: Pattern) -> Note:
    small = (bound.values >= rule.hide_from) & (bound.values <= rule.hide_to) & chosen.hidden
    gone = chosen.hidden | chosen.withheld
    rounded = bound.totals & ~gone & (bound.values > 0) & (rule.round_totals_to is not None)
    return Note(
        rule=rule,
        cells=len(bound.values),
        small=int(small.sum()),
        also_hidden=int((chosen.hidden & ~small).sum()),
        withheld=int(chosen.withheld.sum()),
        rounded=int(rounded.sum()),
        rounds=chosen.rounds,
    )
