"""Who sees which decision, action, note and plan, and which of them never change."""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.casework.walls import SEES_ALL, guarded, guarded_by_child, guarded_through, never_changes

MINE_OR_CHILD = SEES_ALL.format(column="response_action.child_id")
WALLS = "".join(
    [
        *(
            guarded_by_child(table)
            for table in (
                "response_agendaitem", "response_decision", "response_note", "response_safetyplan",
                "response_thingchild",
            )
        ),
        guarded_through("response_minute", "response_agendaitem", column="item_id"),
        guarded_through("response_planversion", "response_safetyplan", column="plan_id"),
        guarded_through("response_returninterview", "casework_missingepisode", column="episode_id"),
        guarded("response_action", f"child_id is null or {MINE_OR_CHILD}"),
        guarded_through("response_actionstep", "response_action", column="action_id"),
    ]
)  # fmt: skip
NEVER_CHANGE = ["response_minute", "response_actionstep", "response_planversion", "response_returninterview"]
ONLY_MOVE = ["response_decision", "response_action", "response_note", "response_safetyplan", "response_agendaitem"]


class Migration(migrations.Migration):
    """The second wall of response."""

    dependencies: ClassVar = [("response", "0001_initial"), ("casework", "0002_walls")]
    operations: ClassVar = [
        migrations.RunSQL(WALLS + never_changes(NEVER_CHANGE) + never_changes(ONLY_MOVE, but_moves=True))
    ]
