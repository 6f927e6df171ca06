"""Every answer of the last run, also 'not met' and 'not known': worked out when asked for, for they are many."""

from __future__ import annotations

from datetime import date

from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.errors import NotFoundError
from trigpoint.rules.reading import read_indicators
from trigpoint.services.gather_facts import gather_facts
from trigpoint.services.workspace import Workspace


def last_day(workspace: Workspace) -> date:
    """The day up to which the last finished run looked. Raises NotFoundError where none has finished."""
    runs = workspace.store.read("runs", columns=["at", "as_at", "state"]).to_pylist()
    done = [run for run in runs if run["state"] == "done"]
    if not done:
        raise NotFoundError("No run has finished here yet.", mend="First: trigpoint run FOLDER")
    day: date = max(done, key=lambda run: run["at"])["as_at"]
    return day


def answer_all(workspace: Workspace) -> None:
    """Make the view `unmet_answers` (child_key, indicator, version, answer, missing) as the last run saw it.

    Needs the views of `show_current` and `links`.
    """
    for table in ("coverage", "children"):
        workspace.store.scan(workspace.con, table)
    facts = gather_facts(workspace, as_at=last_day(workspace))
    indicators = read_indicators(workspace.partnership.pack)
    answers = DuckDBEngine(workspace.con).answer(indicators, facts)
    workspace.con.execute(f"create or replace temp view unmet_answers as {answers.unmet_sql()}")
