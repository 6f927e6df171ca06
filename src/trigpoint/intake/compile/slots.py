"""A slot: one value of the result, from the text in its cells to the typed value, and what is said when it cannot be.

All slots of a row are worked out together in four stages of one query, so that no expression is computed twice:
cells cleaned → texts (`r_`) → values (`v_`) → values that fit with one another (`w_`) → faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from trigpoint.intake.compile.quoting import any_of, name, text

CODE_MEND = "Add the code to the mapping's code table, or ask the agency what it means."


@dataclass(frozen=True)
class Slot:
    """One value. `raw`, `out` and `final` are SQL, each over the stage before it: cells, r_ columns, v_ columns."""

    name: str
    label: str
    columns: str
    raw: str
    out: str = ""
    final: str = ""
    bad: str = ""
    reason: str = "'this cannot be'"
    mend: str = "Correct the cell."
    required: bool = False
    needed: bool = False
    quiet: bool = False
    active: str = "true"
    empty_reason: str = ""

    @property
    def r(self) -> str:
        """The column of the text."""
        return name(f"r_{self.name}")

    @property
    def v(self) -> str:
        """The column of the value before it is held against the others."""
        return name(f"v_{self.name}")

    @property
    def w(self) -> str:
        """The column of the value that stays."""
        return name(f"w_{self.name}")

    @property
    def fault(self) -> str:
        """True where something must be said of this slot."""
        bad = self.bad or f"{self.r} IS NOT NULL AND {self.w} IS NULL"
        tests = [] if self.quiet and not self.required else [bad]
        if self.needed:
            tests.append(f"{self.r} IS NULL")
        return f"{self.active} AND ({any_of(tests)})"

    @property
    def refuses(self) -> bool:
        """Whether a fault here refuses the row."""
        return self.required or self.needed

    def struct(self) -> str:
        """What is said of the fault, as an SQL struct."""
        empty = text(self.empty_reason or f"{self.label} is needed and the cell is empty")
        said = f"CASE WHEN {self.r} IS NULL THEN {empty} ELSE {text(self.label + ': ')} || {self.reason} END"
        scope = "row" if self.refuses else "value"
        return (
            f"{{'column': {text(self.columns)}, 'scope': '{scope}', 'value_kept': {self.r}, "
            f"'reason': {said}, 'mend': {text(self.mend)}}}"
        )


@dataclass(frozen=True)
class Staged:
    """One relation to work out: where its cleaned rows come from, its slots, and what else to carry along."""

    clean: str
    slots: Sequence[Slot]
    flags: dict[str, str] = field(default_factory=dict)
    early: dict[str, str] = field(default_factory=dict)

    def values(self) -> str:
        """A query with every stage up to the `w_` columns."""
        raws, outs, _ = self._once
        early = [f"{sql} AS {name(n)}" for n, sql in self.early.items()]
        finals = [f"{self._shared(s.final or s.v)} AS {s.w}" for s in self.slots]
        stages = [self.clean]
        for columns in (
            [f"{sql} AS {r}" for sql, r in raws.items()] + early,
            [f"{sql} AS {v}" for sql, v in outs.items()],
            finals,
        ):
            stages.append(f"SELECT *{''.join(', ' + c for c in columns)} FROM ({stages[-1]})")
        return stages[-1]

    @cached_property
    def _once(self) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Texts and values by their SQL, each worked out once, and the columns that stand for others."""
        raws: dict[str, str] = {}
        outs: dict[str, str] = {}
        stands: dict[str, str] = {}
        for slot in self.slots:
            stands[slot.r] = raws.setdefault(slot.raw, slot.r)
            out = (slot.out or slot.r).replace(slot.r, stands[slot.r])
            stands[slot.v] = outs.setdefault(out, slot.v)
        return raws, outs, {old: new for old, new in stands.items() if old != new}

    def _shared(self, sql: str) -> str:
        """`sql` over the columns that are there. Names stand in quotes, so none is a part of another."""
        for old, new in self._once[2].items():
            sql = sql.replace(old, new)
        return sql

    def kept(self, carried: Iterable[str]) -> str:
        """The rows with their `w_` columns, `refused` and `faulty`."""
        flags = [f"({self._shared(sql)}) AS {name(n)}" for n, sql in self.flags.items()]
        refusing = self._shared(any_of(s.fault for s in self.slots if s.refuses))
        other = self._shared(any_of(s.fault for s in self.slots if not s.refuses))
        columns = [*carried, *(s.w for s in self.slots), *flags]
        inner = f"SELECT *, ({refusing}) AS refused_, ({other}) AS remarked_ FROM ({self.values()})"
        return f"SELECT {', '.join(columns)}, refused_ AS refused, refused_ OR remarked_ AS faulty FROM ({inner})"

    def said(self) -> str:
        """One row for each fault: rid, row, line and what is said."""
        structs = [self._shared(f"CASE WHEN {s.fault} THEN {s.struct()} END") for s in self.slots]
        if not structs:
            structs = ["NULL"]
        listed = f"SELECT rid, _row, _line, unnest([{', '.join(structs)}]) AS f FROM ({self.values()})"
        return (
            'SELECT rid, _row AS "row", _line AS line, f."column" AS "column", f.scope AS scope, '
            f"f.value_kept AS value_kept, f.reason AS reason, f.mend AS mend FROM ({listed}) WHERE f IS NOT NULL"
        )
