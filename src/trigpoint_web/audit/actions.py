"""Write audit rows: the one way in.

A row belongs to the transaction of what it records. If it cannot be written, what it would have recorded does not
happen: the error goes up, the transaction is rolled back and the person gets a page that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting, AuditClosedError, PurposeNeededError
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.writing import Entry, insert

NEEDS_PURPOSE = frozenset({Act.READ, Act.SEARCH, Act.WRITE, Act.EXPORT, Act.PRINT, Act.EMERGENCY})


@dataclass
class _Waiting:
    """Rows of one request, written together just before its transaction ends."""

    entries: list[Entry] = field(default_factory=list)


_waiting: ContextVar[_Waiting | None] = ContextVar("audit_waiting", default=None)


def record(
    acting: Acting | None,
    act: str,
    *,
    thing: str,
    thing_id: object = "",
    child_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Record one act, in the transaction that is open.

    `thing` says what kind of thing ("child", "marker", "search"), `detail` holds codes, ids and counts only.
    Raises PurposeNeededError where a child is concerned and no purpose was given, AuditClosedError where the audit
    is switched off, cannot be written, or no transaction is open.
    """
    _open_or_closed()
    if child_id is not None and act in NEEDS_PURPOSE and (acting is None or acting.purpose is None):
        raise PurposeNeededError(_("Say what you need this child's record for."))
    entry = Entry.of(acting, act, thing=thing, thing_id=thing_id, child_id=child_id, detail=detail or {})
    waiting = _waiting.get()
    if waiting is None:
        write_entries([entry])
    else:
        waiting.entries.append(entry)


@contextmanager
def writing_at_the_end() -> Iterator[None]:
    """Collect the rows of the block and write them as its last act, inside one transaction.

    The head of the chain is locked from the first row that is written until the transaction ends. Written last, it
    is held for a moment, however long the page took. If the block fails, its rows are still kept where they record
    a refusal (see `keep_refusals`), and nothing else is.
    """
    token = _waiting.set(_Waiting())
    try:
        with transaction.atomic():
            yield
            waiting = _waiting.get()
            if waiting and waiting.entries:
                write_entries(waiting.entries)
    finally:
        _waiting.reset(token)


def drop_waiting() -> None:
    """Forget rows not yet written: what they record was rolled back."""
    if (waiting := _waiting.get()) is not None:
        waiting.entries.clear()


def write_entries(entries: list[Entry]) -> None:
    """Write rows now. Raises AuditClosedError where the database does not take them."""
    if not connection.in_atomic_block:
        raise AuditClosedError(_("An act was to be recorded outside a transaction."))
    try:
        insert(entries)
    except DatabaseError as fault:
        raise AuditClosedError(
            _("The audit cannot be written, so nothing is shown or changed."),
            mend=_("Tell the service desk. The pages open again when the audit can be written."),
        ) from fault


def _open_or_closed() -> None:
    if not getattr(settings, "AUDIT_ON", True):
        raise AuditClosedError(
            _("The audit is switched off, so nothing is shown or changed."),
            mend=_("Switch it on again: set AUDIT_ON to true."),
        )
