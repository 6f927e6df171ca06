"""What was known on a day: later facts, later corrections and later ends are not in a replay of it. All invented."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from riverside import exported
from trigpoint.errors import NotFoundError
from trigpoint.services.keep_timelines import attach_timelines, keep_timelines
from trigpoint.services.read_timeline import read_timeline
from trigpoint.services.run_partnership import run_partnership
from trigpoint.services.show_child import show_child
from trigpoint.services.workspace import open_workspace

SETTINGS = """
name = "A small invented place"
invented = true
[period]
from = 2024-01-01
[[areas]]
code = "RV"
name = "Riverside"
postcodes = ["RV"]
[[sources]]
name = "{agency}"
title = "{agency}"
agency = "{agency}"
[sources.agreement]
lawful_basis = "invented"
purposes = ["a test"]
retention_years = 7
[[sources.feeds]]
name = "list"
files = ["sources/{agency}/*.csv"]
mapping = "{agency}_list"
learnt_when_unstated = "happened"
[[sources.coverage]]
kinds = ["{kind}"]
from = 2024-01-01
to = 2025-12-31
"""
PERSON = "person: {local_id: Child, given_names: First, surname: Last, birth_on: Born, nhs_number: NHS}"
MAPPING = """mapping: {name}_list
version: 1
title: An invented list
key: [Ref]
dates: ["%d/%m/%Y"]
{person}
{rest}
"""
MISSING = """learnt_at: Reported
events: [{kind: missing, happened_at: From, ended_at: To, attributes: {risk: Risk}}]"""
PLACED = "events: [{kind: placement, happened_at: From, ended_at: To}]"
HEAD = "Ref,Child,First,Last,Born,NHS,From,To,Reported,Risk\n"
CHILD = "17,Rowan,Tindle,02/03/2010,9990000018"
FIRST = f"""{HEAD}M1,{CHILD},10/01/2025,14/01/2025,11/01/2025,low
M4,{CHILD},02/01/2025,03/01/2025,02/01/2025,medium
M5,{CHILD},06/01/2025,07/01/2025,06/01/2025,medium
"""
SECOND = f"""{HEAD}M1,{CHILD},10/01/2025,14/01/2025,11/01/2025,high
M2,{CHILD},20/01/2025,21/01/2025,05/03/2025,medium
M3,{CHILD},25/01/2025,27/01/2025,26/02/2025,medium
"""
CARE = f"Ref,Child,First,Last,Born,NHS,From,To\nP1,{CHILD},01/06/2024,01/08/2025\n"
BETWEEN = date(2025, 2, 15)


@dataclass(frozen=True)
class Shown:
    """The partnership after all had come, its child, and the child in words as a run of BETWEEN told it."""

    folder: Path
    child: str
    then: str


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place") / "place"
    for agency in ("police", "childrens_services"):
        (folder / "sources" / agency).mkdir(parents=True)
    (folder / "mappings").mkdir()
    second = SETTINGS.format(agency="childrens_services", kind="placement").partition("[[sources]]")
    (folder / "partnership.toml").write_text(SETTINGS.format(agency="police", kind="missing") + "".join(second[1:]))
    for name, rest in (("police", MISSING), ("childrens_services", PLACED)):
        text = MAPPING.format(name=name, person=PERSON, rest=rest)
        (folder / "mappings" / f"{name}_list.yaml").write_text(text)
    (folder / "sources/childrens_services/placed_2025-01-15.csv").write_text(CARE)
    (folder / "sources/police/missing_2025-02-01.csv").write_text(FIRST)
    run_partnership(folder, report=folder / "report.html", as_at=BETWEEN)
    (child,) = set(exported(folder, "clusters", folder)["child_key"].to_pylist())

    with open_workspace(folder) as workspace:
        then = "\n".join(show_child(workspace, child))
    (folder / "sources/police/missing_2025-04-01.csv").write_text(SECOND)
    run_partnership(folder, report=folder / "report.html", as_at=date(2025, 12, 31))
    return Shown(folder, child, then)


def events(shown: Shown, day: date | None) -> str:
    """The child's events in words, as known on that day."""
    with open_workspace(shown.folder) as workspace:
        timeline = read_timeline(workspace, shown.child, as_at=day)
    return "\n".join(f"{one.happened_at:%Y-%m-%d} to {one.ended_at} {one.said}" for one in timeline.events)


def part(text: str, heading: str) -> str:
    return text.partition(f"\n{heading}\n")[2].partition("\n\n")[0]


def test_a_replay_says_what_a_run_of_that_day_said(shown):
    with open_workspace(shown.folder) as workspace:
        replayed = "\n".join(show_child(workspace, shown.child, as_at=BETWEEN))
        now = "\n".join(show_child(workspace, shown.child))
    for heading in ("PROPOSED MARKERS, for a person to decide", "FINDINGS"):
        assert part(replayed, heading) == part(shown.then, heading) != ""
    assert "missing 3 times" in part(replayed, "FINDINGS")
    assert part(now, "FINDINGS") != part(replayed, "FINDINGS")


def test_what_had_not_been_learnt_is_left_out(shown):
    assert "2025-01-10" not in events(shown, date(2025, 1, 10))  # it happened, and was reported a day later
    assert "2025-01-10" in events(shown, date(2025, 1, 11))
    assert "2025-01-20" not in events(shown, date(2025, 3, 4))
    assert "2025-01-20" in events(shown, date(2025, 3, 5))


def test_a_correction_counts_from_the_day_it_was_received(shown):
    before, after = events(shown, date(2025, 3, 31)), events(shown, date(2025, 4, 1))
    assert "low" in before
    assert "high" not in before
    assert "high" in after
    assert "low" not in after


def test_a_spell_ends_only_once_it_has_ended(shown):
    assert "to 2025-08-01" not in events(shown, date(2025, 7, 31))
    assert "to 2025-08-01" in events(shown, date(2025, 8, 1))
    assert "to 2025-08-01" in events(shown, None)


def test_timelines_kept_ready_say_what_the_store_says_on_every_day(shown, tmp_path):
    """Corrections, a row that was taken back, and a spell that ends later: on each day something was learnt."""
    folder = shutil.copytree(shown.folder, tmp_path / "place")
    days = [*(date(2025, month, day) for month in range(1, 9) for day in (1, 10, 11, 20)), date(2025, 12, 31), None]
    with open_workspace(folder) as workspace:
        plain = [read_timeline(workspace, shown.child, as_at=day) for day in days]
    with open_workspace(folder, turn="keep timelines ready") as workspace:
        keep_timelines(workspace)
    with open_workspace(folder) as workspace:
        assert attach_timelines(workspace)
        assert [read_timeline(workspace, shown.child, as_at=day, alone=True) for day in days] == plain
        assert len({len(one.events) for one in plain}) > 3
        with pytest.raises(NotFoundError, match="no child"):
            read_timeline(workspace, "CAAAAAAAAAA", alone=True)


def test_a_child_that_is_not_there_is_named_as_such(shown):
    with open_workspace(shown.folder) as workspace, pytest.raises(NotFoundError, match="no child"):
        read_timeline(workspace, "CAAAAAAAAAA", as_at=BETWEEN)
