"""Everything that the store holds of one child, row by row: what whoever asks for their own information is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from trigpoint.errors import NotFoundError
from trigpoint.services.read_timeline import read_timeline
from trigpoint.services.workspace import Workspace

# Each table with the column that names its rows, and what of it is the child's. Weights of single pairs are left to
# `why`; what is said of how names are spread names nobody.
OF_CHILD: Final = {
    "records": ("row_id", "record_id in (from own)"),
    "events": ("event_id", "record_id in (from own)"),
    "mentions": ("event_id", "event_id in (select event_id from events where record_id in (from own))"),
    "sightings": ("row_id", "record_id in (from own)"),
    "findings": ("finding_id", "child_key = $child"),
    "proposals": ("proposal_id", "child_key = $child"),
    "unanswered": ("indicator", "child_key = $child"),
    "questions": ("question_id", "record_a in (from own) or record_b in (from own)"),
    "judgements": ("judgement_id", "record_a in (from own) or record_b in (from own)"),
    "successions": ("new_key", "old_key = $child or new_key = $child"),
}


@dataclass(frozen=True)
class HeldRow:
    """One row of one table: `fields` are its columns that hold something; `said` is an event in plain words."""

    table: str
    row_id: str
    fields: dict[str, Any]
    said: str = ""


def gather_held(workspace: Workspace, child_key: str) -> list[HeldRow]:
    """Every row that the store holds of the child, older versions of a record included; by table, then by id.

    Raises NotFoundError where no record has this key.
    """
    said = {one.event_id: one.said for one in read_timeline(workspace, child_key, alone=True).events}
    con = workspace.con
    for table in ("links", *OF_CHILD):
        workspace.store.scan(con, table)
    if not con.execute("select 1 from links where child_key = ? limit 1", [child_key]).fetchone():
        raise NotFoundError(f"There is no child '{child_key}'.", mend="Child keys stand in the report.")
    held = []
    for table, (named, condition) in OF_CHILD.items():
        own = "with own as (select record_id from links where child_key = $child) "
        cursor = con.execute(f"{own} select * from {table} where {condition} order by all", {"child": child_key})
        columns = [column[0] for column in cursor.description or []]
        for row in cursor.fetchall():
            fields = {name: value for name, value in zip(columns, row, strict=True) if value not in (None, [], "")}
            held.append(HeldRow(table, str(fields.get(named, "")), fields, said.get(str(fields.get("event_id")), "")))
    return held
