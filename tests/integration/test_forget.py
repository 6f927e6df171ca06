"""What is forgotten is gone from every table and version, and nothing that stood on it is left standing."""

from datetime import datetime

import duckdb
import pytest

from riverside import run
from trigpoint.errors import NotFoundError, SettingsError
from trigpoint.services.forget_data import apply_retention, forget_child, forget_source
from trigpoint.services.workspace import open_workspace


def everything_on_disk(folder) -> str:
    """All cells of every Parquet file under the store, and every other file's bytes, as text."""
    con, found = duckdb.connect(), []
    for path in (folder / ".trigpoint").rglob("*"):
        if path.suffix == ".parquet":
            found.append(str(con.execute("select * from read_parquet(?)", [str(path)]).fetchall()))
        elif path.is_file():
            found.append(path.read_bytes().decode("latin-1"))
    return "\n".join(found)


def a_proposed_child(workspace) -> tuple[str, list[str], list[str]]:
    """A child with a proposal: its key, its record ids and its event ids."""
    for table in ("proposals", "links", "events"):
        workspace.store.scan(workspace.con, table)
    (key,) = workspace.con.execute("select min(child_key) from proposals").fetchone()
    events = workspace.con.execute(
        "select record_id, event_id from events join links using (record_id) where child_key = ?", [key]
    ).fetchall()
    return key, sorted({r for r, _ in events}), [e for _, e in events]


def test_a_forgotten_child_leaves_no_byte(ran_copy):
    with open_workspace(ran_copy) as workspace:
        key, records, events = a_proposed_child(workspace)
        said = forget_child(workspace, key)
    assert "Deleted for good" in said[0]
    assert "still hold" in said[1]
    left = everything_on_disk(ran_copy)
    assert [one for one in (key, *records, *events) if one in left] == []


def test_the_next_run_stands_without_the_forgotten_child(ran_copy):
    with open_workspace(ran_copy) as workspace:
        key, records, _ = a_proposed_child(workspace)
        before = set(workspace.store.read("links")["child_key"].to_pylist())
        forget_child(workspace, key)
    sent = next((ran_copy / "sources" / "bank").glob("concerns_*.csv"))
    one_more = sent.with_name("concerns_2099-01-01.csv")
    one_more.write_text("".join(sent.read_text().splitlines(keepends=True)[:2]))
    run(ran_copy)
    with open_workspace(ran_copy) as workspace:
        links = workspace.store.read("links")
        assert set(links["child_key"].to_pylist()) == before - {key}
        assert not set(records) & set(links["record_id"].to_pylist())
        assert f"sources/bank/{one_more.name}" in workspace.store.read("extracts")["file"].to_pylist()
    assert key not in (ran_copy / "report.html").read_text()


def test_a_child_that_is_not_there_is_said_so(ran_copy):
    with open_workspace(ran_copy) as workspace, pytest.raises(NotFoundError, match="CNOSUCHKEY"):
        forget_child(workspace, "CNOSUCHKEY")


def test_a_forgotten_source_is_gone_and_the_others_stay(ran_copy):
    with open_workspace(ran_copy) as workspace:
        before = workspace.store.read("events", columns=["source"])["source"].to_pylist()
        forget_source(workspace, "platform")
    with open_workspace(ran_copy) as workspace:
        after = workspace.store.read("events", columns=["source"])["source"].to_pylist()
        for table in ("sightings", "records", "extracts", "refusals", "coverage"):
            assert "platform" not in workspace.store.read(table, columns=["source"])["source"].to_pylist()
    assert "platform" in before
    assert sorted(after) == sorted(one for one in before if one != "platform")


def test_a_source_that_is_not_there_is_told_the_nearest(ran_copy):
    with open_workspace(ran_copy) as workspace, pytest.raises(SettingsError) as said:
        forget_source(workspace, "platfrom")
    assert "platform" in said.value.mend


def test_retention_takes_what_is_too_old_and_nothing_else(ran_copy):
    with open_workspace(ran_copy) as workspace:
        assert apply_retention(workspace, today=datetime(2026, 11, 1)) == ["Nothing is past its retention."]
        years = {s.name: s.agreement.retention_years for s in workspace.partnership.sources}
        shortest = min(years.values())
        today = datetime(2026 + int(shortest), 3, 1)
        apply_retention(workspace, today=today)
    with open_workspace(ran_copy) as workspace:
        kept = workspace.store.read("sightings", columns=["source", "learnt_at"]).to_pylist()
    assert kept
    for row in kept:
        age = (today - row["learnt_at"]).days / 365.25
        assert age <= years[row["source"]]
