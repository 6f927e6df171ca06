"""Carry out what two officers decided, in both homes. Each step is done twice as well as once, and the last one is one
transaction: broken off anywhere, it is taken up by the next call where it was left.

1. begun: what will go is counted and hashed; from now on nobody sees the child.
2. the store: `forget_child`, older versions included.
3. files of documents.
4. casework: every row, drafts, sessions and words of purposes; the proof closed; a row of the audit, which stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from trigpoint.errors import NotFoundError, StoreError
from trigpoint.services.forget_data import apply_retention, forget_child
from trigpoint.services.gather_held import HeldRow, gather_held
from trigpoint.services.workspace import Workspace, open_workspace
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.documents.keeping import drop_file
from trigpoint_web.casework.models import Child, Document, Restriction
from trigpoint_web.casework.queries.child_page import partnership_folder
from trigpoint_web.rights.erasing.counting import casework_manifest, keyed_hash, store_manifest
from trigpoint_web.rights.erasing.deciding import what_stops
from trigpoint_web.rights.erasing.leftovers import drop_leftovers
from trigpoint_web.rights.held import HELD, where
from trigpoint_web.rights.models import Erasure

LOCK: Final = "select pg_try_advisory_lock(hashtext('trigpoint.erasing'))"
UNLOCK: Final = "select pg_advisory_unlock(hashtext('trigpoint.erasing'))"
FAMILY: Final = "select rights_family(%s)"
TO_DO: Final = {"confirmed_at__isnull": False, "stopped_at": None, "done_at": None}


def carry_out_all() -> list[Erasure]:
    """Carry out all that is confirmed, oldest first; needs the tables' owner. Returns what was done or stopped.

    Raises StoreError where another process is at it, or the partnership's folder is not there: both homes or none.
    """
    with _alone():
        done = [carry_out(one) for one in Erasure.objects.filter(**TO_DO).order_by("confirmed_at", "pk")]
    if any(one.done_at for one in done):
        _vacuum()
    return done


def carry_out(erasure: Erasure) -> Erasure:
    """Carry out one erasure from where it stands. Before it has begun, a hold or new work stops it."""
    if erasure.child_number is None:
        return _retain(erasure)
    if erasure.begun_at is None and not _begin(erasure):
        return erasure
    if erasure.store_done_at is None:
        _forget_in_store(erasure)
    if erasure.files_done_at is None:
        _drop_files(erasure)
    _delete_rows(erasure)
    return erasure


def family_of(child_number: int) -> list[int]:
    """The numbers of the child under all the keys that it had."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [child_number])
        (found,) = cursor.fetchone() or (None,)
        return list(found or [])


def _begin(erasure: Erasure) -> bool:
    kids = family_of(erasure.child_number or 0)
    keys = list(Child.objects.filter(pk__in=kids).order_by("pk").values_list("key", flat=True))
    with open_workspace(partnership_folder()) as workspace:
        held = [row for key in keys for row in _held_in_store(workspace, key)]
    with transaction.atomic():
        list(Child.objects.filter(pk__in=kids).select_for_update())
        if why := what_stops(erasure):
            _save(erasure, stopped_at=timezone.now(), stopped_why=why)
            record(None, Act.WRITE, thing="erasure", thing_id=erasure.pk, detail={"stopped": why})
            return False
        counts, hashes = casework_manifest(kids)
        more, others = store_manifest(held)
        files = list(Document.objects.filter(child__in=kids).values_list("stored_as", flat=True))
        _close(kids, erasure)
        _save(erasure, begun_at=timezone.now(), counts=counts | more, hashes=hashes | others, files=files,
              other_keys=[key for key in keys if key != erasure.child_key],
              extracts=sorted({str(row.fields["file"]) for row in held if row.table == "sightings"}))  # fmt: skip
        record(None, Act.WRITE, thing="erasure", thing_id=erasure.pk, detail={"begun": True})
    return True


def _held_in_store(workspace: Workspace, key: str) -> list[HeldRow]:
    try:
        return gather_held(workspace, key)
    except NotFoundError:  # a child made by hand, or one whose rows went by an agreement
        return []


def _close(kids: list[int], erasure: Erasure) -> None:
    """Nobody sees the child from now on: a restriction that names nobody."""
    for kid in kids:
        shut = Restriction.objects.filter(child=kid, ended_at=None).first()
        if shut is None:
            shut = Restriction.objects.create(
                child_id=kid, reason="erasure", by_id=erasure.confirmed_by_id or erasure.decided_by_id
            )
        shut.may_see.clear()


def _forget_in_store(erasure: Erasure) -> None:
    with open_workspace(partnership_folder(), turn="forget") as workspace:
        for key in (erasure.child_key, *erasure.other_keys):
            try:
                forget_child(workspace, key)
            except NotFoundError:  # done already, or never there
                continue
    _save(erasure, store_done_at=timezone.now())


def _drop_files(erasure: Erasure) -> None:
    for name in erasure.files:
        drop_file(name)
    _save(erasure, files=[], files_done_at=timezone.now())


def _delete_rows(erasure: Erasure) -> None:
    kids = family_of(erasure.child_number or 0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local trigpoint.erasing = 'yes'")
        left: dict[str, int] = dict(erasure.counts)
        left |= drop_leftovers(kids, [erasure.child_key, *erasure.other_keys])
        for held in HELD:
            condition = where(held, "%s")
            cursor.execute(f"delete from {held.table} t where {condition}", [kids] * condition.count("%s"))
            if cursor.rowcount:
                left[held.table] = cursor.rowcount
        _save(erasure, counts=left, done_at=timezone.now())
        manifest = keyed_hash(f"{name}={value}" for name, value in sorted(erasure.hashes.items()))
        detail = {"done": True, "ground": erasure.ground, "rows": sum(left.values()), "manifest": manifest}
        record(None, Act.WRITE, thing="erasure", thing_id=erasure.pk, detail=detail)


def _retain(erasure: Erasure) -> Erasure:
    with open_workspace(partnership_folder(), turn="retain") as workspace:
        apply_retention(workspace)
    with transaction.atomic():
        now = timezone.now()
        _save(erasure, begun_at=now, store_done_at=now, done_at=now)
        record(None, Act.WRITE, thing="erasure", thing_id=erasure.pk, detail={"done": True, "ground": erasure.ground})
    return erasure


def _save(erasure: Erasure, **values: Any) -> None:
    for name, value in values.items():
        setattr(erasure, name, value)
    erasure.save(update_fields=list(values))


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        (mine,) = cursor.fetchone() or (False,)
        if not mine:
            raise StoreError("Another process is erasing.", mend="Wait until it has ended; nothing was changed.")
        try:
            yield
        finally:
            cursor.execute(UNLOCK)


def _vacuum() -> None:
    """Give back the room of deleted rows, so that it is written over.

    The planner's statistics quote values that they saw, keys and names among them: they are made anew.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        tables = ", ".join([*(held.table for held in HELD), "design_draft", "django_session", "audit_purpose"])
        cursor.execute(f"vacuum (analyze) {tables}")
