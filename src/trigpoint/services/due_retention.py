"""What agencies' agreements ask to have deleted from the store, and when the next of it falls due. Deletes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trigpoint.services.forget_data import DAYS_IN_A_YEAR
from trigpoint.services.workspace import Workspace


@dataclass(frozen=True)
class SourceDue:
    """One source: for how many years its agreement lets rows be kept, how many are past that, when the next will be.

    `next_at` is None where nothing of the source is held within its time.
    """

    source: str
    title: str
    retention_years: float
    rows_due: int
    next_at: datetime | None


def due_retention(workspace: Workspace, *, today: datetime | None = None) -> list[SourceDue]:
    """The sources in the order of the settings, counted as `apply_retention` would delete them."""
    now = today or datetime.now()
    workspace.store.scan(workspace.con, "sightings")
    found = []
    for source in workspace.partnership.sources:
        kept_for = timedelta(days=DAYS_IN_A_YEAR * source.agreement.retention_years)
        due, oldest = workspace.con.execute(
            """select count(distinct row_id) filter (where learnt_at < $before),
                min(learnt_at) filter (where learnt_at >= $before)
               from sightings where source = $source and row_id is not null""",
            {"before": now - kept_for, "source": source.name},
        ).fetchone() or (0, None)
        found.append(
            SourceDue(source.name, source.title, source.agreement.retention_years, due, oldest and oldest + kept_for)
        )
    return found
