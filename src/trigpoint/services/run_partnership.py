"""One run: load what is new, link it, mark the children it concerns, count, and write the report."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from time import monotonic

import pyarrow as pa

from trigpoint.records.tables import FIXED
from trigpoint.services.count_children import count_children
from trigpoint.services.current import show_current
from trigpoint.services.describe_children import describe_children, keep_children
from trigpoint.services.doubt_links import doubt_links
from trigpoint.services.fingerprint_terms import fingerprint_terms, same_meaning
from trigpoint.services.index_children import index_children, index_is_there
from trigpoint.services.link_records import link_records, touched_children
from trigpoint.services.load_extracts import Totals, load_extracts
from trigpoint.services.mark_children import mark_children
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.workspace import Workspace, open_workspace
from trigpoint.services.write_report import write_report

DONE = "done"
COMMITS_KEPT = 60  # whole states of the store that can still be read; a run makes about ten


@dataclass(frozen=True)
class RunSummary:
    """What a run did, for a person: totals by source, lines in plain words, proposed markers by form."""

    as_at: date
    loads: list[Totals]
    lines: list[str]
    proposals: list[tuple[str, int]]
    report: Path


@dataclass
class _Clock:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        began = monotonic()
        yield
        self.seconds[stage] = round(monotonic() - began, 2)


def run_partnership(
    folder: Path,
    *,
    report: Path,
    as_at: date | None = None,
    retrain: bool = False,
    progress: Progress = SILENT,
) -> RunSummary:
    """Run the partnership in `folder` and write its report to `report`.

    Looks no further than `as_at` (the end of the settings' period, but not beyond today, if not said). A run that
    differs from the last one only in new rows works out again only what these concern, with the same result.
    Every stage is kept when it is done: a run that breaks off is taken up by the next.
    """
    clock = _Clock()
    with open_workspace(folder, turn="run") as workspace:
        day = as_at or min(workspace.partnership.period.to_on or date.max, date.today())
        with clock.timing("load"):
            loads = load_extracts(workspace, progress=progress)
        last = _last_run(workspace)
        terms = fingerprint_terms(workspace.partnership, day=day, last=last.terms if last else None)
        show_current(workspace)
        with clock.timing("link"):
            linked = link_records(workspace, since=last.seq if last else None, retrain=retrain, progress=progress)
            doubt_links(workspace, progress=progress)
            if linked or not index_is_there(workspace):
                index_children(workspace, progress=progress)
            workspace.store.scan(workspace.con, "links")
            changed = _changed(workspace, last, terms, linked_keys=linked.changed_keys.to_pylist() if linked else [])
            describe_children(workspace, as_at=day, changed=changed)
        with clock.timing("mark"):
            if changed is None or changed:
                mark_children(workspace, as_at=day, changed=changed, progress=progress)
                keep_children(workspace, changed=changed)
        with clock.timing("count"):
            published = count_children(workspace, as_at=day, progress=progress)
        with clock.timing("report"):
            progress.stage("Writing the report")
            write_report(workspace, report, as_at=day, published=published)
        _keep_run(workspace, day=day, terms=terms, seconds=clock.seconds)
        workspace.store.compact()
        workspace.store.expire(keep=COMMITS_KEPT)
        return RunSummary(day, loads, _lines(workspace), _by_form(workspace), report)


@dataclass(frozen=True)
class _Last:
    """The last finished run: the extracts it had seen, and the fingerprint of all that it went by."""

    run_no: int
    seq: int
    terms: str


def _last_run(workspace: Workspace) -> _Last | None:
    """The last run, if it finished and nothing was deleted since."""
    runs = workspace.store.read("runs", columns=["run_no", "at", "seq", "terms", "state"]).to_pylist()
    latest = max(runs, key=lambda run: run["at"], default=None)
    if latest is None or latest["state"] != DONE:
        return None
    return _Last(latest["run_no"], latest["seq"], latest["terms"])


def _changed(
    workspace: Workspace, last: _Last | None, terms: str, *, linked_keys: Collection[str]
) -> Collection[str] | None:
    """The children whose records or rows are not those of the last run; None where everybody has to be marked."""
    if last is None or not same_meaning(last.terms, terms):
        return None
    return {*linked_keys, *touched_children(workspace, last.seq)}


def _keep_run(workspace: Workspace, *, day: date, terms: str, seconds: dict[str, float]) -> None:
    store, pack = workspace.store, workspace.partnership.pack
    seqs = store.read("extracts", columns=["seq"])["seq"].to_pylist()
    numbers = store.read("runs", columns=["run_no"])["run_no"].to_pylist()
    row = {
        "run_no": max(numbers, default=0) + 1,
        "at": datetime.now(),
        "as_at": day,
        "seq": max(seqs, default=0),
        "terms": terms,
        "pack": pack.name,
        "pack_version": pack.version,
        **{name: store.count(name) for name in ("children", "events", "findings", "proposals")},
        "records": store.count("links"),
        "seconds": json.dumps(seconds),
        "state": DONE,
    }
    with store.write("note the finished run") as tx:
        tx.append("runs", pa.Table.from_pylist([row], schema=FIXED["runs"]))


def _lines(workspace: Workspace) -> list[str]:
    """The summary in plain words."""
    store, con = workspace.store, workspace.con
    for table in ("findings", "proposals", "questions"):
        store.scan(con, table)
    [row] = con.execute("""
        select (select count(*) from children), (select count(*) from links),
            (select count(*) from children where len(agencies) > 1),
            (select count(distinct child_key) from findings), (select count(*) from findings),
            (select count(distinct child_key) from proposals), (select count(*) from questions),
            (select count(distinct child_key) from proposals where overlap_cse)""").fetchall()  # fmt: skip
    children, records, several, found, findings, proposed, questions, overlap = row
    return [
        f"{plural(children, 'child', 'children')}, each once, from {plural(records, 'record')}; "
        f"{plural(several, 'child', 'children')} known to more than one agency.",
        f"{plural(found, 'child', 'children')} with {plural(findings, 'finding')}, each with the events it stands on.",
        f"{plural(proposed, 'child', 'children')} with a proposed marker, for a person to decide"
        + (f"; for {overlap:,} of them sexual exploitation is named too." if overlap else "."),
        f"{plural(questions, 'question')} about who is who, for a person to answer.",
    ]


def _by_form(workspace: Workspace) -> list[tuple[str, int]]:
    rows = workspace.con.execute("""
        select form, count(distinct child_key) as children from proposals group by form
        order by children desc, form""").fetchall()  # fmt: skip
    forms = workspace.partnership.pack.forms
    return [(forms[form].title if form in forms else form.replace("_", " "), children) for form, children in rows]
