"""Say which groups of children are recognised less or more often than others in whom the same was seen."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from trigpoint.counts.recognised import RECOGNISED, children_with_findings, recognition
from trigpoint.report.assessment.data import Recognition
from trigpoint.rules.reading import read_indicators
from trigpoint.services.answer_all import last_day
from trigpoint.services.know_children import statements
from trigpoint.services.workspace import Workspace


def recognised(workspace: Workspace) -> list[Recognition]:
    """Readings by group and way, without a count: a ratio stands only where none of those who make it are few.

    Needs the views of `show_current` and a finished run.
    """
    con = workspace.con
    for table in ("findings", "proposals", "links", "children"):
        workspace.store.scan(con, table)
    indicators = read_indicators(workspace.partnership.pack)
    themes = pa.table({"indicator": [one.id for one in indicators], "theme": [one.theme for one in indicators]})
    children = children_with_findings(con, themes=themes, statements=statements(workspace), as_at=last_day(workspace))
    least = workspace.partnership.counts.suppress_up_to
    names = {area.code: area.name for area in workspace.partnership.areas}
    found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for row in recognition(children) if len(children) else []:
        by, group = row["by"], names.get(row["group"], row["group"])
        found.setdefault((_said(by), group), {})[RECOGNISED[row["way"]]] = _reading(row, least=least)
    return [Recognition(by, group, readings) for (by, group), readings in found.items()]


def _reading(row: dict[str, Any], *, least: int) -> tuple[str, str]:
    """A reading and its ratio with limits; too few where the group, or those recognised or compared, are few."""
    low, high = row["low"], row["high"]
    few = min(row["children"], row["recognised"], row["children"] - row["recognised"], row["compared"]) <= least
    if few or row["ratio"] is None or low is None or high is None:
        return "too few to say", ""
    return row["reading"], f"{row['ratio']:.2f} ({low:.2f} to {high:.2f})"


def _said(word: str) -> str:
    return word[:1].upper() + word[1:]
