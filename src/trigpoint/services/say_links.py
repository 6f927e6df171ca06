"""Why these records are one child, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.services.read_timeline import ChildTimeline
from trigpoint.services.workspace import Workspace

EDGES = """
    select e.record_a, e.record_b, e.probability, e.decided_by, e.reason
    from edges e join links a on a.record_id = e.record_a join links b on b.record_id = e.record_b
    where a.child_key = $child and b.child_key = $child
    order by e.probability desc, e.record_a, e.record_b
"""


def say_links(workspace: Workspace, timeline: ChildTimeline) -> Iterator[str]:
    """Lines that name the child's records and, for each pair that was compared, how sure it is and what decided."""
    yield "\nWHY THESE RECORDS ARE ONE CHILD"
    for record in timeline.records:
        born = f", born {record.birth_on:%d/%m/%Y}" if record.birth_on else ""
        rows = "1 row" if record.rows == 1 else f"{record.rows} rows"
        agency = workspace.partnership.pack.agencies[record.agency].title
        yield f"  {record.record_id}  {agency} ({record.source}): {record.names}{born}, {rows}"
    workspace.store.scan(workspace.con, "edges")
    named = {record.record_id: record.source for record in timeline.records}
    for a, b, probability, decided_by, reason in workspace.con.execute(EDGES, {"child": timeline.child_key}).fetchall():
        if a in named and b in named:
            how = f"{decided_by}: {reason}" if reason else f"{decided_by}, {100 * probability:.1f} in 100"
            yield f"  {named[a]} {a} and {named[b]} {b}: {how}"
