"""A list of erasures outside the database: a backup that is restored brings back what was erased after it was made.

It holds keys, times, counts and hashes, and is kept where the database's backups are not. `trigpoint web erase` adds to
it what was done, and does again what a restored database does not know to be done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from trigpoint.errors import StoreError
from trigpoint_web.accounts.models import User
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.rights.models import Erasure

KEPT: Final = (
    "child_number", "child_key", "other_keys", "ground", "rule", "request_number", "decided_by_id", "confirmed_by_id",
    "decided_at", "confirmed_at",
)  # fmt: skip


def journal_path() -> Path:
    """Where the list lies."""
    return Path(str(settings.DATA_FOLDER)) / "erasures.jsonl"


def write_journal() -> int:
    """Append what was done and does not stand in the list yet; returns how many."""
    known = {line["id"] for line in _lines()}
    fresh = [
        one for one in Erasure.objects.filter(done_at__isnull=False).order_by("done_at") if str(one.pk) not in known
    ]
    if not fresh:
        return 0
    path = journal_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        for one in fresh:
            file.write(json.dumps(_line(one), default=str) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return len(fresh)


def take_up_again() -> int:
    """After a restore: what the list knows to be erased and this database does not is put back as confirmed.

    Returns how many. Raises StoreError where somebody who decided is not known to this database.
    """
    again = [line for line in _lines() if line["child_number"] is not None and not _is_done(line["id"])]
    people = {str(pk) for pk in User.objects.values_list("pk", flat=True)}
    with transaction.atomic():
        for line in again:
            if not {line["decided_by_id"], line["confirmed_by_id"]} <= people:
                raise StoreError(
                    "The list of erasures names a person whom this database does not know.",
                    where=journal_path().name,
                    mend="Restore a later backup, or make the officers' accounts again with the same ids.",
                )
            _put_back(line)
    return len(again)


def _put_back(line: dict[str, Any]) -> None:
    """As confirmed, in place of how it stood when the backup was made."""
    Erasure.objects.filter(pk=line["id"]).delete()
    Erasure.objects.filter(child_number=line["child_number"], stopped_at=None, done_at=None).delete()
    Erasure.objects.create(pk=line["id"], **{name: line[name] for name in KEPT})
    Erasure.objects.filter(pk=line["id"]).update(decided_at=line["decided_at"])
    record(None, Act.WRITE, thing="erasure", thing_id=line["id"], detail={"again": True})


def _is_done(erasure_id: str) -> bool:
    return Erasure.objects.filter(pk=erasure_id, done_at__isnull=False).exists()


def _line(one: Erasure) -> dict[str, Any]:
    kept = {name: getattr(one, name) for name in KEPT}
    return {"id": str(one.pk), "done_at": one.done_at, "counts": one.counts, "hashes": one.hashes} | kept


def _lines() -> Iterator[dict[str, Any]]:
    path = journal_path()
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError:
            raise StoreError(
                "A line of the list of erasures is not one that casework wrote.",
                where=f"{path.name}, line {number}",
                mend="Take the file from a copy that nobody has edited.",
            ) from None
