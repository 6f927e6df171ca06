"""From the linked lists of a run to an estimate of the unseen."""

import json

import pytest

from riverside import Ran
from trigpoint.counts.unseen import Settings, Verdict
from trigpoint.errors import NotFoundError, SettingsError
from trigpoint.services.estimate_unseen import estimate_unseen, lists_of_partnership, write_unseen
from trigpoint.services.workspace import arrow, open_workspace

FAST = Settings(resamples=100, chains=2, warm_up=10, sweeps=20, link_draws=40)


def lists(ran: Ran, **options):
    with open_workspace(ran.folder) as workspace:
        return lists_of_partnership(workspace, **options)


def test_every_child_with_a_finding_is_on_the_lists_of_those_who_saw_it(small_ran):
    found = lists(small_ran, of="found", by="source").histories
    with open_workspace(small_ran.folder) as workspace:
        workspace.store.scan(workspace.con, "findings")
        seen = arrow(
            workspace.con, "select child_key, list_distinct(flatten(list(sources))) as s from findings group by 1"
        )
    on = [row["s"] for row in seen.to_pylist()]
    assert found.seen == len(on)
    assert found.on_several == sum(len(sources) > 1 for sources in on)
    assert sorted(found.overlaps.diagonal()) == sorted(
        sum(name in sources for sources in on) for name in {one for sources in on for one in sources}
    )


def test_parts_are_the_same_children(small_ran):
    whole = lists(small_ran, of="found", strata="sex")
    assert sum(part.seen for part in whole.parts.values()) == whole.histories.seen


def test_lists_of_proposals_say_that_one_agency_alone_hardly_proposes(small_ran):
    found = lists(small_ran)
    assert "the estimate leans low" in found.made_from
    assert set(found.histories.lists) <= {"Police", "Bank", "Online platform", "Missing-persons service",
                                          "National Referral Mechanism log"}  # fmt: skip


def test_the_report_of_a_small_partnership_is_made_and_names_nobody(small_ran, tmp_path):
    found = lists(small_ran, of="found")
    report = estimate_unseen(found, methods=("independent", "stepwise"), settings=FAST)
    assert report.fitness.verdict is not Verdict.REFUSED
    write_unseen(report, tmp_path / "unseen.json", title=found.title, as_at=found.as_at)
    text = (tmp_path / "unseen.json").read_text()
    assert json.loads(text)["as_at"] == "2026-10-31"
    with open_workspace(small_ran.folder) as workspace:
        workspace.store.scan(workspace.con, "children")
        keys = arrow(workspace.con, "select child_key from children")["child_key"].to_pylist()
    assert not [key for key in keys if key in text]


def test_markers_that_agencies_set_make_a_list_of_each(small_ran):
    made = lists(small_ran, of="set")
    with open_workspace(small_ran.folder) as workspace:
        events = workspace.store.read("events", columns=["kind", "agency", "record_id"]).to_pylist()
    set_by = {row["agency"] for row in events if row["kind"] == "marker_set"}
    assert set_by == {"police"}
    assert made.histories.seen == len({row["record_id"] for row in events if row["kind"] == "marker_set"})


@pytest.mark.parametrize(
    ("options", "fault", "what"),
    [
        ({"form": "county_line"}, SettingsError, "county_lines"),
        ({"form": "county_lines", "of": "found"}, SettingsError, "have a form"),
        ({"strata": "moon"}, SettingsError, "moon"),
        ({"of": "proposed", "form": "forced_begging"}, NotFoundError, "no children with a proposed marker"),
    ],
)
def test_what_cannot_be_made_is_said(small_ran, options, fault, what):
    with pytest.raises(fault, match=what):
        lists(small_ran, **options)
