"""One decision about a child at a time."""

from __future__ import annotations

from django.db import connection

LOCK = "select pg_advisory_xact_lock(7421, %s)"  # 7421: decisions about a child, among the locks of this database


def lock_child(child_id: int) -> None:
    """Wait until nobody else decides about this child, and hold that until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [child_id % 2**31])
