"""Unusual reading, by stated rules: what a governance officer may want to ask about. No score, no ranking of people.

A rule points at a person's reading on a day and says in a sentence what it saw. It does not say that it was wrong.
Each is a function of the database (casework/migrations/0003_unusual.py), which answers governance officers alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Rule:
    """One stated rule: its name, its sentence, and from how many children or times a day on it says something."""

    name: str
    says: str | Promise
    most: int = 1


@dataclass(frozen=True)
class Unusual:
    """What a rule saw of one person on one day. `children` are ids of the children concerned."""

    rule: str
    says: str
    person_id: str
    day: date
    number: int
    children: tuple[int, ...]


RULES: Final = (
    Rule(
        "not_involved",
        _("Children opened with whom their agency is not involved and who are not in their team's areas: {number}."),
    ),
    Rule("many_children", _("Children opened in one day: {number}."), most=40),
    # Police and missing-persons teams work at all hours; others seldom do.
    Rule("odd_hours", _("Children opened between eleven at night and five in the morning: {number}.")),
    Rule("own_name", _("Children opened who have the person's own surname: {number}.")),
    Rule("many_refused", _("Times refused in one day: {number}."), most=10),
)
QUERY: Final = "select person, day, children, number from unusual_{rule}(%s, %s, %s) order by day desc, person"


def unusual_reading(*, since: date, until: date) -> Iterator[Unusual]:
    """What the rules saw from one day to another, both included; by rule, then newest first. For the officer alone."""
    begins = timezone.make_aware(datetime.combine(since, time.min))
    ends = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    for rule in RULES:
        for person, day, children, number in _found(rule, begins, ends):
            yield Unusual(rule.name, str(rule.says).format(number=number), str(person), day, number, tuple(children))


def _found(rule: Rule, begins: datetime, ends: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(QUERY.format(rule=rule.name), [begins, ends, rule.most])
        return list(cursor.fetchall())
