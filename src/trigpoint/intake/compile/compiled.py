"""A mapping compiled for one extract: the queries that work out its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from trigpoint.intake.compile.happenings import Block, block
from trigpoint.intake.compile.people import Setting, birth_precision, date_slot, person_slots, record_id
from trigpoint.intake.compile.quoting import any_of, digest, name, text
from trigpoint.intake.compile.slots import Slot, Staged
from trigpoint.intake.compile.values import clean, condition, fold, parts
from trigpoint.intake.extract import Extract
from trigpoint.intake.language import Mapping
from trigpoint.terms.pack import Pack

CLEANED = "cleaned"
KNOWN_BY = ("local_id", "given_names", "surname", "nhs_number", "upn")


@dataclass(frozen=True)
class SourceFacts:
    """What the partnership says of the source of an extract."""

    name: str
    agency: str
    feed: str
    learnt_when_unstated: Literal["received", "happened"] = "received"


class Columns:
    """Resolves the mapping's column names to cleaned cells of one extract, noting which are used."""

    def __init__(self, extract: Extract, mapping: Mapping, local: Dict[str, str] | None = None) -> None:
        self._extract, self._mapping, self._local = extract, mapping, local or {}
        self.used: dict[str, str] = {}

    def __call__(self, column: str) -> str:
        """The SQL of the column's cleaned cell; NULL for an optional column that the file lacks."""
        if column in self._local:
            return self._local[column]
        found = self._extract.find(self._mapping, column)
        if found is None:
            return "NULL::VARCHAR"
        return self.used.setdefault(found, name(f"k{len(self.used)}"))

    def cleaned(self) -> list[str]:
        """Select-list entries of the used cells."""
        return [f"{CLEANED}({name(c)}) AS {k}" for c, k in self.used.items()]

    def cleaning(self) -> str:
        """The statement that makes the macro with which the cells of this extract are cleaned.

        A macro is read once. Written out for each cell, what it does would be most of a query that takes longer to
        read than to run over a short extract.
        """
        cell = clean("cell", nulls=self._mapping.nulls, spaces=self._extract.spaces)
        return f"CREATE OR REPLACE TEMP MACRO {CLEANED}(cell) AS {cell}"


NOBODY_MEND = (
    "Fill the person's number or name. Where the file leaves them empty below a child's first row, "
    "name their columns under format.fill_down in the mapping."
)


@dataclass(frozen=True)
class Compiled:
    """What the mapping means over one extract."""

    extract: Extract
    mapping: Mapping
    source: SourceFacts
    received_at: datetime
    columns: Columns
    setting: Setting
    person: tuple[Slot, ...]
    learnt: Slot | None
    blocks: tuple[Block, ...]
    only: str
    key: str | None

    @classmethod
    def of(
        cls, extract: Extract, mapping: Mapping, *, pack: Pack, source: SourceFacts, received_at: datetime
    ) -> Compiled:
        """Compile `mapping` for `extract`."""
        columns = Columns(extract, mapping)
        # A clock that is an hour or a zone off must not refuse what happened today.
        latest = f"TIMESTAMP '{(received_at + timedelta(days=1)).isoformat(sep=' ')}'"
        setting = Setting(columns, pack, mapping.dates, latest, source.name)
        person = _person(mapping, setting)
        learnt = date_slot("learnt", "learnt_at", mapping.learnt_at, setting=setting) if mapping.learnt_at else None
        keys = [columns(column) for column in mapping.key]
        return cls(
            extract=extract, mapping=mapping, source=source, received_at=received_at, columns=columns, setting=setting,
            person=person, learnt=learnt, blocks=_blocks(extract, mapping, setting),
            only=condition(mapping.only, columns) if mapping.only else "true",
            key=_key(source, keys) if keys else None,
        )  # fmt: skip

    @property
    def single(self) -> tuple[Block, ...]:
        """Events that a row gives at most once."""
        return tuple(b for b in self.blocks if not b.event.for_each)

    @property
    def repeated(self) -> tuple[Block, ...]:
        """Events that a row may give several times."""
        return tuple(b for b in self.blocks if b.event.for_each)

    @property
    def received(self) -> str:
        """When the extract was received, as SQL."""
        return f"TIMESTAMP '{self.received_at.isoformat(sep=' ')}'"

    def _cells(self, columns: Columns, where: str) -> str:
        listed = ", ".join(["rid", "_row", "_line", f"{self._row_id()} AS row_id", *columns.cleaned()])
        return f"SELECT {listed} FROM {name(self.extract.table)}{where}"

    def _row_id(self) -> str:
        """The id of a row: what its key is made of, and all that stands in it, whatever the order of its columns."""
        keys = (self.extract.find(self.mapping, column) for column in self.mapping.key)
        whole = [*(c for c in keys if c), *sorted(self.extract.columns, key=fold)]
        return digest(text(self.source.name), text(self.source.feed), *map(name, whole))

    def _staged(self, where: str = "") -> Staged:
        slots = [*self.person, *([self.learnt] if self.learnt else [])]
        early = {"kept_": self.only}
        for found in self.single:
            slots += found.slots.values()
            when = condition(found.event.when, self.columns) if found.event.when else "true"
            early[f"{found.prefix}_when"] = f"({when}) AND ({self.only})"
        early["row_key"] = f"coalesce({self.key}, row_id)" if self.key else "row_id"
        return Staged(clean=self._cells(self.columns, where), slots=slots, flags={}, early=early)

    def wide(self) -> str:
        """One row for each row of the extract: its ids, its person, its single events, whether it is refused."""
        staged = self._staged()
        people = [s for s in self.person if s.name != "nobody"]
        learnt = self.learnt.w if self.learnt else "NULL::TIMESTAMP"
        flags = {
            "record_id": f"CASE WHEN kept_ THEN {record_id(people, self.setting)} END" if people else "NULL::VARCHAR",
            "birth_precision": self._precision(people),
            "learnt_own": f"{learnt} IS NOT NULL",
            "learnt_at": self._learnt_at(learnt),
            **{f"{b.prefix}_on": f"{name(b.prefix + '_when')} AND {b.w('at')} IS NOT NULL" for b in self.single},
        }
        inner = replace(staged, flags=flags).kept(["rid", "_row", "_line", "row_key", "row_id"])
        return f"SELECT *, NOT refused AS fresh, false AS repeated, false AS corrected FROM ({inner})"

    def _precision(self, people: list[Slot]) -> str:
        return birth_precision(self.mapping.person, people, self.setting) if self.mapping.person else "NULL::VARCHAR"

    def _learnt_at(self, own: str) -> str:
        if self.source.learnt_when_unstated == "received":
            return f"coalesce({own}, {self.received})"
        dates = [f"CASE WHEN {name(b.prefix + '_when')} THEN {b.w('at')} END" for b in self.single]
        return f"coalesce({own}, least({', '.join([self.received, *dates])}))"

    def wide_said(self, wide: str) -> str:
        """What is said of the rows that have faults."""
        return self._staged(f" WHERE rid IN (SELECT rid FROM {name(wide)} WHERE faulty)").said()

    def _each_staged(self, found: Block, where: str = "") -> Staged:
        each = found.event.for_each
        if each is None:
            raise ValueError("this event is not repeated")
        outer = Columns(self.extract, self.mapping)
        # The block was compiled with its own columns: the same names must give the same cells here.
        outer.used.update(found.columns)
        listed = parts(each, outer)
        when = (
            condition(found.event.when, _local(self.extract, self.mapping, found, outer))
            if found.event.when
            else "true"
        )
        only = condition(self.mapping.only, outer) if self.mapping.only else "true"
        cells = self._cells(outer, where)
        unnested = (
            "SELECT * EXCLUDE (list_), unnest(list_) AS each_, unnest(range(1, len(list_) + 1)) AS n_ "
            f"FROM (SELECT *, {listed} AS list_ FROM ({cells}) WHERE {only})"
        )
        return Staged(
            clean=unnested, slots=list(found.slots.values()), early={f"{found.prefix}_when": when},
            flags={f"{found.prefix}_on": f"{name(found.prefix + '_when')} AND {found.w('at')} IS NOT NULL"},
        )  # fmt: skip

    def each(self, found: Block) -> str:
        """One row for each thing that `found` repeats over."""
        return self._each_staged(found).kept(["rid", "n_"])

    def each_said(self, found: Block, each: str) -> str:
        """What is said of the repeated things that have faults."""
        return self._each_staged(found, f" WHERE rid IN (SELECT rid FROM {name(each)} WHERE faulty)").said()


def _local(extract: Extract, mapping: Mapping, found: Block, outer: Columns) -> Columns:
    names = found.event.for_each.names if found.event.for_each else ()
    inner = Columns(extract, mapping, {n: f"each_.{name(n)}" for n in names})
    inner.used = outer.used
    return inner


def _blocks(extract: Extract, mapping: Mapping, setting: Setting) -> tuple[Block, ...]:
    seen: Counter[str] = Counter()
    found = []
    for i, event in enumerate(mapping.events):
        own = setting
        used: dict[str, str] = {}
        if event.for_each:
            local = Columns(extract, mapping, {n: f"each_.{name(n)}" for n in event.for_each.names})
            own, used = replace(setting, cells=local), local.used
        made = block(event, i, ordinal=seen[event.kind], setting=own)
        found.append(replace(made, columns=used))
        seen[event.kind] += 1
    return tuple(found)


def _person(mapping: Mapping, setting: Setting) -> tuple[Slot, ...]:
    if mapping.person is None:
        return ()
    slots = person_slots(mapping.person, setting)
    known = [s for s in slots if s.name in KNOWN_BY]
    nobody = Slot(
        name="nobody", label="person", columns=", ".join(s.columns for s in known),
        raw=f"coalesce({', '.join(s.raw for s in known)}, NULL)",
        out="NULL::VARCHAR", final=f"CASE WHEN {any_of(f'{s.v} IS NOT NULL' for s in known)} THEN 'known' END",
        needed=True, required=True, reason="'nothing that is left says whom the row is about'",
        empty_reason="the row does not say whom it is about", mend=NOBODY_MEND,
    )  # fmt: skip
    return tuple(replace(s, active="kept_") for s in (*slots, nobody))


def _key(source: SourceFacts, keys: list[str]) -> str:
    """The row's key; NULL where all its cells are empty, or every row without a number would be one row."""
    some = f"coalesce({', '.join(keys)}, NULL) IS NOT NULL"
    return f"CASE WHEN {some} THEN {digest(text(source.name), text(source.feed), *keys)} END"
