"""Register a run: everything that it brings stands in casework afterwards, or nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from trigpoint.errors import StoreError
from trigpoint.services.read_border import Border, BorderRun, BorderSuccession, read_border
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.border.incoming import lay_out
from trigpoint_web.casework.border.merging import joined_here, merge, unplaced
from trigpoint_web.casework.border.successions import follow_keys
from trigpoint_web.casework.models import Run

ONE_AT_A_TIME = "select pg_advisory_xact_lock(7420)"  # 7420: registering a run, among the locks of this database
COUNTS = {
    "children": "select count(*) from casework_child where current",
    "citations": "select count(*) from casework_citation where run_id = %s",
    "proposals": "select count(*) from casework_proposal where run_id = %s",
    "questions": "select count(*) from review_linkquestion where run_id = %s",
}


@dataclass(frozen=True)
class Registered:
    """What registering did. `counts`: children now; new citations, proposals and questions; keys followed and asked."""

    run: Run
    fresh: bool
    counts: dict[str, int]


def register_run(folder: Path, *, acting: Acting | None = None) -> Registered:
    """Bring the last finished run of the partnership in `folder` into casework, in one transaction.

    Needs the tables' owner. Registering the same run again changes nothing. Raises NotFoundError where no run has
    finished, StoreError where a later run of that partnership stands here already.
    """
    with read_border(folder) as border:
        return take_run(border, acting=acting)


def take_run(border: Border, *, acting: Acting | None = None) -> Registered:
    """Bring a run that is open for reading into casework, as `register_run` does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        last = Run.objects.filter(partnership=border.run.partnership).order_by("-at").first()
        if last and _is(last, border.run):
            return Registered(last, False, last.counts)
        _not_older(last, border.run)
        return _register(cursor, border, last=last, acting=acting)


def _register(cursor: CursorWrapper, border: Border, *, last: Run | None, acting: Acting | None) -> Registered:
    lay_out(cursor, border)
    cursor.execute("select nextval(pg_get_serial_sequence('casework_run', 'id'))")
    number = int(cursor.fetchone()[0])
    # The run's own row never changes, so it is written last, with its counts; what points to it is checked at the end.
    merge(cursor, run=number)
    changes = [*border.successions(), *_joined_here(cursor, border.run)]
    keys = follow_keys(cursor, changes, since=last.at if last else None, run=number)
    counts = _counts(cursor, number) | keys | {"unplaced": unplaced(cursor)}
    run = _keep(border.run, number, counts, acting)
    for table in ("casework_child", "casework_involvement", "casework_citation", "casework_proposal", "casework_name"):
        cursor.execute(f"analyze {table}")
    record(acting, Act.WRITE, thing="run", thing_id=run.pk, detail=counts)
    return Registered(run, True, counts)


def _joined_here(cursor: CursorWrapper, said: BorderRun) -> list[BorderSuccession]:
    """Children made here who are one with a child known before, as changes of their keys."""
    why = "The record that was made in casework is of a child whom agencies have sent already."
    return [BorderSuccession(said.at, old, new, why, gone=True) for old, new in joined_here(cursor)]


def _is(run: Run, said: BorderRun) -> bool:
    return run.run_no == said.run_no and run.at == timezone.make_aware(said.at)


def _not_older(last: Run | None, said: BorderRun) -> None:
    if last and timezone.make_aware(said.at) < last.at:
        raise StoreError(
            f"Run {said.run_no} is older than run {last.run_no}, which stands in casework already.",
            where=said.partnership,
            mend="Register the newest run. To go back to an older state, restore a backup of casework.",
        )


def _counts(cursor: CursorWrapper, run: int) -> dict[str, int]:
    found = {}
    for name, query in COUNTS.items():
        cursor.execute(query, [run] if "%s" in query else None)
        found[name] = int(cursor.fetchone()[0])
    return found


def _keep(said: BorderRun, number: int, counts: dict[str, int], acting: Acting | None) -> Run:
    return Run.objects.create(
        pk=number,
        partnership=said.partnership,
        run_no=said.run_no,
        at=timezone.make_aware(said.at),
        as_at=said.as_at,
        pack=said.pack,
        pack_version=said.pack_version,
        invented=said.invented,
        registered_by=acting.user if acting else None,
        counts=counts,
    )
