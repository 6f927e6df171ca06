"""Whom the index that the last run left takes for the one looked for: it knows spellings, sounds and short forms."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import connection

from trigpoint.errors import TrigpointError
from trigpoint.services.find_child import find_child
from trigpoint_web.casework.queries.child_page import partnership_folder

# Keys as children here, restricted ones and those of one's own kin left out (api/migrations/0002_walls.py).
THESE: Final = "select child_id, visible from api_children_of(%s)"
MOST: Final = 10


def in_the_index(name: str, born: date | None) -> tuple[list[tuple[int, bool]], bool]:
    """Numbers of the children and whether the person may see each; and whether one alone can be meant.

    Nothing where no index is there, or too little is known to ask it: casework's own search has to do then.
    """
    given, _space, family = name.strip().rpartition(" ")
    if not family or born is None:
        return [], False
    try:
        found = find_child(partnership_folder(), given=given or None, family=family, born=born)
    except TrigpointError:
        return [], False
    keys = [one.child_key for one in found.candidates][:MOST]
    with connection.cursor() as cursor:
        cursor.execute(THESE, [keys])
        return list(cursor.fetchall()), found.answer == "one"
