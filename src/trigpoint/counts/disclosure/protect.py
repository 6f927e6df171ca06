"""The one gate by which a count leaves: small numbers hidden, totals rounded, the whole attacked before it goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from trigpoint.counts.dimensions import FRAME, OVERLAPPING
from trigpoint.counts.disclosure.earlier import KEPT, Before, Earlier, join_before
from trigpoint.counts.disclosure.family import FLAT, Family, Hierarchies, family
from trigpoint.counts.disclosure.hiding.attack import Attack
from trigpoint.counts.disclosure.hiding.problem import FAR, Flags, Floats, Pattern, Problem
from trigpoint.counts.disclosure.hiding.search import EFFORT, search
from trigpoint.counts.disclosure.knowledge import problem, rounded, small
from trigpoint.counts.disclosure.rule import CONFIDENTIAL, DFE, NOT_AVAILABLE, ROUNDS_TO_NOUGHT, Rule
from trigpoint.counts.disclosure.said import Loss, Note, say_table

PUBLISHED: Final = pa.schema(
    [*(field for field in FRAME if field.name != "count"), ("shown", pa.string()), ("why", pa.string())]
)
"""A table as published: FRAME without the count, `shown` (a number or a symbol of `rule.SYMBOLS`) and `why` it is
not the count itself ('rounded', 'hidden', 'withheld'; null where it is). `why` does not tell small from other."""


@dataclass(frozen=True)
class Published:
    """Tables fit to leave (each in PUBLISHED), the hidden cells alone (without counts), and what was done.

    `done` says in a sentence what was done to each table. `kept` is what the partnership keeps, and nobody else, to
    compare the next release with (each table in `earlier.KEPT`: it holds the counts).
    """

    tables: dict[str, pa.Table]
    hidden: pa.Table
    note: Note
    done: dict[str, str] = field(default_factory=dict)
    kept: dict[str, pa.Table] = field(default_factory=dict)


def protect(
    frames: pa.Table | Mapping[str, pa.Table],
    rule: Rule = DFE,
    *,
    overlapping: Collection[str] = OVERLAPPING,
    hierarchies: Hierarchies = FLAT,
    earlier: Sequence[Earlier] = (),
    effort: int = EFFORT,
) -> Published:
    """Protect one table, or several that are published together, so that no hidden count can be worked out.

    `frames` are counted tables (`dimensions.FRAME`) with their totals; a margin that stands in several is treated
    the same in all of them. Counts that `rule` calls small become `c`; further cells are hidden by integer
    programming until, for each hidden cell, at least `rule.width + 1` whole numbers agree with all that is shown;
    margins are rounded; nought is shown, but where noughts tell too much their line is withheld (`:`).
    `hierarchies` says which values are groups of others. What was published before over nearly the same children
    (`earlier`) is joined in: neither its hidden cells nor a small change since can be worked out. After `effort` (work
    of the solver, not time) the search for the fewest is broken off; what then leaves has been attacked all the same,
    and the note says so. The same tables are protected in the same way on any machine.

    Rule: Department for Education, Children in need: methodology, "Confidentiality" (see `rule.DFE.source`).
    Method: cell suppression by cutting planes, Fischetti and Salazar-Gonzalez, Management Science 47 (2001).
    Raises CountsError where frames contradict one another.
    """
    named = {frames["table"][0].as_py(): frames} if isinstance(frames, pa.Table) else dict(frames)
    named = {name: frame for name, frame in named.items() if len(frame)}
    bound = family(named, overlapping=overlapping, hierarchies=hierarchies)
    before = join_before(bound, earlier, overlapping=overlapping, hierarchies=hierarchies)
    asked, open_before = _what_can_be_kept(problem(bound, rule, before=before), any_before=bool(before))
    chosen = search(asked, effort=effort, first=_as_before(bound, before))
    shown, why = _shown(bound, rule, asked=asked, chosen=chosen)
    note = _note(bound, rule, chosen=chosen)
    note = replace(note, compared_with=tuple(one.name for one in before), open_before=open_before)
    return publish(named, bound, shown=shown, why=why, told=asked.known(chosen.hidden, chosen.withheld), note=note)


def _what_can_be_kept(asked: Problem, *, any_before: bool) -> tuple[Problem, int]:
    """The problem without what earlier releases tell already, whatever is withheld now; how many secrets that are.

    What is out cannot be hidden again: such a cell is shown, unless it is small.
    """
    if not any_before:
        return asked, 0
    nothing = np.zeros(len(asked.values), dtype=np.bool_)
    out = nothing.copy()
    out[[lies.cell for lies in Attack(asked).exposed(nothing, asked.may_withhold)]] = True
    kept = replace(asked, out=out, may=asked.may & (~out | asked.must))
    return kept, int((out & asked.always).sum())


def _as_before(bound: Family, before: Sequence[Before]) -> tuple[Flags, Flags] | None:
    """What was hidden and withheld when the same data were published: the same data are best shown in the same way."""
    for one in before:
        if one.same_data:
            shown = np.full(len(bound.values), "", dtype=object)
            shown[one.now] = one.shown[one.then]
            return shown == CONFIDENTIAL, shown == NOT_AVAILABLE
    return None


def _shown(bound: Family, rule: Rule, *, asked: Problem, chosen: Pattern) -> tuple[list[str], list[str | None]]:
    shown: list[str] = []
    why: list[str | None] = []
    for cell, count in enumerate(bound.values.tolist()):
        if chosen.hidden[cell] or chosen.withheld[cell]:
            shown.append(NOT_AVAILABLE if chosen.withheld[cell] else CONFIDENTIAL)
            why.append("withheld" if chosen.withheld[cell] else "hidden")
        elif asked.shown[0][cell] < asked.shown[1][cell]:
            shown.append(str(rule.rounded(count) or ROUNDS_TO_NOUGHT))
            why.append("rounded")
        else:
            shown.append(str(count))
            why.append(None)
    return shown, why


def publish(
    named: Mapping[str, pa.Table], bound: Family, *, shown: list[str], why: list[str | None],
    told: tuple[np.ndarray, np.ndarray], note: Note,
) -> Published:  # fmt: skip
    """The tables with what is shown of each cell and why, what was `told` of it, and sentences on what was done."""
    words, reasons = np.array(shown, dtype=object), np.array(why, dtype=object)
    tables, kept, done = {}, {}, {}
    for name, frame in named.items():
        at = bound.places[name]
        tables[name] = _table(frame, PUBLISHED, [words[at], reasons[at]])
        kept[name] = _table(
            frame, KEPT, [words[at], told[0][at], _or_none(told[1][at], bound.values[at].astype(float))], count=True
        )
        done[name] = say_table(note, why=reasons[at].tolist())
    hidden = [table.filter(pa.compute.is_in(table["why"], _GONE)) for table in tables.values()]
    return Published(tables, pa.concat_tables(hidden) if hidden else PUBLISHED.empty_table(), note, done, kept)


_GONE = pa.array(["hidden", "withheld"])


def _table(frame: pa.Table, schema: pa.Schema, more: Sequence[Any], *, count: bool = False) -> pa.Table:
    columns = [frame[name] for name in FRAME.names if count or name != "count"]
    fresh = [
        pa.array(list(values), field.type) for values, field in zip(more, list(schema)[len(columns) :], strict=True)
    ]
    return pa.Table.from_arrays([*columns, *fresh], schema=schema)


def _or_none(high: Floats, values: Floats) -> list[float | None]:
    """An upper bound that is the search's own cap is none."""
    return [None if most >= value + FAR else most for most, value in zip(high.tolist(), values.tolist(), strict=True)]


def _note(bound: Family, rule: Rule, *, chosen: Pattern) -> Note:
    size = len(bound.values)
    hidden, withheld = chosen.hidden[:size], chosen.withheld[:size]
    confidential = small(bound.values.astype(float), rule) & hidden
    return Note(
        rule=rule,
        cells=size,
        small=int(confidential.sum()),
        also_hidden=int((hidden & ~confidential).sum()),
        withheld=int(withheld.sum()),
        rounded=int((rounded(bound, rule) & ~hidden & ~withheld).sum()),
        rounds=chosen.rounds,
        least=chosen.least,
        loss=_loss(bound, rule, gone=hidden | withheld),
    )


def _loss(bound: Family, rule: Rule, *, gone: Flags) -> Loss:
    """What the tables lose: cells that are not there, the children counted in them, and the error of the rounded."""
    inner = ~bound.totals
    is_rounded = rounded(bound, rule) & ~gone
    errors = np.array([abs(rule.rounded(int(v)) - v) for v in bound.values[is_rounded].tolist()], dtype=float)
    return Loss(
        cells_gone=int(gone.sum()),
        cells=len(gone),
        counted_gone=int(bound.values[gone & inner].sum()),
        counted=int(bound.values[inner].sum()),
        mean_rounding=float(errors.mean()) if len(errors) else 0.0,
    )
