"""Why these records are one child, in plain words: what agrees, what does not, and which rule or person decided."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.linkage.explaining.explain import explain_cluster
from trigpoint.linkage.scoring.model import load_model
from trigpoint.services.link_records import link_settings, model_file
from trigpoint.services.read_timeline import ChildTimeline
from trigpoint.services.workspace import Workspace

MOST_RECORDS = 25  # pairs grow with the square; a child with more records is told by its records alone


def say_links(workspace: Workspace, timeline: ChildTimeline) -> Iterator[str]:
    """Lines that name the child's records, then the joins that hold them together, and doubts among them."""
    yield "\nWHY THESE RECORDS ARE ONE CHILD"
    for record in timeline.records:
        born = f", born {record.birth_on:%d/%m/%Y}" if record.birth_on else ""
        rows = "1 row" if record.rows == 1 else f"{record.rows} rows"
        agency = workspace.partnership.pack.agencies[record.agency].title
        yield f"  {record.record_id}  {agency} ({record.source}): {record.names}{born}, {rows}"
    ids = [record.record_id for record in timeline.records]
    path = model_file(workspace)
    if len(ids) > MOST_RECORDS or not path.is_file():
        yield "  The joins are not told here: there are too many, or the model that made them is gone."
        return
    for table in ("judgements", "links"):
        workspace.store.scan(workspace.con, table, name=f"known_{table}")
    explained = explain_cluster(
        workspace.con,
        ids,
        load_model(path),
        judgements="known_judgements",
        known_links="known_links",
        settings=link_settings(workspace),
    )
    yield from (f"  {line}" for line in str(explained).splitlines())
