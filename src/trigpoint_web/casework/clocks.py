"""When things are due: working days with the bank holidays of England and Wales, hours, months.

Each clock names the rule it follows. `PRACTICE` ones follow local procedures that most areas share; nothing national
fixes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

import holidays
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REVIEW_MONTHS: Final = 3  # risk tools are gone through every three months (SERAF)
MOST_MONTHS: Final = 12  # a warning note lasts a year at most (Hackney)
INTERVIEW_HOURS: Final = 72  # return interview (DfE, Children who run away or go missing, 2014)
PILOT_DAYS_BEFORE_18: Final = 100  # devolved NRM decisions (Home Office pilot guidance)


Promised = str | Promise  # translated when it is shown


@dataclass(frozen=True)
class Clock:
    """One limit: what starts it, what is due, how it is counted, and where the rule stands."""

    started_by: str
    due: Promised
    working_days: int | None = None
    days: int | None = None
    hours: int | None = None
    months: int | None = None
    source: str = ""
    practice: bool = False

    def due_on(self, start: date) -> date:
        """The last day on which it is in time; a clock in hours ends on the day that they end."""
        if self.working_days is not None:
            return add_working_days(start, self.working_days)
        if self.months is not None:
            return add_months(start, self.months)
        return start + timedelta(days=self.days or 0, hours=self.hours or 0)

    def due_at(self, start: datetime) -> datetime:
        """The moment by which it is in time: hours run by the clock, days to their end."""
        if self.hours is not None:
            return start + timedelta(hours=self.hours)
        last = self.due_on(timezone.localtime(start).date())
        return timezone.make_aware(datetime(last.year, last.month, last.day, 23, 59, 59))


CLOCKS: Final = {
    "return_interview": Clock("found", _("Return interview"), hours=INTERVIEW_HOURS, source="DfE 2014"),
    "referral_decision": Clock(
        "referral", _("Decision on the referral"), working_days=1, source="Working Together", practice=True
    ),
    "strategy_follow_up": Clock(
        "strategy_discussion", _("Meeting of all agencies after a discussion by phone"), working_days=5, practice=True
    ),
    "strategy_record": Clock(
        "strategy_discussion", _("Record of the discussion sent round"), working_days=1, practice=True
    ),
    "protection_conference": Clock(
        "strategy_discussion", _("Initial child protection conference"), working_days=15, source="CIN census rule 8675Q"
    ),
    "single_assessment": Clock("assessment", _("Single assessment"), working_days=45, source="CIN census rule 8670Q"),
    "core_group": Clock("protection_plan", _("First core group"), working_days=10, practice=True),
    "reasonable_grounds": Clock(
        "nrm_referral", _("Reasonable grounds decision (aim)"), working_days=5, source="First responder toolkit 2026"
    ),
    "pilot_reasonable_grounds": Clock(
        "nrm_pilot_referral", _("Decision by the devolved panel"), days=45, source="Pilot guidance v6"
    ),
    "conclusive_grounds": Clock(
        "nrm_positive_reasonable_grounds", _("Conclusive grounds decision, not before"), days=30, source="Toolkit 2026"
    ),
    "reconsideration": Clock(
        "nrm_negative_decision", _("Ask for reconsideration"), days=30, source="Home Office annex, January 2025"
    ),
    "marker_review": Clock("marker_set", _("Review of the marker"), months=REVIEW_MONTHS, source="SERAF"),
    "marker_expiry": Clock("marker_set", _("Expiry of the marker"), months=MOST_MONTHS, source="Hackney warning note"),
    "panel_review": Clock("panel", _("Review by the panel"), days=84, practice=True),
    "emergency_review": Clock("emergency_access", _("Review of emergency access"), working_days=1, practice=True),
}


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no bank holiday in England and Wales."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(start: date, number: int) -> date:
    """The day that lies `number` working days after `start`; `start` itself does not count."""
    day, left = start, number
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` and up to `end`; negative where `end` comes first."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later; the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(day.year + year, month + 1, number)
        except ValueError:
            continue
    return date(day.year + year, month + 1, day.day)


def turns_eighteen_on(birth_on: date) -> date:
    """The eighteenth birthday; for 29 February, 1 March (a person reaches an age at the start of the anniversary)."""
    try:
        return birth_on.replace(year=birth_on.year + 18)
    except ValueError:
        return date(birth_on.year + 18, 3, 1)


def pilot_ends_on(birth_on: date) -> date:
    """The last day on which a devolved panel may still take a child's case: more than 100 days before eighteen."""
    return turns_eighteen_on(birth_on) - timedelta(days=PILOT_DAYS_BEFORE_18 + 1)


def today() -> date:
    """Today in England and Wales."""
    return timezone.localdate()


Today = Callable[[], date]
