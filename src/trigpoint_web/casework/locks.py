"""One decision about a child at a time, and one of what was sent twice."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from trigpoint_web.accounts.models import User

LOCK = "select pg_advisory_xact_lock(7421, %s)"  # 7421: decisions about a child, among the locks of this database
SAME = "select pg_advisory_xact_lock(7423, hashtext(%s))"  # 7423: what was sent under one key
Made = TypeVar("Made", bound=Model)


def lock_child(child_id: int) -> None:
    """Wait until nobody else decides about this child, and hold that until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [child_id % 2**31])


def done_before(kind: type[Made], by: User, request_key: UUID) -> Made | None:
    """What this person made already with what was sent under this key; None where it is the first.

    Whoever presses twice sends twice at the same moment: the second waits here until the first is done.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAME, [f"{by.pk}{request_key}"])
    return kind._default_manager.filter(request_key=request_key, by=by).first()
