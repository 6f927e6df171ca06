"""Why two records are one child or are not, and why a child's records are together: in words, as data, as a picture."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from trigpoint.errors import NotFoundError, SettingsError
from trigpoint.linkage.explaining.as_data import cluster_data, pair_data
from trigpoint.linkage.explaining.explain import PairExplanation, explain_pairs
from trigpoint.linkage.scoring.model import load_model
from trigpoint.report.figures import Figure
from trigpoint.report.why import cluster, render_why, waterfall
from trigpoint.services.current import show_current
from trigpoint.services.keep_timelines import show_kept_records
from trigpoint.services.link_records import link_settings, model_file
from trigpoint.services.workspace import Workspace

ENDINGS = (".json", ".svg", ".html")
MOST_RECORDS = 25  # of a child: pairs grow with the square

NEAR = """
    with own as (select record_id from links where child_key = $child),
    near as (
        select record_id from own
        union select record_a from known_edges where record_b in (from own)
        union select record_b from known_edges where record_a in (from own))
    select record_id, child_key, agency from (
        select record_id, l.child_key, any_value(r.agency) as agency
        from near join links l using (record_id) join records r using (record_id) group by all)
    order by child_key <> $child, record_id
"""


@dataclass(frozen=True)
class Explained:
    """An explanation in words (`lines`), as data (see `linkage.explaining.as_data`) and as pictures with tables."""

    title: str
    lines: tuple[str, ...]
    data: dict[str, Any]
    figures: tuple[Figure, ...]


def explain_two(workspace: Workspace, a: str, b: str, *, older: bool = False) -> Explained:
    """Explain what is said of two records, whether or not they were ever compared.

    With `older`, records kept ready before newer rows came will do. Raises NotFoundError.
    """
    _ready(workspace, kept=show_kept_records(workspace, of_records=(a, b), older=older) is not None)
    [pair] = _explain(workspace, [(a, b)])
    data = pair_data(pair, link_settings(workspace))
    lines = tuple(str(pair).splitlines())
    return Explained("Why these two records", lines, data, (waterfall(data),))


def explain_child(workspace: Workspace, child_key: str, *, older: bool = False) -> Explained:
    """Explain why a child's records are together, with the records that a question or a rule ties to them.

    With `older`, records and links kept ready before newer rows came will do. Raises NotFoundError where there is no
    such child.
    """
    _ready(workspace, kept=show_kept_records(workspace, of_child=child_key, older=older) is not None)
    rows = workspace.con.execute(NEAR, {"child": child_key}).fetchall()
    own = [record for record, child, _ in rows if child == child_key]
    if not own:
        raise NotFoundError(
            f"There is no child '{child_key}'.", mend="Child keys stand in the report and in the export 'clusters'."
        )
    near = rows[: MOST_RECORDS + len(own)] if len(own) <= MOST_RECORDS else rows[:MOST_RECORDS]
    agencies = workspace.partnership.pack.agencies
    records = [{"record": r, "child": c, "agency": agencies[agency].title} for r, c, agency in near]
    pairs = _explain(workspace, _pairs(own[:MOST_RECORDS], [record["record"] for record in records]))
    data = cluster_data(pairs, link_settings(workspace), records=records, child=child_key)
    drawn = cluster(data)
    weakest = _weakest(data)
    figures = [drawn, waterfall(weakest) if weakest else None]
    lines = [line for pair in pairs if pair.verdict != "none" for line in str(pair).splitlines()]
    title = f"Why these records are child {child_key}"
    return Explained(title, tuple(lines), data, tuple(figure for figure in figures if figure))


def keep_explanation(explained: Explained, output: Path, *, invented: bool) -> None:
    """Write an explanation: data (.json), the first picture (.svg) or a page with pictures and tables (.html).

    The file appears whole or not at all. Raises SettingsError for another ending.
    """
    ending = output.suffix.lower()
    if ending not in ENDINGS:
        raise SettingsError(
            f"An explanation is kept as data, a picture or a page, not as '{ending or 'a file without ending'}'.",
            where=str(output),
            mend=f"Let the file's name end in one of: {', '.join(ENDINGS)}.",
        )
    half = output.with_name(output.name + ".part")
    try:
        half.write_text(_written(explained, ending, invented=invented), encoding="utf-8")
        os.replace(half, output)
    finally:
        half.unlink(missing_ok=True)


def _written(explained: Explained, ending: str, *, invented: bool) -> str:
    if ending == ".json":
        return json.dumps(explained.data, indent=1, ensure_ascii=False) + "\n"
    if ending == ".html":
        return render_why(explained.figures, title=explained.title, invented=invented, lines=explained.lines)
    if not explained.figures:
        raise SettingsError("There is nothing to draw.", mend="A child of one record was joined with nothing.")
    return str(explained.figures[0].svg) + "\n"


def _ready(workspace: Workspace, *, kept: bool) -> None:
    """The views that are read beside those of what is `kept`; all of them where nothing is."""
    if not kept:
        show_current(workspace)
        workspace.store.scan(workspace.con, "links")
    for table in ("judgements", "edges"):
        workspace.store.scan(workspace.con, table, name=f"known_{table}")
    if not model_file(workspace).is_file():
        raise NotFoundError(
            "The model that made the links is gone.", where="the store", mend="Learn it anew with: trigpoint run FOLDER"
        )


def _explain(workspace: Workspace, pairs: Sequence[tuple[str, str]]) -> list[PairExplanation]:
    return explain_pairs(
        workspace.con,
        pairs,
        model=load_model(model_file(workspace)),
        records_view="records",
        settings=link_settings(workspace),
        judgements="known_judgements",
        known_links="links",
    )


def _pairs(own: Sequence[str], all_: Sequence[str]) -> list[tuple[str, str]]:
    """Every pair with a record of the child in it."""
    held = set(own)
    return [pair for pair in combinations(all_, 2) if held & set(pair)]


def _weakest(data: dict[str, Any]) -> dict[str, Any] | None:
    """The joined pair with least evidence: the one to look at first."""
    joined = [pair for pair in data["pairs"] if pair["line"] == "joined" and pair["held"]]
    return min(joined, key=lambda pair: pair["weight"], default=None)
