"""`trigpoint known` as an analyst uses it: a page, data, tables that may leave, and errors with a mend."""

import json
import shutil
import subprocess

import pytest

from riverside import COMMAND, exported
from trigpoint.errors import CountsError, NotFoundError
from trigpoint.services.know_children import Asked, know_children, statements
from trigpoint.services.workspace import open_workspace

SAID = "Invented: nobody lives there"


@pytest.fixture(scope="module")
def told(small_ran, tmp_path_factory):
    """The command over a period of three months, by itself; where it was run, and what it said."""
    folder = shutil.copytree(small_ran.folder, tmp_path_factory.mktemp("known") / "small")
    settings = folder / "partnership.toml"
    settings.write_text(settings.read_text().replace("from = 2024-01-01", "from = 2026-08-01", 1))
    said = subprocess.run(
        [*COMMAND, "known", str(folder), "--draws", "5", "-o", str(folder / "known.html"),
         "-o", str(folder / "known.json")], capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    return folder, said.stdout


def test_page_and_data_are_written_and_the_main_of_it_is_said(told):
    folder, said = told
    page = (folder / "known.html").read_text()
    known = json.loads((folder / "known.json").read_text())
    for heading in ("Over time", "Earlier chances", "Who saw, who agrees", "Areas", "Who is missed",
                    "What is not recorded", "If links fell otherwise"):  # fmt: skip
        assert f">{heading}</h2>" in page
    assert "Invented data." in page
    assert "For the partnership itself." in page
    assert len(known["flows"]) == 3
    assert "with a proposed marker" in said
    assert [one["counts"] for one in known["areas"]] == ["proposed", "referred"]
    assert known["areas"][0]["sources"] if "sources" in known["areas"][0] else known["areas"][0]["levels"][0]["sources"]


def test_no_child_key_and_no_personal_value_stands_in_page_or_data(told):
    folder, said = told
    with open_workspace(folder) as workspace:
        keys = set(workspace.store.read("links")["child_key"].to_pylist())
        names = {n for n in workspace.store.read("records")["surname"].to_pylist() if n and len(n) > 6}
    for text in (said, (folder / "known.html").read_text(), (folder / "known.json").read_text()):
        assert not [key for key in keys if key in text]
        assert not [name for name in names if name in text]


def test_counts_of_flows_leave_by_the_gate_and_the_report_keeps_them(told, tmp_path):
    folder, _ = told
    before = exported(folder, "counts", tmp_path)
    assert {"low_by_links", "high_by_links"} <= set(before.column_names)
    names = set(before["table"].to_pylist())
    assert {"children_known_and_year", "children_first_seen_and_age", "children_by_form_and_age"} <= names
    small = {"1", "2", "3", "4", "5"}
    assert not [row for row in before.to_pylist() if row["shown"] in small and row["counts"].startswith("children")]
    subprocess.run([*COMMAND, "report", str(folder)], check=True, timeout=300, capture_output=True)
    assert exported(folder, "counts", tmp_path).equals(before)
    assert "by month&#39;s end" in (folder / "report.html").read_text()


def test_with_some_months_alone_nothing_is_said_that_needs_all(small_ran, tmp_path):
    with open_workspace(shutil.copytree(small_ran.folder, tmp_path / "small")) as workspace:
        known = know_children(workspace, Asked(months=1, draws=0))
        names = set(workspace.store.read("published")["table"].to_pylist())
    assert not known["whole"]
    assert "proposed" not in known["waits"]
    assert "children_known_and_year" not in names
    assert "children_first_seen_and_age" in names


def test_the_statements_are_those_of_professionals(small_ran):
    with open_workspace(small_ran.folder) as workspace:
        named = statements(workspace)
    assert {"marker_elsewhere", "nrm_referral_criminal", "assessment_factor_criminal_exploitation"} <= set(named)
    assert "missing_three_times_in_90_days" not in named


def test_before_any_run_it_says_what_to_do(small):
    with open_workspace(small) as workspace, pytest.raises(NotFoundError, match="No run has finished"):
        know_children(workspace, Asked())


def test_a_file_of_populations_that_cannot_be_right_is_refused_before_anything_is_replayed(small_ran, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(f"area,year,children,source\nRV,2025,lots,{SAID}\n")
    with open_workspace(small_ran.folder) as workspace, pytest.raises(CountsError, match="cannot be 'lots'"):
        know_children(workspace, Asked(populations=path))


def test_another_ending_is_refused_in_words(told):
    folder, _ = told
    said = subprocess.run(
        [*COMMAND, "known", str(folder), "--months", "1", "--draws", "0", "-o", str(folder / "known.pdf")],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert "HTML or JSON" in said.stderr
