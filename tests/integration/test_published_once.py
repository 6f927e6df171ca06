"""What a run publishes is one thing: report, export and release show the same of each cell, also beside R1."""

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from lxml import html
from typer.testing import CliRunner

from riverside import Ran, exported
from trigpoint.cli.main import app
from trigpoint.errors import ReleaseError
from trigpoint.records.tables import FIXED
from trigpoint.services.check_release import check_release
from trigpoint.services.count_children import published_now
from trigpoint.services.know_children import Asked, know_children
from trigpoint.services.publish_release import publish_release
from trigpoint.services.release_chain import check_chain
from trigpoint.services.release_ledger import same_person
from trigpoint.services.request_release import request_release
from trigpoint.services.run_partnership import run_partnership
from trigpoint.services.workspace import Workspace, open_workspace
from trigpoint.services.write_report import rewrite_report

FLOWS = {"children_known_and_year", "children_first_seen_and_age"}
EARLIER = date(2026, 10, 15)


@pytest.fixture(scope="module")
def released(small_ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A partnership that worked out what is known over three months, and published all of it as R1."""
    folder = shutil.copytree(small_ran.folder, tmp_path_factory.mktemp("once") / "small")
    settings = folder / "partnership.toml"
    settings.write_text(settings.read_text().replace("from = 2024-01-01", "from = 2026-08-01", 1))
    with open_workspace(folder, turn="publish") as workspace:
        know_children(workspace, Asked(draws=0))
        request_release(workspace, title="Figures", by="Ada Analyst", note="yearly")
        for checker in ("Ben Checker", "Cleo Checker"):
            check_release(workspace, "R1", by=checker, verdict="agree", note="all of it")
        publish_release(workspace, "R1", by="Ada Analyst")
    return folder


@pytest.fixture
def folder(released: Path, tmp_path: Path) -> Path:
    return shutil.copytree(released, tmp_path / "copy")


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    with open_workspace(folder, turn="look") as opened:
        yield opened


def in_files(release: Path) -> dict[str, list[str]]:
    return {
        path.stem: [row["count"] for row in csv.DictReader(path.read_text().splitlines())]
        for path in (release / "tables").iterdir()
    }


def in_export(folder: Path, target: Path) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {}
    for row in exported(folder, "counts", target).to_pylist():
        cells.setdefault(row["table"], []).append(row["shown"])
    return cells


def test_a_release_holds_the_tables_of_flows_in_every_form(released: Path) -> None:
    release = released / "releases" / "R1"
    assert set(in_files(release)) >= FLOWS
    for name in FLOWS:
        stem = name.replace("_", "-")
        assert (release / "charts" / f"{stem}.svg").exists()
        assert (release / "charts" / f"{stem}.png").exists()
        assert f'"{stem}"' in (release / "datapackage.json").read_text()
        assert f"tables/{name}.csv" in (release / "manifest.json").read_text()
    for page in ("quality.html", "method.html"):
        assert "first sign" in (release / page).read_text()
    with (release / "tables" / "children_first_seen_and_age.csv").open() as file:
        assert "police" not in {row["agency"] for row in csv.DictReader(file)}  # agencies stand by their titles


def test_report_export_and_release_show_the_same_of_every_cell(folder: Path, tmp_path: Path) -> None:
    files = in_files(folder / "releases" / "R1")
    assert in_export(folder, tmp_path) == files
    with open_workspace(folder, turn="report") as workspace:
        rewrite_report(workspace, folder / "again.html")
        kept = published_now(workspace).tables
    assert {name: table["shown"].to_pylist() for name, table in kept.items()} == files
    page = html.fromstring((folder / "again.html").read_text())
    drawn = [[cell.text_content().strip() for cell in table.xpath(".//tbody//td")] for table in page.xpath("//table")]
    for name in (*FLOWS, "children_by_form_and_age"):
        assert files[name] in drawn


def test_a_run_after_a_release_is_compared_with_it_and_the_next_release_shows_the_same(
    folder: Path, tmp_path: Path
) -> None:
    run_partnership(folder, report=folder / "report.html", as_at=EARLIER)
    assert "published before (R1)" in (folder / "report.html").read_text()
    with open_workspace(folder, turn="release") as workspace:
        release, draft = request_release(workspace, title="Earlier", by="Ada Analyst", note="x")
    assert release.compared == ("R1",)
    assert in_export(folder, tmp_path) == in_files(draft)


def test_what_was_released_since_the_run_is_joined_in_when_its_counts_are_asked_for(
    released: Path, small_ran: Ran, tmp_path: Path
) -> None:
    """The run knew of no release; one that another copy published is put beside it."""
    folder = shutil.copytree(small_ran.folder, tmp_path / "unaware")
    with open_workspace(released) as source, open_workspace(folder, turn="release") as workspace:
        before = published_now(workspace)
        with workspace.store.write("a release") as tx:
            for table in ("releases", "release_steps", "release_cells"):
                tx.append(table, source.store.read(table))
        after = published_now(workspace)
        assert published_now(workspace).note == after.note
    assert "R1" not in before.note
    assert "R1" in after.note


def test_a_changed_rule_makes_the_published_form_anew(folder: Path) -> None:
    settings = folder / "partnership.toml"
    settings.write_text(settings.read_text() + "\n[counts]\nsuppress_up_to = 8\n")
    with open_workspace(folder, turn="look") as workspace:
        assert "1 to 8" in published_now(workspace).note


def replaced(workspace: Workspace, table: str, rows: pa.Table) -> None:
    with workspace.store.write("tamper") as tx:
        tx.replace(table, rows)


def test_the_ledger_is_whole_and_ends_in_what_publishing_says(workspace: Workspace) -> None:
    steps = check_chain(workspace)
    assert [step["step"] for step in steps] == ["requested", "agreed", "agreed", "published"]
    assert check_chain(workspace, noted=steps[-1]["chain"].upper() + " ") == steps


@pytest.mark.parametrize(("column", "value"), [("by", "Somebody"), ("note", "another reason"), ("step", "refused")])
def test_a_changed_step_breaks_the_chain_and_nothing_more_is_done(
    workspace: Workspace, column: str, value: str
) -> None:
    rows = workspace.store.read("release_steps").to_pylist()
    rows[1][column] = value
    replaced(workspace, "release_steps", pa.Table.from_pylist(rows, schema=FIXED["release_steps"]))
    with pytest.raises(ReleaseError, match=r"Step .* is not as it was written"):
        check_chain(workspace)
    with pytest.raises(ReleaseError, match="not as it was"):
        request_release(workspace, title="Next", by="Ada Analyst", note="x")


def test_a_changed_count_behind_a_release_breaks_the_chain(workspace: Workspace) -> None:
    cells = workspace.store.read("release_cells")
    more = pc.add(cells["count"], pa.array([1] + [0] * (len(cells) - 1)))
    replaced(workspace, "release_cells", cells.set_column(cells.schema.get_field_index("count"), "count", more))
    with pytest.raises(ReleaseError, match="Step 1 "):
        check_chain(workspace)


def test_a_step_that_was_cut_off_is_seen_by_the_chain_that_was_noted(folder: Path) -> None:
    with open_workspace(folder, turn="tamper") as workspace:
        steps = check_chain(workspace)
        kept = workspace.store.read("release_steps")
        replaced(workspace, "release_steps", kept.filter(pc.less(kept["number"], len(steps))))
        assert check_chain(workspace) == steps[:-1]
    said = CliRunner().invoke(app, ["release", "list", str(folder), "--noted", steps[-1]["chain"]])
    assert said.exit_code == 1
    assert "cut off" in str(said.exception)


@pytest.mark.parametrize(
    "other",
    [
        "ada analyst",
        " ADA  Analyst ",
        "Analyst, Ada",
        "Ada-Analyst",
        "Áda Analyst",
        "A\u200bda\u00a0Analyst",
        "ａｄａ analyst",
    ],
)
def test_one_person_is_one_person_however_the_name_is_written(other: str) -> None:
    assert same_person("Ada Analyst", other)


@pytest.mark.parametrize("other", ["Ada Analysta", "Ada", "Ada B Analyst", "Adam Analyst"])
def test_other_names_are_other_people(other: str) -> None:
    assert not same_person("Ada Analyst", other)
