"""A release from the request to the folder: each step refused out of order, the files whole, the next one compared."""

import csv
import hashlib
import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from riverside import Ran
from trigpoint.cli.main import app
from trigpoint.errors import ReleaseError
from trigpoint.services.check_release import check_release
from trigpoint.services.publish_release import publish_release, withdraw_release
from trigpoint.services.release_ledger import all_releases, the_release
from trigpoint.services.request_release import request_release
from trigpoint.services.verify_release import verify_folder
from trigpoint.services.workspace import open_workspace


@pytest.fixture(scope="module")
def counted(small_ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(small_ran.folder, tmp_path_factory.mktemp("releases") / "small")


@pytest.fixture(scope="module")
def published(counted: Path) -> Path:
    with open_workspace(counted, turn="release") as workspace:
        request_release(workspace, title="=Figures", by="Ada Analyst", note="yearly")
        for checker in ("Ben Checker", "Cleo Checker"):
            check_release(workspace, "R1", by=checker, verdict="agree", note="all of it")
        return publish_release(workspace, "R1", by="Ada Analyst")


@pytest.fixture(scope="module")
def asked_once(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shutil.copytree(published.parent.parent, tmp_path_factory.mktemp("asked") / "small")
    with open_workspace(folder, turn="release") as workspace:
        request_release(workspace, title="Again", by="Ada Analyst", note="once more")
    return folder


@pytest.fixture
def asked(asked_once: Path, tmp_path: Path) -> Path:
    """A partnership with one published release and a draft that waits."""
    return shutil.copytree(asked_once, tmp_path / "asked")


def refused(folder: Path, act, match: str, **more) -> None:
    with open_workspace(folder, turn="release") as workspace, pytest.raises(ReleaseError, match=match) as said:
        act(workspace, "R2", **more)
    assert said.value.what


def agree(folder: Path, by: str) -> None:
    with open_workspace(folder, turn="release") as workspace:
        check_release(workspace, "R2", by=by, verdict="agree", note="all of it")


def test_steps_out_of_order_are_refused(asked: Path) -> None:
    refused(asked, publish_release, "lacks 2", by="Ada")
    refused(asked, check_release, "asked for release R2", by=" ada  ANALYST ", verdict="agree", note="x")
    refused(asked, check_release, "needs the name", by=" ", verdict="agree", note="x")
    refused(asked, check_release, "needs a word", by="Ben", verdict="agree", note=" ")
    agree(asked, "Ben Checker")
    refused(asked, check_release, "checked release R2 already", by="ben checker", verdict="agree", note="x")
    refused(asked, publish_release, "lacks 1", by="Ada")
    agree(asked, "Cleo Checker")
    refused(asked, check_release, "has its 2 checkers", by="Dan", verdict="agree", note="x")
    with open_workspace(asked, turn="release") as workspace:
        publish_release(workspace, "R2", by="Ada Analyst")
    refused(asked, publish_release, "is published", by="Ada")
    refused(asked, check_release, "nothing to check", by="Dan", verdict="agree", note="x")


def test_a_checker_who_refuses_ends_it(asked: Path) -> None:
    with open_workspace(asked, turn="release") as workspace:
        check_release(workspace, "R2", by="Ben", verdict="refuse", note="a table is wrong")
    refused(asked, publish_release, "refused by a checker", by="Ada")


def test_only_one_draft_waits_at_a_time(asked: Path) -> None:
    with open_workspace(asked, turn="release") as workspace, pytest.raises(ReleaseError, match="R2 waits"):
        request_release(workspace, title="Third", by="Ada", note="x")


def test_what_was_changed_since_the_request_is_neither_checked_nor_published(asked: Path) -> None:
    table = next((asked / "releases" / "R2-draft-not-published" / "tables").glob("*.csv"))
    agree(asked, "Ben")
    before = table.read_bytes()
    table.write_bytes(before + b"x")
    refused(asked, check_release, "was changed", by="Cleo", verdict="agree", note="x")
    table.write_bytes(before)
    agree(asked, "Cleo")
    (table.parent / "more.csv").write_text("x")
    refused(asked, publish_release, "was not part of it", by="Ada")


def test_the_second_release_of_the_same_data_is_compared_with_the_first(asked: Path) -> None:
    with open_workspace(asked) as workspace:
        release = the_release(workspace, "R2")
    assert release.compared == ("R1",)
    draft = asked / "releases" / "R2-draft-not-published"
    for first in sorted((asked / "releases" / "R1" / "tables").iterdir()):
        assert first.read_bytes() == (draft / "tables" / first.name).read_bytes()
    assert "R1" in (draft / "quality.html").read_text()


def test_a_published_release_that_is_withdrawn_stays_and_is_still_compared_with(asked: Path) -> None:
    with open_workspace(asked, turn="release") as workspace:
        assert withdraw_release(workspace, "R2", by="Ada", note="not needed") is None
        notice = withdraw_release(workspace, "R1", by="Ada", note="an area was wrong")
        assert notice is not None
        assert "an area was wrong" in notice.read_text()
        release, _ = request_release(workspace, title="Third", by="Ada", note="x")
        standings = [one.standing for one in all_releases(workspace)]
    assert not (asked / "releases" / "R2-draft-not-published").exists()
    assert release.compared == ("R1",)
    assert standings[:2] == ["withdrawn after it was published", "withdrawn before it was published"]
    assert verify_folder(asked / "releases" / "R1").withdrawn


def test_the_folder_is_whole_and_says_so(published: Path) -> None:
    manifest = json.loads((published / "manifest.json").read_text())
    there = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    assert there == {"manifest.json", *manifest["files"]}
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((published / name).read_bytes()).hexdigest() == digest
    assert {Path(name).suffix for name in there} == {".csv", ".json", ".xlsx", ".svg", ".png", ".html"}
    assert not published.with_name("R1-draft-not-published").exists()
    assert all(path.stat().st_mode & 0o222 == 0 for path in published.rglob("*") if path.is_file())


def test_a_changed_file_or_another_seal_is_found(published: Path, tmp_path: Path) -> None:
    seal = verify_folder(published).seal
    copy = shutil.copytree(published, tmp_path / "R1")
    assert CliRunner().invoke(app, ["release", "verify", str(copy), "--seal", seal]).exit_code == 0
    (copy / "quality.html").chmod(0o644)
    (copy / "quality.html").write_text("better")
    (copy / "method.html").unlink()
    assert verify_folder(copy).faults == ("method.html is missing.", "quality.html was changed.")
    assert CliRunner().invoke(app, ["release", "verify", str(copy)]).exit_code == 1
    assert verify_folder(published, seal="0" * 64).faults
    with pytest.raises(ReleaseError, match="no release"):
        verify_folder(tmp_path)


def test_no_small_number_is_in_any_file(published: Path) -> None:
    for path in sorted((published / "tables").iterdir()):
        for row in csv.DictReader(path.read_text().splitlines()):
            assert not (row["count"].isdigit() and 1 <= int(row["count"]) <= 5), f"{path.name} shows a small number"


def test_the_metadata_describe_every_table_as_it_is(published: Path) -> None:
    package = json.loads((published / "datapackage.json").read_text())
    assert len(package["resources"]) == len(list((published / "tables").iterdir()))
    for resource in package["resources"]:
        rows = list(csv.reader((published / resource["path"]).read_text().splitlines()))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == rows[0]
        keys = [tuple(row[: len(resource["schema"]["primaryKey"])]) for row in rows[1:]]
        assert len(keys) == len(set(keys))
        for row in rows[1:]:
            assert row[-2] in resource["schema"]["missingValues"] or row[-2].isdigit()


def test_the_workbook_is_in_the_accessible_form(published: Path) -> None:
    book = openpyxl.load_workbook(published / "tables.xlsx")
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].value
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    for sheet in book.worksheets[1:]:
        [where] = [table.ref for table in sheet.tables.values()]
        cells = [cell.value for row in sheet[where] for cell in row]
        assert None not in cells
        assert "" not in cells
    assert {"[c]"} <= {cell.value for row in book["Table_1"].iter_rows() for cell in row}


def test_the_commands_lead_through_and_show_who_did_what(published: Path) -> None:
    folder = str(published.parent.parent)
    shown = CliRunner().invoke(app, ["release", "list", folder, "--steps"], terminal_width=200)
    assert shown.exit_code == 0
    for word in ("R1", "published", "Ada", "Ben", "Cleo"):
        assert word in shown.output
