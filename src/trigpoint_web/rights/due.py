"""When a child's record is due to go, worked out from facts; the database answers it for all children at once.

A record stays until the later of two days, and as long as a marker is set or a request is open:

* the age: three years after the eighteenth birthday (records of children in need in one authority: to 18, then three
  years); the seventy-fifth birthday of a child in care (Care Planning Regulations 2010, regulation 50);
* the last thing that was done with it, and then as long as the agreements of the agencies whose records it holds say.

Nothing in law fixes a period for a shared record of this kind: a partnership has to justify its own. So the numbers
are settings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trigpoint.errors import TrigpointError
from trigpoint.records.partnership import read_partnership
from trigpoint_web.casework.queries.child_page import partnership_folder

QUERY: Final = "select * from rights_due(%s, %s, %s, %s, %s, %s)"
RULES: Final[dict[str, str | Promise]] = {
    "after_18": _("Some years after the eighteenth birthday"),
    "in_care": _("The age to which records of a child in care are kept"),
    "last_activity": _("As long as the agreements say after the last thing that was done"),
}


@dataclass(frozen=True)
class Due:
    """One record: by which rule it is due on which day, and what stands against it now.

    `live`: a marker is set or a request is open. `held`: somebody put a hold on it. `on_its_way`: decided already.
    """

    child_number: int
    child_key: str
    rule: str
    due_on: date | None
    last_on: date | None
    live: bool
    held: bool
    on_its_way: bool

    @property
    def rule_said(self) -> str:
        """The rule in words."""
        return str(RULES[self.rule])

    @property
    def may_go(self) -> bool:
        """Whether it may be decided on today."""
        return not (self.live or self.held or self.on_its_way)


def due_records(*, before: date) -> list[Due]:
    """The records that are due by that day, the longest due first; for officers alone, and not of their own kin."""
    return _asked(before, None)


def due_of(child_number: int) -> Due | None:
    """When one record is due, whether or not it is yet; None where there is none."""
    found = _asked(date.max, child_number)
    return found[0] if found else None


def _asked(before: date, child: int | None) -> list[Due]:
    given: list[Any] = [
        settings.KEEP_AFTER_18_YEARS, settings.KEEP_IN_CARE_UNTIL_AGE, settings.KEEP_AFTER_LAST_YEARS,
        json.dumps(agreed_years()), before, child,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUERY, given)
        return [Due(*row) for row in cursor.fetchall()]


def agreed_years() -> dict[str, float]:
    """For how many years each source's agreement lets its rows be kept; empty where the settings cannot be read."""
    try:
        partnership = read_partnership(partnership_folder())
    except TrigpointError:
        return {}
    return {source.name: source.agreement.retention_years for source in partnership.sources}
