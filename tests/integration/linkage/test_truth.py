"""Linkage against known truth: the invented partnership, and a public set of very dirty records of grown-ups."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from riverside import Ran
from trigpoint.linkage.clusters.outcome import Linked
from trigpoint.linkage.link import link
from trigpoint.linkage.scoring.model import LinkSettings, load_model
from trigpoint.services.current import show_current
from trigpoint.services.link_records import link_records, model_path, passed_over
from trigpoint.services.load_extracts import load_extracts
from trigpoint.services.run_partnership import run_partnership
from trigpoint.services.workspace import open_workspace

FAKE = Path(__file__).parents[2] / "data/linkage/fake_1000.csv"
AT = dt.datetime(2026, 1, 5)


def pairs(groups: Counter[object]) -> float:
    return sum(size * (size - 1) / 2 for size in groups.values())


def scores(found: dict[str, str], truth: dict[str, str]) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1 of child keys against true ones."""
    shared = [record for record in truth if record in found]
    both = pairs(Counter((found[r], truth[r]) for r in shared))
    joined, true = pairs(Counter(found[r] for r in shared)), pairs(Counter(truth[r] for r in shared))
    return both / joined, both / true, 2 * both / (joined + true)


def keys(linked: Linked) -> dict[str, str]:
    return {row["record_id"]: row["child_key"] for row in linked.links.to_pylist()}


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The records of the invented partnership, and the true child of each."""
    import shutil

    from riverside import RIVERSIDE

    folder = shutil.copytree(RIVERSIDE, tmp_path_factory.mktemp("linked") / "riverside")
    with open_workspace(folder) as workspace:
        load_extracts(workspace)
        show_current(workspace)
        con = workspace.con
        con.execute("CREATE TEMP TABLE people_seen AS FROM records")
        con.execute(
            "CREATE TEMP TABLE truth AS SELECT s.record_id, min(t.child) AS child, min(k.twin) AS twin "
            f"FROM raw_sightings s JOIN read_csv('{folder}/truth/clusters.csv', all_varchar = true) t "
            "ON t.source = s.source AND t.file = s.file AND t.row = s.row::VARCHAR "
            f"JOIN read_csv('{folder}/truth/children.csv', all_varchar = true) k USING (child) GROUP BY s.record_id"
        )
        yield con


@pytest.fixture(scope="module")
def linked(invented: duckdb.DuckDBPyConnection) -> Linked:
    return link(invented, "people_seen", at=AT)


@pytest.fixture(scope="module")
def truth(invented: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(invented.execute("SELECT record_id, child FROM truth").fetchall())


def test_the_invented_partnership_is_linked(linked: Linked, truth: dict[str, str]) -> None:
    precision, recall, f1 = scores(keys(linked), truth)
    assert len(truth) > 900
    assert precision > 0.995
    assert recall > 0.92
    assert f1 > 0.96


def test_people_are_asked_little(linked: Linked, truth: dict[str, str]) -> None:
    assert linked.questions.num_rows < 0.05 * len(set(truth.values()))


def test_what_blocking_loses_is_told_without_labels(linked: Linked) -> None:
    """A lower bound: the truth of the next test, all records named or not, lies above it and near it."""
    assert 0 <= linked.quality.lost_at_least < 0.05


def test_blocking_loses_little(invented: duckdb.DuckDBPyConnection, truth: dict[str, str]) -> None:
    """The share of true pairs of named records that no block brings together."""
    from trigpoint.linkage.clusters import region
    from trigpoint.linkage.features.people import make_people, read_records
    from trigpoint.linkage.link import drop_tables
    from trigpoint.linkage.scoring.blocking import make_keys, make_pairs
    from trigpoint.linkage.scoring.training import count_frequencies

    con = invented
    region.take_known(con, links=None, edges=None, judgements=None)
    read_records(con, "people_seen")
    frequencies = count_frequencies(con, records=len(truth))
    make_people(con, frequencies=frequencies, crowded_postcodes=[], same_nhs={})
    make_keys(con, LinkSettings())
    make_pairs(con, only_touched=False)
    [[true, lost]] = con.execute(
        """
        WITH named AS (SELECT p.n, t.child FROM link_people p JOIN truth t USING (record_id)
                       WHERE forename IS NOT NULL AND surname IS NOT NULL AND birth IS NOT NULL),
        pairs AS (SELECT x.n AS a, y.n AS b FROM named x JOIN named y ON x.child = y.child AND x.n < y.n)
        SELECT count(*), count(*) FILTER ((a, b) NOT IN (SELECT (a, b) FROM link_pairs)) FROM pairs
        """
    ).fetchall()
    drop_tables(con)
    assert true > 500
    assert lost / true < 0.01


def test_a_public_set_of_very_dirty_records() -> None:
    """fake_1000 (Splink's tutorial set, 251 people): its tutorial model has F1 .76.

    Not a blind measurement: its misses were looked at when the e-mail comparison and some blocking were added.
    """
    with duckdb.connect() as con:
        con.execute(
            f"""
            CREATE TABLE people_seen AS
            SELECT unique_id AS row_id, lpad(unique_id, 20, '0') AS record_id, 'fake' AS source, 'fake' AS agency,
                   NULL::VARCHAR AS local_id, first_name AS given_names, surname, []::VARCHAR[] AS other_names,
                   try_cast(dob AS DATE) AS birth_on, 'day' AS birth_precision, NULL::VARCHAR AS sex,
                   NULL::VARCHAR AS nhs_number, NULL::VARCHAR AS upn, NULL::VARCHAR AS postcode, city AS address,
                   NULL::VARCHAR AS school,
                   CASE WHEN email IS NULL THEN [] ELSE ['email:' || email] END AS other_ids,
                   []::VARCHAR[] AS phones, TIMESTAMP '2024-01-01' AS learnt_at, cluster
            FROM read_csv('{FAKE}', all_varchar = true)
            """
        )
        truth = dict(con.execute("SELECT record_id, cluster FROM people_seen").fetchall())
        precision, _, f1 = scores(keys(link(con, "people_seen", at=AT, settings=LinkSettings(family=False))), truth)
    assert precision > 0.98
    assert f1 > 0.80


def test_a_model_that_an_earlier_version_learnt_here_is_learnt_anew_and_keys_stay(ran: Ran, tmp_path: Path) -> None:
    folder = tmp_path / "place"
    shutil.copytree(ran.folder, folder)
    with open_workspace(folder) as workspace:
        model = json.loads(model_path(workspace).read_text(encoding="utf-8"))
        model["splink"]["comparisons"][0]["comparison_levels"].pop()
        model_path(workspace).write_text(json.dumps(model), encoding="utf-8")
        before = {row["record_id"]: row["child_key"] for row in workspace.store.read("links").to_pylist()}
        show_current(workspace)
        linked = link_records(workspace, since=1_000_000)
        assert linked is not None
        assert {row["record_id"]: row["child_key"] for row in linked.links.to_pylist()} == before
        load_model(model_path(workspace))
        assert link_records(workspace, since=1_000_000) is None  # nothing more to do


def test_what_was_passed_over_is_kept_for_the_report(ran_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented partnership is too small for the usual caps, so it is linked with small ones."""
    small = LinkSettings(block_cap=6, name_block_cap=5, loose_block_cap=4)
    monkeypatch.setattr("trigpoint.services.link_records.link_settings", lambda _: small)
    with open_workspace(ran_copy) as workspace:
        show_current(workspace)
        linked = link_records(workspace, since=None)
        told = passed_over(workspace)
    assert linked is not None
    stopped = {block.rule for block in linked.quality.blocks if block.stopped_blocks and not block.rare}
    assert stopped
    assert [block.rule for block in told] == [block.rule for block in sorted(told, key=lambda b: -b.pairs_left_out)]
    assert {block.rule for block in told} == stopped
    report = run_partnership(ran_copy, report=ran_copy / "again.html").report.read_text(encoding="utf-8")
    assert all(block.rule[1:] in report for block in told)
