"""The needs assessment of a run: only what was published enters, and nothing is left half written."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from lxml import html
from typer.testing import CliRunner

from riverside import Ran
from trigpoint.cli.main import app
from trigpoint.counts.unseen import Histories, Settings, Verdict, appraise
from trigpoint.counts.unseen.fitness import Fitness
from trigpoint.errors import NotFoundError
from trigpoint.report.assessment import compose
from trigpoint.report.assessment.content import Document, Listing, Picture
from trigpoint.services import write_assessment as writing
from trigpoint.services.current import show_current
from trigpoint.services.gather_assessment import gather_assessment, published
from trigpoint.services.keep_national import add_national
from trigpoint.services.show_recognition import recognised
from trigpoint.services.workspace import arrow, open_workspace
from unit.counts.national import published_files as files

FAST = {"lists": "none"}


@pytest.fixture(scope="module")
def copy(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(ran.folder, tmp_path_factory.mktemp("assessed") / "riverside")


@pytest.fixture(scope="module")
def document(copy: Path) -> Document:
    with open_workspace(copy) as workspace:
        show_current(workspace)
        return compose(gather_assessment(workspace, recognised=recognised(workspace)))


def tables(document: Document) -> list[Listing | Picture]:
    found = [block for block in document.blocks() if isinstance(block, Listing | Picture)]
    return [one for one in found if not (isinstance(one, Listing) and one.of_agencies)]


def local_cells(document: Document) -> list[str]:
    """Every cell of a table that counts children, arrests or searches; labels and agencies' months are left out."""
    cells: list[str] = []
    for block in tables(document):
        table = block.figure.table if isinstance(block, Picture) else block.table
        if "silent" in table.caption.lower() or table.caption == "Sources" or "10,000" in table.caption:
            continue
        cells += [cell for row in table.rows for cell in row[len(row) - table.numbers :]]
    return cells


def test_no_small_number_of_children_stands_anywhere(document: Document) -> None:
    cells = local_cells(document)
    assert len(cells) > 100
    assert [cell for cell in cells if cell.isdecimal() and 1 <= int(cell) <= 5] == []
    told = " ".join(str(block) for block in document.blocks() if not isinstance(block, Listing | Picture))
    assert re.findall(r"\b(?:[1-5]|one|two|three|four|five) (?:children|child\b)(?! criminal)", told) == []


def test_every_cell_is_one_that_was_published(copy: Path, document: Document) -> None:
    with open_workspace(copy) as workspace:
        allowed = {
            shown for table in published(workspace).values() for row in table.values() for shown, _ in row.values()
        }
    shown = {cell.replace(",", "") for cell in local_cells(document) if "%" not in cell and cell}
    assert shown <= allowed
    assert {"c", "k", "0"} <= shown


def test_nobody_is_named_not_even_by_a_key(copy: Path, tmp_path: Path) -> None:
    with open_workspace(copy) as workspace:
        written = writing.write_assessment(workspace, tmp_path / "out", **FAST)
        workspace.store.scan(workspace.con, "children")
        keys = arrow(workspace.con, "select child_key from children")["child_key"].to_pylist()
    text = written[0].read_text(encoding="utf-8")
    text += "\n".join(paragraph.text for paragraph in docx.Document(str(written[1])).paragraphs)
    assert len(keys) > 400
    assert [key for key in keys if key in text] == []


def test_a_reading_of_who_is_missed_gives_no_count_and_none_of_few(copy: Path) -> None:
    with open_workspace(copy) as workspace:
        show_current(workspace)
        told = recognised(workspace)
    readings = {reading for one in told for reading, _ in one.readings.values()}
    assert readings <= {"less often", "more often", "no clear difference", "too few to say"}
    assert all(bool(ratio) == (reading != "too few to say") for one in told for reading, ratio in one.readings.values())
    under_ten = next(one for one in told if (one.by, one.group) == ("Age", "under 10"))
    assert {reading for reading, _ in under_ten.readings.values()} == {"too few to say"}


def test_the_unseen_are_said_without_an_exact_number() -> None:
    thin = Histories.of({"Police": [1, 0, 1], "Health": [0, 1, 1], "n": [61, 40, 3]})
    said = writing.unseen_said(
        appraise(thin, methods=("independent",), settings=Settings(resamples=100)), small=5, base=10
    )
    assert not said.trusted
    assert (said.seen, said.on_several, said.low) == ("100", "k", "")
    assert not re.search(r"\b(3|104|61|40)\b", " ".join([*said.reasons, *said.warnings]))
    apart = Fitness(Verdict.NO_TRUST, ("The methods say from 583 to 11,074: more than 3 times apart.",), ())
    told = writing.unseen_said(replace(appraise(thin, methods=("independent",)), fitness=apart), small=5, base=10)
    assert told.reasons == ["The methods lie more than 3 times apart."]
    many = Histories.of({"A": [1, 0, 0, 1, 1, 0, 1], "B": [0, 1, 0, 1, 0, 1, 1], "C": [0, 0, 1, 0, 1, 1, 1],
                         "n": [300, 280, 260, 90, 85, 80, 30]})  # fmt: skip
    told = writing.unseen_said(
        appraise(many, methods=("independent", "stepwise"), settings=Settings(resamples=200)), small=5, base=10
    )
    assert told.trusted
    assert all(re.fullmatch(r"[\d,]*\d0", end) for end in (told.low, told.high))


def test_published_figures_stand_beside_local_ones_and_small_ones_are_hidden(copy: Path, tmp_path: Path) -> None:
    rows = files.factors_rows()
    rows[3][17] = 4
    path = files.write_csv(tmp_path / "c3.csv", rows)
    with open_workspace(copy) as workspace:
        add_national(workspace, path, published_on=date(2025, 10, 30))
        show_current(workspace)
        data = gather_assessment(workspace, areas=["E06000999"])
        with pytest.raises(NotFoundError, match="E06000000"):
            gather_assessment(workspace, areas=["E06000000"])
    named = {(one.area, one.of): one.shown for one in data.national if one.period == "2024/25"}
    assert named["England", "assessments with this factor, child criminal exploitation"] == "16,000"
    assert named["Inventedshire", "assessments with this factor, child criminal exploitation"] == "c"
    assert {one.period_type for one in data.national} == {"financial year"}


def test_the_command_writes_both_forms(copy: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["assessment", str(copy), "-o", str(tmp_path / "out"), "--lists", "none"])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["assessment.docx", "assessment.html"]
    assert html.parse(str(tmp_path / "out" / "assessment.html")).findtext(".//h1") is not None


def test_without_a_run_it_says_what_to_do(small: Path, tmp_path: Path) -> None:
    with open_workspace(small) as workspace, pytest.raises(NotFoundError, match="No run has finished"):
        writing.write_assessment(workspace, tmp_path / "out", **FAST)


def test_what_breaks_leaves_the_old_files(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "assessment.html").write_text("last year's")

    def breaks(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(writing, "write_word", breaks)
    with open_workspace(copy) as workspace, pytest.raises(OSError, match="full"):
        writing.write_assessment(workspace, out, **FAST)
    assert [path.name for path in out.iterdir()] == ["assessment.html"]
    assert (out / "assessment.html").read_text() == "last year's"
