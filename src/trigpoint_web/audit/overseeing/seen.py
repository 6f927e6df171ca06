"""What the governance officer sees of the audit: rows by person, child, act and day, and what rules pointed out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act, AuditRow, ChainHead, UnusualReadingReview
from trigpoint_web.audit.overseeing.unusual import RULES, Unusual, unusual_reading
from trigpoint_web.audit.policy import check_oversees
from trigpoint_web.audit.refusals import NotThereError

MOST_PEOPLE: Final = 50
KEYS: Final = "select child_id, child_key from casework_keys_overseen(%s)"
CHILD: Final = "select casework_child_overseen(%s)"


@dataclass(frozen=True)
class Asked:
    """What is looked for in the audit; what is empty narrows nothing."""

    person: str = ""
    child: str = ""
    act: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def anything(self) -> bool:
        """Whether the search is narrowed at all."""
        return any((self.person, self.child, self.act, self.since, self.until))


@dataclass(frozen=True)
class PointedOut:
    """Something unusual with the person it is about, and what officers said about it."""

    seen: Unusual
    person: User
    reviews: list[UnusualReadingReview]


def rows_asked(acting: Acting, asked: Asked) -> QuerySet[AuditRow]:
    """The audit rows that were asked for, newest first. Looking is recorded, in the child's log too.

    Raises RefusedError where the person is no governance officer.
    """
    check_oversees(acting.user)
    child = _child_id(asked.child.strip()) if asked.child.strip() else None
    filled = [name for name, value in vars(asked).items() if value]
    record(acting, Act.READ, thing="audit", detail={"by": filled} | ({"children": [child]} if child else {}))
    rows = AuditRow.objects.select_related("actor", "agency", "purpose").order_by("-seq")
    if asked.child.strip():
        rows = rows.filter(Q(child_id=child) | Q(child_id=None, detail__children__contains=[child])) if child else (
            rows.none())  # fmt: skip
    if asked.person.strip():
        rows = rows.filter(actor__in=_people(asked.person.strip()))
    if asked.act:
        rows = rows.filter(act=asked.act)
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return rows


def keys_of(children: Iterable[int | None]) -> dict[int, str]:
    """The keys of children by id, where this person oversees them."""
    asked = sorted({one for one in children if one is not None})
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [asked])
        return dict(cursor.fetchall())


def pointed_out(acting: Acting, *, since: date, until: date) -> list[PointedOut]:
    """What the rules saw in these days, what nobody reviewed first. Looking is recorded."""
    check_oversees(acting.user)
    record(acting, Act.READ, thing="unusual", detail={"since": str(since), "until": str(until)})
    seen = list(unusual_reading(since=since, until=until))
    people = User.objects.select_related("agency").in_bulk([UUID(one.person_id) for one in seen])
    reviews = list(UnusualReadingReview.objects.filter(day__range=(since, until)).select_related("by").order_by("at"))
    shown = [
        PointedOut(one, person, [r for r in reviews if (r.rule, str(r.person_id), r.day) == _what(one)])
        for one in seen
        if (person := people.get(UUID(one.person_id)))
    ]
    return sorted(shown, key=lambda one: (bool(one.reviews), -one.seen.day.toordinal(), one.person.full_name))


def one_pointed_out(acting: Acting, *, rule: str, person_id: UUID, day: date) -> PointedOut:
    """What a rule saw of a person on a day. Raises NotThereError where it saw nothing."""
    check_oversees(acting.user)
    known = rule in {one.name for one in RULES}
    found = pointed_out(acting, since=day, until=day) if known else []
    for one in found:
        if _what(one.seen) == (rule, str(person_id), day):
            return one
    raise NotThereError(thing="unusual", thing_id=rule)


def chain_head(acting: Acting) -> tuple[ChainHead, AuditRow | None]:
    """The head of the chain, and its last row."""
    check_oversees(acting.user)
    return ChainHead.objects.get(), AuditRow.objects.order_by("-seq").first()


def _what(seen: Unusual) -> tuple[str, str, date]:
    return seen.rule, seen.person_id, seen.day


def _people(words: str) -> list[UUID]:
    found = User.objects.filter(Q(full_name__icontains=words) | Q(email__iexact=words))
    return list(found.values_list("pk", flat=True)[:MOST_PEOPLE])


def _child_id(key: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(CHILD, [key])
        (found,) = cursor.fetchone() or (None,)
        return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
