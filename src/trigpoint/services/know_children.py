"""Work out what is known beyond the tables of a run: flows, waits, agreement, areas, who is missed, unsure links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from trigpoint.counts.comparing import Population, compare_areas, of_year, read_populations
from trigpoint.counts.drawn import limits
from trigpoint.counts.flows import (
    chances,
    coefficients,
    first_seen,
    flows,
    flows_by_year,
    own_marks,
    pairs,
    referred_again,
    waiting,
    waits,
)
from trigpoint.counts.recognised import children_with_findings, not_said, recognition, silent_months
from trigpoint.counts.recording import recording
from trigpoint.rules.policy import indicators_of, read_policy
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.tree import selected_kinds
from trigpoint.services.answer_all import last_day
from trigpoint.services.count_children import count_children, keep_also, keep_limits
from trigpoint.services.current import show_current
from trigpoint.services.describe_children import describe_children
from trigpoint.services.draw_counts import draw_counts
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.replay_months import month_ends, replay_months
from trigpoint.services.workspace import Workspace, arrow

FILE_NAME: Final = "populations.csv"
STATED: Final = frozenset({
    "marker_set", "marker_ended", "nrm_referral", "nrm_reasonable_grounds", "nrm_conclusive_grounds",
    "assessment_factor",
})  # fmt: skip
LEVELS: Final = {
    "postcode districts": "split_part(c.postcode, ' ', 1)",
    "postcode sectors": "regexp_extract(c.postcode, '^[A-Z0-9]+ [0-9]')",
}
COUNTED: Final = {
    "proposed": "select distinct child_key from proposals",
    "referred": "select distinct child_key from events join links using (record_id) where kind = 'nrm_referral'",
}


@dataclass(frozen=True)
class Asked:
    """How far to look: `months` back (None: all of the period), `draws` of other clusterings (0: none), the file of
    populations (None: populations.csv of the partnership, where there is one), and whether months are also replayed
    as if every agency had shared everything at once."""

    months: int | None = None
    draws: int = 100
    populations: Path | None = None
    as_if_shared: bool = False


def know_children(workspace: Workspace, asked: Asked, *, progress: Progress = SILENT) -> dict[str, Any]:
    """Work out all of it for the last finished run, as plain data, and keep what may leave.

    The keys are those that `report.known` draws. The published counts of the run are made again together with the
    tables of flows, and how far unsure links move them is kept beside them: `trigpoint export FOLDER counts` has both.
    Raises NotFoundError where no run has finished, CountsError for a file of populations that cannot be right.
    """
    as_at = last_day(workspace)
    populations = _populations(workspace, asked.populations)
    show_current(workspace)
    for table in ("links", "coverage", "findings", "proposals", "edges"):
        workspace.store.scan(workspace.con, table)
    describe_children(workspace, as_at=as_at)
    every = month_ends(workspace.partnership.period.from_on, as_at)
    days = every[-(asked.months or len(every)) :]
    progress.stage("Replaying earlier months")
    history = replay_months(workspace, days, progress=progress)
    shared = replay_months(workspace, days, told="happened", progress=progress) if asked.as_if_shared else None
    progress.stage("Comparing")
    known = {
        **_about(workspace, as_at),
        "whole": days == every,
        "flows": flows(history, days).to_pylist(),
        **_over_time(workspace, history, shared, as_at=as_at, since=days[0]),
        "areas": [_areas(workspace, populations, what, as_at=as_at) for what in COUNTED] if populations else None,
        **_missed(workspace, as_at=as_at),
    }
    if not known["whole"]:  # who was known before the months replayed cannot be seen in them
        del known["waits"]["proposed"]
    by_year = [flows_by_year(history, days)] if known["whole"] else []
    known["links"] = _publish(workspace, by_year, as_at=as_at, draws=asked.draws, progress=progress)
    return known


def _populations(workspace: Workspace, given: Path | None) -> list[Population]:
    own = workspace.partnership.folder / FILE_NAME
    path = given or (own if own.is_file() else None)
    return [] if path is None else read_populations(path, areas=[area.code for area in workspace.partnership.areas])


def statements(workspace: Workspace) -> list[str]:
    """The indicators that only repeat what a professional has stated: that the child is recognised already.

    Those that the policy's rules of statements look at, and those that look at no other kinds than STATED.
    """
    pack = workspace.partnership.pack
    named = {name for rule in read_policy(pack).rules if rule.statement for name in indicators_of(rule)}
    alone = {one.id for one in read_indicators(pack) if STATED.issuperset(selected_kinds(one.pattern))}
    return sorted(named | alone)


def _signs(workspace: Workspace) -> pa.Table:
    """Which kinds of event each indicator counts, those that only repeat a statement left out."""
    stated = set(statements(workspace))
    looks = [
        (one.id, kind)
        for one in read_indicators(workspace.partnership.pack)
        if one.id not in stated
        for kind in selected_kinds(one.pattern)
    ]
    return pa.table({"indicator": [name for name, _ in looks], "kind": [kind for _, kind in looks]})


def _about(workspace: Workspace, as_at: date) -> dict[str, Any]:
    partnership = workspace.partnership
    pack = partnership.pack
    return {
        "title": partnership.name,
        "folder": partnership.folder.name,
        "as_at": as_at.isoformat(),
        "invented": partnership.invented,
        "words": {
            "agencies": {name: agency.title for name, agency in pack.agencies.items()},
            "areas": {area.code: area.name for area in partnership.areas},
            "kinds": {name: kind.title for name, kind in pack.kinds.items()},
        },
        "children": {name: _one(workspace, f"select count(*) from ({query})") for name, query in COUNTED.items()}
        | {"known": _one(workspace, "select count(*) from children"),
           "found": _one(workspace, "select count(distinct child_key) from findings")},
    }  # fmt: skip


def _over_time(
    workspace: Workspace, history: pa.Table, shared: pa.Table | None, *, as_at: date, since: date
) -> dict[str, Any]:
    con, stated = workspace.con, statements(workspace)
    ratings, agencies = own_marks(con, statements=stated)
    waited = waits(con, history, as_at=as_at, signs=_signs(workspace))
    return {
        "waits": {
            what: {**waiting(told["days"], told["ended"]), "before": told["before"]} for what, told in waited.items()
        },
        "first_seen": first_seen(con, signs=_signs(workspace)).to_pylist(),
        "agreement": {"pairs": pairs(ratings, agencies), "all": coefficients(ratings)},
        "chances": chances(con, history, as_at=as_at, since=since),
        "chances_if_shared": None if shared is None else chances(con, shared, as_at=as_at, since=since),
        "again": referred_again(con, as_at=as_at, since=workspace.partnership.period.from_on),
    }


def _missed(workspace: Workspace, *, as_at: date) -> dict[str, Any]:
    con = workspace.con
    indicators = read_indicators(workspace.partnership.pack)
    themes = pa.table({"indicator": [one.id for one in indicators], "theme": [one.theme for one in indicators]})
    children = children_with_findings(con, themes=themes, statements=statements(workspace), as_at=as_at)
    return {
        "recognition": recognition(children),
        "silent": silent_months(recording(con, as_at=as_at)["recording"]),
        "not_said": not_said(con),
    }


def _areas(workspace: Workspace, populations: Sequence[Population], what: str, *, as_at: date) -> dict[str, Any]:
    """Areas of the partnership, and of each kind of small area that has populations, compared by one count."""
    nearest = of_year(populations, as_at.year)
    own = [nearest[area.code] for area in workspace.partnership.areas if area.code in nearest]
    made: dict[str, Any] = {"counts": what, "levels": []}
    levels = {"areas": ("c.area", own)}
    for level, column in LEVELS.items():
        sector = level == "postcode sectors"
        levels[level] = (column, [one for one in nearest.values() if one.small and (" " in one.area) == sector])
    for level, (column, held) in levels.items():
        if held:
            counted = arrow(
                workspace.con,
                f"""select coalesce({column}, 'not known') as area, count(*) as children
                    from ({COUNTED[what]}) semi join children using (child_key)
                    join children c using (child_key) group by all""",
            ).to_pylist()
            counts = {row["area"]: row["children"] for row in counted}
            made["levels"].append({"level": level, **compare_areas(counts, sorted(held, key=lambda one: one.area))})
    return made


def _publish(
    workspace: Workspace, by_year: Sequence[pa.Table], *, as_at: date, draws: int, progress: Progress
) -> dict[str, Any] | None:
    """Make the published counts again, with those of flows, and keep how far unsure links move them."""
    also = {
        table["table"][0].as_py(): table
        for table in (*by_year, first_seen(workspace.con, signs=_signs(workspace)))
        if table.num_rows
    }
    published = count_children(workspace, as_at=as_at, also=also, progress=progress)
    keep_also(workspace, also)
    if not draws:
        return None
    progress.stage("Counting under other links")
    drawn = draw_counts(workspace, as_at=as_at, draws=draws, progress=progress)
    frames = {
        name: arrow(workspace.con, f'select * from "counted_{name}"') for name in published.tables if name not in also
    }
    moved = limits(frames, drawn.by_draw, draws=draws)
    keep_limits(workspace, published, moved, draws=draws)
    more = sorted(drawn.children)
    low, high = more[int(0.025 * len(more))], more[-1 - int(0.025 * len(more))]
    progress.step(f"{plural(drawn.unsure, 'unsure pair')}; {plural(moved.num_rows, 'published cell')} can move")
    return {
        "draws": draws, "unsure": drawn.unsure, "fewer": min(0, low), "more": max(0, high),
        "moved": moved.to_pylist(), "cells": sum(table.num_rows for table in published.tables.values()),
    }  # fmt: skip


def _one(workspace: Workspace, query: str) -> int:
    row = workspace.con.sql(query).fetchall()
    return int(row[0][0])
