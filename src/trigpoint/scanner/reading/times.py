"""Times as exports write them: clock times of some place, in the date order of some phone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trigpoint.errors import SettingsError
from trigpoint.scanner.reading.found import DateOrder

_AM = re.compile(r"^(?:a\.?\s?m\.?|vorm\.?|上午|오전|午前|ص|π\.?μ\.?|de\. ?|fm)$", re.IGNORECASE)
_PM = re.compile(r"^(?:p\.?\s?m\.?|nachm\.?|下午|오후|午後|م|μ\.?μ\.?|du\. ?|em)$", re.IGNORECASE)
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
DATE = r"(\d{1,4})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{1,4})\.?"
_GAP = r"[\s\u202f\u00a0]"
TIME = rf"(\d{{1,2}})[:.h](\d{{2}})(?:[:.](\d{{2}}))?(?:{_GAP}*([^\W\d_]\.?{_GAP}?[^\W\d_]\.?|[^\W\d_]{{2,6}}\.?))?"
_CLOCK = re.compile(rf"^\s*{DATE}[,T]?[\s\u202f\u00a0]+{TIME}\s*$")
_DAY = re.compile(rf"^\s*{DATE}\s*$")
_NUMBER = re.compile(r"^-?\d{9,17}(?:\.\d+)?$", re.ASCII)


@cache
def zone_of(name: str, /) -> ZoneInfo:
    """The time zone of that IANA name. Raises SettingsError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(f"There is no time zone '{name}'.", mend="Give one such as Europe/London.") from None


def in_reach(when: datetime, /) -> datetime | None:
    """The time in UTC, or None where no message can be of that time."""
    try:
        made = when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return made if _EARLIEST <= made < _LATEST else None


def since_1970(number: object, /) -> datetime | None:
    """Seconds, milliseconds or microseconds since 1970, told apart by their size."""
    try:
        value = float(str(number))
    except ValueError:
        return None
    for least, scale in ((1e14, 1e6), (1e11, 1e3), (1e8, 1.0)):
        if least <= value < least * 1000:
            return in_reach(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value / scale))
    return None


def clock(date: Sequence[str], time: Sequence[str | None], *, order: DateOrder, zone: ZoneInfo) -> datetime | None:
    """A clock time of `zone` as UTC; None where there is no such day or hour. An hour that comes twice is the first."""
    try:
        a, b, c = (int(x) for x in date)
        year, month, day = (a, b, c) if order == "year" or a > 31 else (c, b, a) if order == "day" else (c, a, b)
        hour, minute, second = (int(x or 0) for x in time[:3])
        year += 2000 if year < 100 else 0
        return in_reach(datetime(year, month, day, _hour(hour, time[3] or ""), minute, second, tzinfo=zone))
    except ValueError:
        return None


def _hour(hour: int, half: str) -> int:
    half = half.strip().replace("\u202f", " ").replace("\u00a0", " ")
    if not half:
        return hour
    if not 1 <= hour <= 12 or not (_AM.match(half) or _PM.match(half)):
        raise ValueError
    return hour % 12 + (12 if _PM.match(half) else 0)


def order_of(dates: Sequence[Sequence[str]], /) -> tuple[DateOrder, bool]:
    """What stands first in these dates, and whether they leave no doubt.

    Doubt is settled by the order in which fewer dates run backwards; then month first for dates such as 1/2/26, which
    only phones set to the United States write, else day first.
    """
    if any(len(d[0]) == 4 for d in dates):
        return "year", True
    day = any(int(d[0]) > 12 for d in dates)
    month = any(int(d[1]) > 12 for d in dates)
    if day != month:
        return ("day" if day else "month"), True
    back = {first: _backwards(dates, first) for first in (0, 1)}
    if back[0] != back[1]:
        return ("day" if back[0] < back[1] else "month"), False
    short = any(len(d[2]) == 2 and (len(d[0]) == 1 or len(d[1]) == 1) for d in dates)
    return ("month" if short else "day"), False


def _backwards(dates: Sequence[Sequence[str]], first: int) -> int:
    keys = [(int(d[2]), int(d[1 - first]), int(d[first])) for d in dates]
    return sum(1 for one, other in pairwise(keys) if other < one)


def written(text: str, *, zone: ZoneInfo, order: DateOrder = "day") -> datetime | None:
    """A time as a column or a field holds it: ISO 8601, seconds or milliseconds since 1970, or a clock time."""
    text = text.strip()
    if _NUMBER.match(text):
        return since_1970(text)
    iso = text.removesuffix(" UTC") + "+00:00" if text.endswith(" UTC") else text
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return _clock_time(text, zone=zone, order=order)
    return in_reach(when if when.tzinfo else when.replace(tzinfo=zone))


def _clock_time(text: str, *, zone: ZoneInfo, order: DateOrder) -> datetime | None:
    if found := _CLOCK.match(text):
        return clock(found.groups()[:3], found.groups()[3:], order=order, zone=zone)
    if found := _DAY.match(text):
        return clock(found.groups(), ("0", "0", "0", None), order=order, zone=zone)
    return None


def dates_in(many: Sequence[str], /) -> list[Sequence[str]]:
    """The parts of those that are clock times or days."""
    found = (_CLOCK.match(one) or _DAY.match(one) for one in many)
    return [one.groups()[:3] for one in found if one]
