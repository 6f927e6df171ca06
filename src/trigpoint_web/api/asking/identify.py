"""Who is meant: one child surely, somebody to be chosen by a person, or nobody that may be known.

The core's index is asked first (`services.find_child`); then casework's own names and numbers, since a child may have
been made here since the last run. A child whom the system may not see and who is restricted is never there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db import connection

from trigpoint.errors import IndexUnfitError, LinkageError, NotFoundError, StoreError
from trigpoint.services.find_child import find_child
from trigpoint_web.api.asking.shapes import Person
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.grams import fold, grams
from trigpoint_web.casework.queries.child_page import partnership_folder
from trigpoint_web.casework.queries.search import SURE

MOST: Final = 10
# Those whom the core found, and those whom casework finds: both are asked of every time, in one question.
FIND: Final = """
    select true, child_id, visible from api_children_of(%s)
    union all select false, child_id, visible from casework_find_sure(%s, %s, %s, %s, %s)
"""


@dataclass(frozen=True)
class Meant:
    """`one`: the child is sure. `seen` are ids of those whom the system may see, `unseen` of the others."""

    answer: Literal["one", "ask", "none"]
    seen: tuple[int, ...] = ()
    unseen: tuple[int, ...] = ()


def who_is_meant(person: Person) -> Meant:
    """Find the child. Runs the same questions whether a child is not there or not to be known.

    Raises FaultyFormError where what was given cannot be, never repeating it.
    """
    answer, keys = _in_the_core(person)
    found = _rows(FIND, [list(keys), *_asked(person), SURE, MOST])
    rows = [one for in_core, *one in found if in_core] or [one for _in_core, *one in found]
    sure = answer != "ask" and len(rows) == 1
    seen = tuple(child for child, visible in rows if visible)
    unseen = tuple(child for child, visible in rows if not visible)
    return Meant("one" if sure else "ask" if rows else "none", seen, unseen)


def _in_the_core(person: Person) -> tuple[str, tuple[str, ...]]:
    try:
        found = find_child(
            partnership_folder(),
            given=person.given_names or None, family=person.surname or None, born=person.born,
            sex=person.sex or None, postcode=person.postcode or None, nhs_number=person.nhs_number or None,
            upn=person.upn or None, phone=person.phone or None, number=person.number or None,
        )  # fmt: skip
    except (NotFoundError, StoreError, IndexUnfitError):  # no index, or none of this version: our own names have to do
        return "none", ()
    except LinkageError as fault:
        raise FaultyFormError({"person": " ".join(filter(None, (fault.what, fault.mend)))}) from fault
    return found.answer, tuple(one.child_key for one in found.candidates)[:MOST]


def _asked(person: Person) -> list[Any]:
    given = [person.nhs_number, person.upn, person.number.partition(":")[2]]
    numbers = ["".join(one.split()).upper()[:60] for one in given if one]
    return [grams(fold(f"{person.given_names} {person.surname}")), person.born, numbers]


def _rows(query: str, given: list[Any]) -> list[tuple[bool, int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())
