"""Who sees which question and judgement, and that none of them changes."""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.casework.walls import SEES_ALL, guarded, guarded_through, never_changes
from trigpoint_web.running.roles import WEB_ROLE

NEVER_CHANGE = ["review_linkquestion", "review_judgement", "review_keyquestion", "review_keyanswer"]


def both(table: str, one: str, other: str) -> str:
    """SQL that guards a table whose rows concern two children: both have to be visible."""
    rules = (SEES_ALL.format(column=f"{table}.{column}") for column in (one, other))
    return guarded(table, " and ".join(rules))


WALLS = "".join(
    [
        both("review_linkquestion", "child_a_id", "child_b_id"),
        both("review_judgement", "child_a_id", "child_b_id"),
        both("review_keyquestion", "old_id", "new_id"),
        guarded_through("review_standingquestion", "review_linkquestion", column="question_id"),
        guarded_through("review_keyanswer", "review_keyquestion", column="question_id"),
    ]
)
RIGHTS = "".join(
    f"revoke insert, update, delete, truncate on {table} from {WEB_ROLE};"
    for table in ("review_linkquestion", "review_standingquestion", "review_keyquestion")
)


class Migration(migrations.Migration):
    """The second wall of review."""

    dependencies: ClassVar = [("review", "0001_initial"), ("casework", "0002_walls")]
    operations: ClassVar = [migrations.RunSQL(WALLS + RIGHTS + never_changes(NEVER_CHANGE))]
