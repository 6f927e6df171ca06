"""Work as a person: row-level security of the database follows them for the length of a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from trigpoint_web.running.roles import WEB_ROLE

if TYPE_CHECKING:
    from trigpoint_web.accounts.models import User

BEGIN = """
    select current_setting('role'), current_setting('trigpoint.user_id', true),
        set_config('role', %s, true), set_config('trigpoint.user_id', %s, true)
"""
END = "select set_config('role', %s, true), set_config('trigpoint.user_id', %s, true)"


@contextmanager
def working_as(user: User | Any, *, savepoint: bool = True) -> Iterator[None]:
    """Run the block in a transaction under the web's role, as `user`; somebody not signed in sees no child.

    Without a `savepoint`, whatever fails in the block undoes the transaction around it too.

    The two settings are local to the transaction, so a connection that is used again carries nothing over. Within
    another transaction they go back to what they were.
    """
    nested = connection.in_atomic_block
    with transaction.atomic(savepoint=savepoint), connection.cursor() as cursor:
        cursor.execute(BEGIN, [WEB_ROLE, str(user.pk) if user.is_authenticated else ""])
        before = cursor.fetchone() or ("none", "")
        yield
        if nested:  # the end of an outermost transaction does this by itself
            cursor.execute(END, [before[0], before[1] or ""])
