"""Months replayed for everybody at once, against the run itself and against one child replayed alone."""

from datetime import date, datetime, time

import pytest

from riverside import AS_AT
from trigpoint.services.current import show_current
from trigpoint.services.replay_child import replay_child
from trigpoint.services.replay_months import month_ends, replay_months
from trigpoint.services.workspace import open_workspace

EARLIER = date(2025, 8, 31)


@pytest.fixture(scope="module")
def replayed(small_ran):
    """Three months by what was learnt by then, and with everything shared at once; and the proposals of the run."""
    with open_workspace(small_ran.folder) as workspace:
        for table in ("links", "coverage", "children", "proposals"):
            workspace.store.scan(workspace.con, table)
        days = [date(2024, 2, 29), EARLIER, AS_AT]
        learnt = replay_months(workspace, days)
        happened = replay_months(workspace, days, told="happened")
        stand = set(workspace.con.execute("select child_key, rule from proposals").fetchall())
    return learnt.to_pylist(), happened.to_pylist(), stand


def at(rows, day):
    return {(row["child_key"], row["rule"]) for row in rows if row["month_end"] == day}


def test_the_last_day_shows_what_the_run_proposed(replayed):
    learnt, happened, stand = replayed
    assert stand
    assert at(learnt, AS_AT) == at(happened, AS_AT) == stand


def test_earlier_days_show_less_and_every_row_has_form_and_kind(replayed):
    learnt, happened, stand = replayed
    assert 0 < len(at(learnt, EARLIER)) < len(stand)
    assert at(learnt, EARLIER) <= at(happened, EARLIER) or len(at(happened, EARLIER)) >= len(at(learnt, EARLIER))
    assert all(row["form"] for row in learnt)
    assert {row["statement"] for row in learnt} == {True, False}


def test_a_child_replayed_alone_has_the_same_proposals(small_ran, replayed):
    learnt, _, stand = replayed
    then = at(learnt, EARLIER)
    known = sorted({child for child, _ in then})
    later = sorted({child for child, _ in stand} - set(known))
    with open_workspace(small_ran.folder) as workspace:
        for table in ("links", "coverage", "children"):
            workspace.store.scan(workspace.con, table)
        show_current(workspace, known_at=datetime.combine(EARLIER, time.max))
        for child in [*known[:2], *later[:1]]:
            alone = {row["rule"] for row in replay_child(workspace, child, as_at=EARLIER).proposals}
            assert alone == {rule for one, rule in then if one == child}


def test_months_end_on_their_last_days_and_the_row_on_the_day_asked():
    assert month_ends(date(2024, 1, 15), date(2024, 4, 10)) == [
        date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 10)
    ]  # fmt: skip
    assert month_ends(date(2024, 11, 1), date(2025, 1, 31))[-1] == date(2025, 1, 31)
    assert len(month_ends(date(2024, 11, 1), date(2025, 1, 31))) == 3
    assert month_ends(date(2025, 5, 9), date(2025, 5, 9)) == [date(2025, 5, 9)]
