"""Periods as publishers name them. A calendar year, a financial year, a quarter and a month are not the same thing."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

CALENDAR_YEAR: Final = "calendar year"
PART_YEAR: Final = "part of a calendar year"
FINANCIAL_YEAR: Final = "financial year"
QUARTER: Final = "quarter"
MONTH: Final = "month"
SNAPSHOT: Final = "snapshot"
PERIOD_TYPES: Final = (CALENDAR_YEAR, PART_YEAR, FINANCIAL_YEAR, QUARTER, MONTH, SNAPSHOT)


@dataclass(frozen=True)
class Period:
    """A period by its name, its kind (of PERIOD_TYPES) and its days, both inclusive."""

    name: str
    kind: str
    from_on: date
    to_on: date


def calendar_year(year: int) -> Period:
    """January to December."""
    return Period(str(year), CALENDAR_YEAR, date(year, 1, 1), date(year, 12, 31))


def part_of_year(year: int, quarters: list[int]) -> Period:
    """The quarters of a year that a table has so far, from the first to the last of them."""
    first, last = quarter(year, min(quarters)), quarter(year, max(quarters))
    name = f"{year}, quarter {min(quarters)}" + (f" to {max(quarters)}" if len(quarters) > 1 else "")
    return Period(name, PART_YEAR, first.from_on, last.to_on)


def financial_year(starts: int) -> Period:
    """1 April to 31 March: 2024 gives 2024/25."""
    return Period(f"{starts}/{(starts + 1) % 100:02d}", FINANCIAL_YEAR, date(starts, 4, 1), date(starts + 1, 3, 31))


def quarter(year: int, number: int) -> Period:
    """A quarter of the calendar year: 1 is January to March."""
    return _months(f"{year} Q{number}", QUARTER, year, number * 3 - 2, number * 3)


def month(year: int, number: int) -> Period:
    """A calendar month."""
    return _months(f"{year}-{number:02d}", MONTH, year, number, number)


def snapshot(on: date) -> Period:
    """How it stood on a day."""
    return Period(on.isoformat(), SNAPSHOT, on, on)


def _months(name: str, kind: str, year: int, first: int, last: int) -> Period:
    return Period(name, kind, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


_FORMS: Final = (
    (re.compile(r"(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>\d\d)"), "snapshot"),
    (re.compile(r"(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])"), "month"),
    (re.compile(r"(?P<year>20\d\d)[ -]?Q(?P<quarter>[1-4])", re.IGNORECASE), "quarter"),
    (re.compile(r"(?P<year>20\d\d)[/-](?:20)?(?P<next>\d\d)"), "financial"),
    (re.compile(r"(?P<year>20\d\d)"), "calendar"),
)


def read_period(text: str) -> Period | None:
    """A period as a person writes it: 2024, 2024/25, 2024-Q3, 2024-09 or 2024-09-30 (a snapshot); None otherwise."""
    for form, kind in _FORMS:
        if found := form.fullmatch(text.strip()):
            parts = {name: int(value) for name, value in found.groupdict().items()}
            return _made(kind, parts)
    return None


def _made(kind: str, parts: dict[str, int]) -> Period | None:
    year = parts["year"]
    if kind == "financial":
        return financial_year(year) if parts["next"] == (year + 1) % 100 else None
    if kind == "snapshot":
        try:
            return snapshot(date(year, parts["month"], parts["day"]))
        except ValueError:
            return None
    if kind == "month":
        return month(year, parts["month"])
    return quarter(year, parts["quarter"]) if kind == "quarter" else calendar_year(year)


_QUARTER = re.compile(r"quarter[ _-]*(?P<quarter>[1-4])[ ,_-]*(?P<year>20\d\d)", re.IGNORECASE)
_OTHER_QUARTER = re.compile(r"Q(?P<quarter>[1-4])[ ,_-]*(?P<year>20\d\d)", re.IGNORECASE)
_END_OF_YEAR = re.compile(r"(?:end[ _-]of[ _-]year|annual)\D{0,30}(?P<year>20\d\d)", re.IGNORECASE)


def period_named(text: str) -> Period | None:
    """The quarter or calendar year that the title or file name of a whole table names, None where it names none."""
    for form in (_QUARTER, _OTHER_QUARTER):
        if found := form.search(text):
            return quarter(int(found["year"]), int(found["quarter"]))
    found = _END_OF_YEAR.search(text)
    return calendar_year(int(found["year"])) if found else None
