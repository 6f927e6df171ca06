"""Days and minutes of the invented period, and their spelling: whole numbers until they are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

import numpy as np

from trigpoint.synthetic.columns import Objects, Whole, only_where

DAY: Final = 24 * 60  # minutes
NONE: Final = -1  # a time or a day that there is not
_EPOCH: Final = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH).days


BEGINS: Final = day_number(date(2024, 1, 1))
ENDS: Final = day_number(date(2026, 10, 30))
AS_AT: Final = day_number(date(2026, 10, 31))  # the partnership looks no further; the files came in that day
EARLIER: Final = day_number(date(2026, 6, 30))  # when police sent arrests for the first time
_FIRST_SPELT: Final = day_number(date(2004, 1, 1))
_LAST_SPELT: Final = day_number(date(2028, 1, 1))


def spelt(minutes: Whole, form: str) -> Objects:
    """Minutes since 1970 written by `form` (strftime); None where there is no time.

    `form` may hold a time of day only as a tail of %H:%M or %H:%M:%S, so that each part comes from a short list.
    """
    head, _, tail = form.partition("%H")
    days, of_day = np.divmod(minutes, DAY)
    made = _days(head)[np.clip(days, _FIRST_SPELT, _LAST_SPELT) - _FIRST_SPELT]
    if tail:
        made = made + _times("%H" + tail)[of_day]
    return only_where(minutes >= 0, made)


@cache
def _days(form: str) -> Objects:
    first = _EPOCH + timedelta(days=_FIRST_SPELT)
    count = _LAST_SPELT - _FIRST_SPELT + 1
    return np.array([(first + timedelta(days=i)).strftime(form) for i in range(count)], dtype=object)


@cache
def _times(form: str) -> Objects:
    midnight = datetime(2024, 1, 1, tzinfo=UTC)
    return np.array([(midnight + timedelta(minutes=i)).strftime(form) for i in range(DAY)], dtype=object)


def minutes_of(written: str) -> int:
    """'2025-03-01' or '2025-03-01 21:30' as minutes since 1970."""
    at = datetime.fromisoformat(written).replace(tzinfo=UTC)
    return int(at.timestamp()) // 60
