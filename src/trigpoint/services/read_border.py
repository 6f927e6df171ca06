"""What a finished run hands to casework: children's faces, involvements, findings, proposals, questions, key changes.

These dataclasses are the whole of what crosses the border into casework. Events do not: casework asks for a child's
timeline when somebody reads it (`read_timeline`). Days are dates, times are wall-clock times without a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from trigpoint.errors import NotFoundError
from trigpoint.rules.reading import read_indicators
from trigpoint.services import border_queries as queries
from trigpoint.services.current import show_current
from trigpoint.services.gather_facts import retold_sql
from trigpoint.services.workspace import Workspace, open_workspace

Row = TypeVar("Row")
AT_ONCE = 20_000  # rows held in memory at a time


@dataclass(frozen=True)
class BorderRun:
    """The run that stands: its number in this partnership, when it was made, and the day it looked up to."""

    partnership: str
    invented: bool
    run_no: int
    at: datetime
    as_at: date
    pack: str
    pack_version: int


@dataclass(frozen=True)
class BorderChild:
    """What the records of one child say of it together. `names` are (agency, given names, surname), the one that most
    records give first; `identifiers` are (scheme, value) with the schemes nhs, upn and the names of sources.
    `home_area` is where the family's home was last known to be, which for a child placed elsewhere is not `area`.
    """

    child_key: str
    names: tuple[tuple[str, str, str], ...]
    identifiers: tuple[tuple[str, str], ...]
    birth_on: date | None
    sex: str | None
    ethnicity: str | None
    disability: str | None
    area: str | None
    home_area: str | None
    postcode: str | None
    easting: int | None
    northing: int | None
    in_care: bool | None
    records: int
    sources: tuple[str, ...]
    agencies: tuple[str, ...]


@dataclass(frozen=True)
class BorderInvolvement:
    """That an agency (the pack's word) holds records or events of a child: the first and the last day, and the areas
    of the partnership that its records name.
    """

    child_key: str
    agency: str
    since: date | None
    last_on: date | None
    areas: tuple[str, ...]


@dataclass(frozen=True)
class BorderCitation:
    """A finding with the sentence as it was said, and the kinds of the events that it stands on."""

    finding_id: str
    child_key: str
    indicator: str
    version: int
    title: str
    theme: str
    sentence: str
    from_on: date
    to_on: date
    agencies: tuple[str, ...]
    sources: tuple[str, ...]
    kinds: tuple[str, ...]
    event_ids: tuple[str, ...]


@dataclass(frozen=True)
class BorderProposal:
    """A marker that findings propose."""

    proposal_id: str
    child_key: str
    form: str
    rule: str
    rule_version: int
    why: str
    what_would_change: str
    online: bool
    overlap_cse: bool
    from_on: date
    to_on: date
    agencies: tuple[str, ...]
    sources: tuple[str, ...]
    finding_ids: tuple[str, ...]


@dataclass(frozen=True)
class BorderNotKnown:
    """An indicator that could not be answered for a child with a proposal; `missing` are kinds that nobody covers."""

    child_key: str
    indicator: str
    version: int
    title: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class BorderQuestion:
    """Two records of which a person has to say whether they are one child."""

    question_id: str
    kind: str
    record_a: str
    record_b: str
    child_a: str
    child_b: str
    reason: str


@dataclass(frozen=True)
class BorderSuccession:
    """That records of the child `old_key` stand under `new_key` since. `gone`: no record is left under the old one."""

    at: datetime
    old_key: str
    new_key: str
    why: str
    gone: bool


@dataclass(frozen=True)
class BorderTelling:
    """What another source tells of a missing episode: its event, the agency, and since when it says so."""

    event_id: str
    agency: str
    opened_at: datetime
    day_only: bool


@dataclass(frozen=True)
class BorderMissing:
    """One missing episode as agencies sent it. Metres are of the national grid.

    `from_easting` and `from_northing` are where the child lived then, or where they were missed if that is not known.
    Where several sources tell of it, this is what they tell together: `event_id` is the telling that is believed, and
    `also` are the others. `interview` is what extracts tell of a return interview within 30 days of this return and
    before the child went missing again: held, declined or offered; `interview_on` when, `interview_agency` which agency
    says so.
    """

    event_id: str
    child_key: str
    agency: str
    opened_at: datetime
    day_only: bool
    risk: str | None
    from_place: str | None
    from_easting: int | None
    from_northing: int | None
    found_at: datetime | None
    found_place: str | None
    found_easting: int | None
    found_northing: int | None
    found_with: str | None
    interview: str | None = None
    interview_on: date | None = None
    interview_agency: str | None = None
    also: tuple[BorderTelling, ...] = ()


class Border:
    """A finished run, open for reading. Each method yields row by row: read one to its end before the next."""

    def __init__(self, workspace: Workspace, run: BorderRun) -> None:
        self.run = run
        self._workspace = workspace
        self._indicators = {one.id: one for one in read_indicators(workspace.partnership.pack)}

    def children(self) -> Iterator[BorderChild]:
        """Every child of the run."""
        return self._rows(queries.CHILDREN, _child)

    def involvements(self) -> Iterator[BorderInvolvement]:
        """Which agency is involved with which child."""
        return self._rows(queries.INVOLVEMENTS, lambda row: BorderInvolvement(**_tuples(row)))

    def citations(self) -> Iterator[BorderCitation]:
        """Every finding that stands."""
        return self._rows(queries.CITATIONS, self._citation)

    def proposals(self) -> Iterator[BorderProposal]:
        """Every proposed marker that stands."""
        return self._rows(queries.PROPOSALS, lambda row: BorderProposal(**_tuples(row)))

    def not_known(self) -> Iterator[BorderNotKnown]:
        """What could not be answered of children with a proposal."""
        return self._rows(queries.NOT_KNOWN, self._not_known)

    def questions(self) -> Iterator[BorderQuestion]:
        """Who-is-who questions that stand."""
        return self._rows(queries.QUESTIONS, lambda row: BorderQuestion(**row))

    def successions(self) -> Iterator[BorderSuccession]:
        """Every change of a child key so far, oldest first."""
        return self._rows(queries.SUCCESSIONS, lambda row: BorderSuccession(**row))

    def missing(self) -> Iterator[BorderMissing]:
        """Every missing episode, once, whoever tells of it."""
        return self._rows(queries.MISSING, _missing)

    def _citation(self, row: dict[str, Any]) -> BorderCitation:
        known = self._indicators.get(row["indicator"])
        words = {"title": known.title, "theme": known.theme} if known else {"title": row["indicator"], "theme": ""}
        return BorderCitation(**_tuples(row), **words)

    def _not_known(self, row: dict[str, Any]) -> BorderNotKnown:
        known = self._indicators.get(row["indicator"])
        return BorderNotKnown(**_tuples(row), title=known.title if known else row["indicator"])

    def _rows(self, query: str, shape: Callable[[dict[str, Any]], Row]) -> Iterator[Row]:
        reader = self._workspace.con.sql(query).to_arrow_reader(AT_ONCE)
        for batch in reader:
            yield from map(shape, batch.to_pylist())


@contextmanager
def read_border(folder: Path) -> Iterator[Border]:
    """Open the last finished run of the partnership in `folder`; nobody writes there while the block runs.

    Raises NotFoundError where no run has finished, SettingsError or StoreError where the folder cannot be read.
    """
    with open_workspace(folder, turn="hand the run to casework") as workspace:
        run = _last_run(workspace)
        show_current(workspace)
        for table in ("links", "children", "findings", "proposals", "unanswered", "questions", "successions"):
            workspace.store.scan(workspace.con, table, name=f"kept_{table}")
        for prepared in queries.PREPARED:
            workspace.con.execute(prepared)
        episodes = retold_sql(workspace, links="kept_links", among="where e.kind = 'missing'")
        workspace.con.execute(f"create or replace temp table border_episodes as {episodes}")
        yield Border(workspace, run)


def _last_run(workspace: Workspace) -> BorderRun:
    runs = [one for one in workspace.store.read("runs").to_pylist() if one["state"] == "done"]
    if not runs:
        raise NotFoundError(
            "No run of this partnership has finished yet.",
            where=str(workspace.partnership.folder),
            mend="Run it first: trigpoint run FOLDER",
        )
    last = max(runs, key=lambda one: one["run_no"])
    kept = {name: last[name] for name in ("run_no", "at", "as_at", "pack", "pack_version")}
    partnership = workspace.partnership
    return BorderRun(partnership=partnership.name, invented=partnership.invented, **kept)


def _child(row: dict[str, Any]) -> BorderChild:
    names = tuple((one["agency"], one["given_names"], one["surname"]) for one in row.pop("names") or ())
    identifiers = tuple((one["scheme"], one["value"]) for one in row.pop("identifiers") or ())
    return BorderChild(names=names, identifiers=identifiers, **_tuples(row))


def _missing(row: dict[str, Any]) -> BorderMissing:
    also = tuple(BorderTelling(**one) for one in row.pop("also"))
    return BorderMissing(also=also, **row)


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
