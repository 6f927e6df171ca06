"""The page on the unseen: one self-contained file, no script, nothing fetched."""

from __future__ import annotations

from typing import Any

from trigpoint.report.figures import DataTable
from trigpoint.report.standalone import draw_page
from trigpoint.report.unseen import pictures, tables


def render_unseen(report: dict[str, Any], *, title: str, made_on: str = "") -> str:
    """The page as text, from the dictionary of a report on capture histories (`Report.as_dict`)."""
    whole = [one for one in report["estimates"] if one["total"] is not None]
    return draw_page(
        "unseen.html",
        title=title,
        made_on=made_on,
        report=report,
        figures={"upset": pictures.upset(report), "estimates": pictures.estimates(report)},
        tables=_tables(report),
        answered=len(whole),
        whole=tables.whole,
    )


def _tables(report: dict[str, Any]) -> dict[str, DataTable | None]:
    made = {
        "lists": tables.lists_table(report),
        "assumptions": tables.assumptions_table(report["estimates"]),
        "near": tables.near_table(report),
        "predicted": tables.predicted_table(report),
        "redrawn": tables.redrawn_table(report),
        "depending": tables.depending_table(report),
        "relinked": tables.relinked_table(report),
        "strata": tables.strata_table(report),
    }
    return {name: table if table.rows else None for name, table in made.items()}
