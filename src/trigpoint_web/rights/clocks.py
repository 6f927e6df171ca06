"""By when a request is to be answered (UK GDPR Art 12(3), as amended by the Data (Use and Access) Act 2025).

One month from the day on which the request had come and it was known who asks; the last day of a shorter month; the
next working day where that is none. Two months more where it is complex, said within the first month.
"""

from __future__ import annotations

from datetime import date, timedelta

from trigpoint_web.casework.clocks import add_months, is_working_day
from trigpoint_web.rights.models import Request

MONTHS, MORE_MONTHS = 1, 2


def starts_on(request: Request) -> date | None:
    """The day on which the clock starts; None while nobody knows who asks."""
    return max(request.received_on, request.identity_on) if request.identity_on else None


def due_on(request: Request) -> date | None:
    """The last day on which an answer is in time; None while the clock has not started."""
    start = starts_on(request)
    months = MONTHS + (MORE_MONTHS if request.extended_at else 0)
    return working_day_from(add_months(start, months)) if start else None


def extendable_until(request: Request) -> date | None:
    """The last day on which it may be said that more time is needed."""
    start = starts_on(request)
    return working_day_from(add_months(start, MONTHS)) if start and not request.extended_at else None


def working_day_from(day: date) -> date:
    """The day itself where it is a working day, else the next one."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
