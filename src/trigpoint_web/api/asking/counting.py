"""Count the calls of each client, over all of its tokens and addresses and over all processes that answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from django.db import connection
from django.utils import timezone
from ninja.errors import Throttled

from trigpoint_web.api.models import Calls

CALLS_A_MINUTE: Final = 120
MINUTE: Final = timedelta(minutes=1)
# One statement looks and counts: of many calls at one moment none slips through. No row comes back for one too many.
COUNT: Final = """
    insert into api_calls as kept (client, at) values (%(client)s, array[%(now)s])
    on conflict (client) do update
    set at = array(select one from unnest(kept.at) one where one > %(since)s) || excluded.at
    where (select count(*) from unnest(kept.at) one where one > %(since)s) < %(most)s
    returning true
"""


def count_call(client: str) -> None:
    """Count a call of the client with this id, which may call CALLS_A_MINUTE times within any minute.

    Raises Throttled, with the seconds to wait, where it is one too many; that one is not counted.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"client": client, "now": now, "since": now - MINUTE, "most": CALLS_A_MINUTE})
        counted = cursor.fetchone()
    if not counted:
        raise Throttled(_wait(client, now))


def _wait(client: str, now: datetime) -> int:
    """Seconds until the oldest call that counts is a minute old."""
    called = Calls.objects.filter(pk=client).values_list("at", flat=True).first() or []
    first = min((one for one in called if one > now - MINUTE), default=now)
    return max(1, ceil((first + MINUTE - now).total_seconds()))
