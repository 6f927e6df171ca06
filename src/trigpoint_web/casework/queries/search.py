"""Find a child by name, alias, birthday or number, however it is spelt; and say whom to ask where one may not look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from trigpoint_web.accounts.models import Agency, User
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.reading import searching
from trigpoint_web.casework.grams import fold, grams
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import check_role, children_visible_to
from trigpoint_web.casework.queries.indexed import in_the_index

MOST: Final = 50
SURE: Final = 0.75  # share of common groups of letters from which on, with the birthday, a name counts as the same
FIND: Final = "select child_id, visible, alike, same_birth, same_number from casework_find(%s, %s, %s, %s)"
WHOM: Final = "select child_key, agency_id, since from casework_whom_to_ask(%s)"


@dataclass(frozen=True)
class Terms:
    """What is looked for. At least one has to be given."""

    name: str = ""
    birth_on: date | None = None
    number: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was given that could be looked for."""
        return not (self.name.strip() or self.birth_on or self.number.strip())


@dataclass(frozen=True)
class Hit:
    """A child whom the person may see, and what agrees with what was looked for."""

    child: Child
    same_number: bool
    same_birth: bool
    same_name: bool


@dataclass(frozen=True)
class Elsewhere:
    """A child whom the person may not see, but who is surely the one looked for: whom to ask. No more is said."""

    child_key: str
    agencies: tuple[Agency, ...]


@dataclass(frozen=True)
class Found:
    """What a search gives. `more`: there were more than are shown."""

    hits: tuple[Hit, ...]
    elsewhere: tuple[Elsewhere, ...]
    more: bool


def search_children(acting: Acting, terms: Terms) -> Found:
    """Look for children, and record it. Same number first, then same birthday, then the closest name.

    Where a run has left its index, the children whom it takes for the one looked for come after them. A child whom the
    person may not see is told of only where the number is the same, or birthday and name are, or the index says that
    nobody else can be meant; a restricted one never is. Raises RefusedError, PurposeNeededError.
    """
    check_role(acting.user, "search")
    rows = [] if terms.empty else _with_the_index(_look(terms), terms)
    hits = _hits(acting.user, [row for row in rows if row[1]][:MOST])
    sure = [row for row in rows if not row[1] and (row[4] or row[5] or (row[3] and row[2] >= SURE))]
    elsewhere = tuple(found for row in sure if (found := _whom_to_ask(row[0])))
    given = {"name": fold(terms.name), "birth_on": str(terms.birth_on or ""), "number": _number(terms.number)}
    searching(acting, given, found=[hit.child.pk for hit in hits], elsewhere=len(elsewhere))
    return Found(hits, elsewhere, len(rows) > MOST)


def _look(terms: Terms) -> list[tuple[Any, ...]]:
    numbers = [_number(terms.number), terms.number.strip()] if terms.number.strip() else []
    with connection.cursor() as cursor:
        cursor.execute(FIND, [grams(fold(terms.name)[:200]), terms.birth_on, numbers, MOST + 1])
        return list(cursor.fetchall())


def _with_the_index(rows: list[tuple[Any, ...]], terms: Terms) -> list[tuple[Any, ...]]:
    """What casework found by letters, then what the index knows besides; last of each row, whether it alone can be."""
    known = {row[0] for row in rows}
    found, sure = in_the_index(terms.name, terms.birth_on)
    surely = {child for child, _visible in found if sure}
    more = [(child, visible, 0.0, False, False) for child, visible in found if child not in known]
    return [(*row, row[0] in surely) for row in (*rows, *more)]


def _number(text: str) -> str:
    """A number as records keep it: without blanks, in capitals."""
    return "".join(text.split()).upper()[:60]


def _hits(user: User, rows: Iterable[tuple[Any, ...]]) -> tuple[Hit, ...]:
    by_id = {row[0]: row for row in rows}
    children = children_visible_to(user).filter(pk__in=by_id).select_related("face", "area").in_bulk()
    return tuple(
        Hit(children[pk], same_number=row[4], same_birth=row[3], same_name=row[2] >= SURE)
        for pk, row in by_id.items()
        if pk in children
    )


def _whom_to_ask(child_id: int) -> Elsewhere | None:
    with connection.cursor() as cursor:
        cursor.execute(WHOM, [child_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    agencies = Agency.objects.in_bulk([row[1] for row in rows])
    return Elsewhere(rows[0][0], tuple(agencies.values()))
