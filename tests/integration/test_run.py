"""A whole run, as its user sees it, and what later runs may and may not change."""

import csv
import shutil

import pytest

from riverside import exported, facts, rows, run
from trigpoint.services.export_table import EXPORTS, export_table
from trigpoint.services.workspace import open_workspace


def test_the_totals_add_up_for_every_source(ran):
    assert len(ran.summary.loads) == 10
    for _, read, loaded, refused, repeated in ran.summary.loads:
        assert read == loaded + refused + repeated
        assert read > 0


def test_a_run_says_in_plain_words_what_it_found(ran):
    text = " ".join(ran.summary.lines)
    assert "each once" in text
    assert "for a person to decide" in text
    assert ran.summary.proposals


def test_the_report_is_one_file_with_every_proposed_child(ran, tmp_path):
    page = ran.report.read_text()
    keys = {row["child_key"] for row in rows(ran.folder, "markers", tmp_path)}
    assert keys
    assert all(key in page for key in keys)


def test_every_loaded_row_has_its_child(ran, tmp_path):
    clusters = exported(ran.folder, "clusters", tmp_path)
    assert clusters.column_names == ["source", "file", "row", "record_id", "child_key"]
    assert clusters["child_key"].null_count == 0
    files = set(clusters["file"].to_pylist())
    assert all((ran.folder / file).is_file() for file in files)


def test_findings_stand_on_events_that_are_there(ran, tmp_path):
    met = [row for row in rows(ran.folder, "findings", tmp_path) if row["answer"] == "met"]
    with open_workspace(ran.folder) as workspace:
        known = set(workspace.store.read("events", columns=["event_id"])["event_id"].to_pylist())
    assert met
    assert all(row["event_ids"] and set(row["event_ids"]) <= known for row in met)
    assert all(row["sentence"].endswith(".") and "{" not in row["sentence"] for row in met)


def test_findings_have_all_three_answers(ran, tmp_path):
    found = exported(ran.folder, "findings", tmp_path)
    assert found.column_names == [
        "child_key", "indicator", "version", "answer", "from_on", "to_on", "sentence", "event_ids", "sources",
    ]  # fmt: skip
    assert set(found["answer"].to_pylist()) == {"met", "not met", "not known"}


def test_running_again_changes_nothing(ran_copy, tmp_path):
    before = {what: rows(ran_copy, what, tmp_path) for what in EXPORTS}
    again = run(ran_copy)
    assert again.loads == []
    assert {what: rows(ran_copy, what, tmp_path) for what in EXPORTS} == before


def test_the_same_file_under_another_name_is_repeated_row_by_row(ran_copy, tmp_path):
    before = {what: rows(ran_copy, what, tmp_path) for what in ("findings", "markers", "counts")}
    police = ran_copy / "sources" / "police"
    original = min(police.glob("arrests*.csv"))
    shutil.copy(original, police / "arrests_sent_again_2026-10-30.csv")
    ((_, read, loaded, refused, repeated),) = run(ran_copy).loads
    assert loaded <= 2, "only rows that were corrected since may come back"
    assert read == loaded + refused + repeated
    if not loaded:
        assert {what: rows(ran_copy, what, tmp_path) for what in before} == before


@pytest.mark.parametrize("held_back", ["sources/police/arrests*.csv", "sources/missing/*.csv", "sources/bank/*.csv"])
def test_what_arrives_later_ends_where_one_run_over_all_would(small_ran, small, tmp_path, held_back):
    """Work in proportion to what changed, with the same result: keys aside, for a first run gives its own."""
    aside = tmp_path / "aside"
    aside.mkdir()
    late = sorted(small.glob(held_back))[-1]
    kept = shutil.move(late, aside / late.name)
    run(small)
    shutil.move(kept, late)
    run(small)
    for what in ("findings", "markers"):
        assert facts(small, what, tmp_path) == facts(small_ran.folder, what, tmp_path)


def test_counts_that_leave_show_no_small_number(ran, tmp_path):
    published = exported(ran.folder, "counts", tmp_path).to_pylist()
    assert published
    shown = {row["shown"] for row in published}
    assert not shown & {"1", "2", "3", "4", "5"}


def test_rejects_say_where_why_and_how_to_mend(ran, tmp_path):
    output = tmp_path / "rejects.csv"
    with open_workspace(ran.folder) as workspace:
        export_table(workspace, "rejects", output=output)
    refused = list(csv.DictReader(output.read_text().splitlines()))
    assert refused
    assert all(row["file"] and row["row"] and row["reason"] and row["mend"] for row in refused)
