"""Exports open safely in a spreadsheet, appear whole, and say what they cannot do."""

import csv
import io

import pytest

from trigpoint.errors import SettingsError
from trigpoint.services import export_table as exports
from trigpoint.services.workspace import open_workspace

HOSTILE = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "plain", "O'Brien", 'a "quoted" word', "a,b\nc"]


@pytest.fixture
def hostile(monkeypatch):
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in HOSTILE)
    query = f"select unnest([{listed}]) as cell, ['=1', 'b'] as cells, -5 as number"
    monkeypatch.setitem(exports.EXPORTS, "rejects", query)


def test_no_cell_of_a_csv_starts_a_formula(ran, tmp_path, hostile):
    output = tmp_path / "out.csv"
    with open_workspace(ran.folder) as workspace:
        assert exports.export_table(workspace, "rejects", output=output) == len(HOSTILE)
    rows = list(csv.DictReader(io.StringIO(output.read_bytes().decode(), newline="")))
    assert not [row for row in rows if row["cell"][:1] in "=+-@\t\r" or row["cells"][:1] == "="]
    assert {row["cell"].removeprefix("'") for row in rows} == set(HOSTILE)
    assert {row["number"] for row in rows} == {"-5"}


def test_another_ending_is_refused_with_the_way_to_mend(ran, tmp_path):
    with open_workspace(ran.folder) as workspace, pytest.raises(SettingsError, match="CSV or Parquet") as said:
        exports.export_table(workspace, "counts", output=tmp_path / "out.docx")
    assert ".csv or .parquet" in said.value.mend


def test_a_broken_export_leaves_the_old_file(ran, tmp_path, monkeypatch):
    output = tmp_path / "out.csv"
    output.write_text("old")
    monkeypatch.setitem(exports.EXPORTS, "rejects", "select error('broken') as cell from range(1)")
    with open_workspace(ran.folder) as workspace, pytest.raises(Exception, match="broken"):
        exports.export_table(workspace, "rejects", output=output)
    assert output.read_text() == "old"
    assert list(tmp_path.iterdir()) == [output]
