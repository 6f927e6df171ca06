"""What the partnership keeps of its releases: each with its steps, and the counts that the next is compared with.

Steps are rows that are never edited. Where a release stands follows from them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal
from unicodedata import category, combining, normalize

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.counts import Earlier
from trigpoint.errors import NotFoundError, ReleaseError, nearest
from trigpoint.records.tables import FIXED
from trigpoint.services.release_chain import append_step
from trigpoint.services.workspace import Workspace

Step = Literal["requested", "agreed", "refused", "published", "withdrawn"]
FOLDER: Final = "releases"
CHECKERS: Final = 2


@dataclass(frozen=True)
class Taken:
    """One step: what somebody did, when, and what they said."""

    step: Step
    by: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Release:
    """A release as it stands. `data` names the facts that it was counted from; `seal` is its manifest's SHA-256."""

    name: str
    title: str
    from_on: date
    as_at: date
    data: str
    compared: tuple[str, ...]
    seal: str
    note: str
    steps: tuple[Taken, ...]

    def taken(self, step: Step) -> list[Taken]:
        """The steps of one kind, in order."""
        return [one for one in self.steps if one.step == step]

    @property
    def requested_by(self) -> str:
        """Who asked for it."""
        return self.taken("requested")[0].by

    @property
    def checkers(self) -> list[str]:
        """The different people who agreed, the one who asked for it left out."""
        found: list[str] = []
        for step in self.taken("agreed"):
            if not any(same_person(step.by, other) for other in (self.requested_by, *found)):
                found.append(step.by)
        return found

    @property
    def was_published(self) -> bool:
        """Whether it was ever out: what was out stays known, also when it is withdrawn."""
        return bool(self.taken("published"))

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if self.taken("withdrawn"):
            return "withdrawn after it was published" if self.was_published else "withdrawn before it was published"
        if self.was_published:
            return "published"
        if self.taken("refused"):
            return "refused by a checker"
        agreed = len(self.checkers)
        return f"agreed by {agreed} of {CHECKERS} checkers" if agreed else "waits for its checkers"


def all_releases(workspace: Workspace) -> list[Release]:
    """Every release, the earliest first."""
    steps: dict[str, list[Taken]] = {}
    rows = workspace.store.read("release_steps").to_pylist()
    for row in sorted(rows, key=lambda row: row["number"] or 0):
        steps.setdefault(row["release"], []).append(Taken(row["step"], row["by"], row["at"], row["note"]))
    kept = sorted(workspace.store.read("releases").to_pylist(), key=lambda row: number_of(row["release"]))
    return [_release(row, steps.get(row["release"], [])) for row in kept]


def the_release(workspace: Workspace, name: str) -> Release:
    """The release of that name. Raises NotFoundError with the nearest name."""
    there = {one.name: one for one in all_releases(workspace)}
    if name not in there:
        near = nearest(name, list(there))
        hint = f"Did you mean '{near}'?" if near else "trigpoint release list FOLDER shows them."
        raise NotFoundError(f"There is no release '{name}'.", mend=hint)
    return there[name]


def number_of(name: str) -> int:
    """The number in a release's name."""
    return int(name.removeprefix("R"))


def folder_of(workspace: Workspace, release: Release | str, *, published: bool) -> Path:
    """Where the files of a release lie: a draft says in its name that it is one."""
    name = release if isinstance(release, str) else release.name
    return workspace.partnership.folder / FOLDER / (name if published else f"{name}-draft-not-published")


def take_step(workspace: Workspace, name: str, step: Step, *, by: str, note: str) -> None:
    """Add a step to the ledger. Raises ReleaseError where the steps before it are not as they were written."""
    append_step(
        workspace, {"release": name, "step": step, "by": by.strip(), "at": datetime.now(), "note": note.strip()}
    )


def named(by: str) -> str:
    """The name of a person, as it is kept. Raises ReleaseError where it holds no letter or digit."""
    if not _words_of(by):
        raise ReleaseError("Every step of a release needs the name of who takes it.", mend="Give --by NAME.")
    return " ".join(by.split())


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, as far as names tell: case, spaces, accents, marks and order aside."""
    return _words_of(one) == _words_of(other)


def _words_of(name: str) -> list[str]:
    letters = (sign for sign in normalize("NFKD", name) if not combining(sign) and category(sign) != "Cf")
    plain = "".join(letters).casefold().replace("'", "").replace("\u2019", "")
    return sorted(re.findall(r"[^\W_]+", plain))


def published_before(workspace: Workspace, *, as_at: date, from_on: date | None = None) -> list[Release]:
    """The releases that were ever published over a time that overlaps with `from_on` (the partnership's if not said)
    to `as_at`."""
    since = from_on or workspace.partnership.period.from_on
    return [one for one in all_releases(workspace) if one.was_published and one.from_on <= as_at and since <= one.as_at]


def as_earlier(
    workspace: Workspace, releases: Sequence[Release], *, now: Mapping[str, pa.Table] | None = None
) -> list[Earlier]:
    """What was published, with the counts behind it, for the gate to join in. `now` are the counted tables of now:
    where every table in common holds the same counts, a reader is taken to know that nothing changed."""
    cells = workspace.store.read("release_cells")
    kept = {one.name: _tables(cells, one.name) for one in releases}
    return [Earlier(name, tables, same_data=_same(tables, now or {})) for name, tables in kept.items()]


def _same(then: Mapping[str, pa.Table], now: Mapping[str, pa.Table]) -> bool:
    common = set(then) & set(now)
    return bool(common) and all(_counts(then[name]) == _counts(now[name]) for name in common)


def _counts(table: pa.Table) -> dict[tuple[Any, ...], int]:
    columns = [table[name].to_pylist() for name in ("row_value", "column_value", "layer_value", "count")]
    return {tuple(at): count for *at, count in zip(*columns, strict=True)}


def kept_cells(name: str, kept: dict[str, pa.Table]) -> pa.Table:
    """The counts of a release as the ledger keeps them."""
    schema = FIXED["release_cells"]
    tables = [_under(table, table_name, name, schema) for table_name, table in kept.items()]
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _under(table: pa.Table, table_name: str, release: str, schema: pa.Schema) -> pa.Table:
    names = pa.array([table_name] * len(table), pa.string())
    columns: dict[str, Any] = {name: table[name] for name in schema.names if name not in ("release", "table")}
    columns |= {"release": pa.array([release] * len(table), pa.string()), "table": names}
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def _tables(cells: pa.Table, release: str) -> dict[str, pa.Table]:
    mine = cells.filter(pc.equal(cells["release"], release)).drop_columns(["release"])
    names = list(dict.fromkeys(mine["table"].to_pylist()))
    return {name: mine.filter(pc.equal(mine["table"], name)) for name in names}


def _release(row: dict[str, Any], steps: list[Taken]) -> Release:
    return Release(
        row["release"], row["title"], row["from_on"], row["as_at"], row["data"], tuple(row["compared"]), row["seal"],
        row["note"], tuple(steps),
    )  # fmt: skip
