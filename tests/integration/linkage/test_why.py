"""Why these two, as a user asks it: on the screen, as data, as a picture and as a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from riverside import Ran
from trigpoint.errors import NotFoundError, SettingsError
from trigpoint.services.explain_records import explain_child, explain_two, keep_explanation
from trigpoint.services.workspace import open_workspace


@pytest.fixture(scope="module")
def child(ran: Ran) -> str:
    """A child of several records."""
    with open_workspace(ran.folder) as workspace:
        keys = workspace.store.read("links")["child_key"].to_pylist()
    return max(sorted(set(keys)), key=lambda key: (min(keys.count(key), 4), key))


def test_a_child_is_explained_pair_by_pair(ran: Ran, child: str, tmp_path: Path) -> None:
    with open_workspace(ran.folder) as workspace:
        explained = explain_child(workspace, child)
        own = {r["record_id"] for r in workspace.store.read("links").to_pylist() if r["child_key"] == child}
    named = {record["record"] for record in explained.data["records"] if record["child"] == child}
    assert named == own
    joined = [pair for pair in explained.data["pairs"] if pair["line"] == "joined" and pair["held"]]
    assert len(joined) >= len(own) - 1
    for pair in joined:
        assert pair["weight"] == pytest.approx(pair["prior"] + sum(e["weight"] for e in pair["evidence"]), abs=0.05)
    assert not any("1.0000" in line for line in explained.lines)
    assert [figure.name for figure in explained.figures] == ["cluster", "waterfall"]
    for ending in (".json", ".svg", ".html"):
        keep_explanation(explained, tmp_path / f"why{ending}", invented=True)
    assert json.loads((tmp_path / "why.json").read_text()) == explained.data
    assert (tmp_path / "why.svg").read_text().startswith("<svg")
    assert "The numbers behind this picture" in (tmp_path / "why.html").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["why.html", "why.json", "why.svg"]


def test_two_records_that_were_never_compared(ran: Ran) -> None:
    with open_workspace(ran.folder) as workspace:
        ids = sorted(workspace.store.read("links")["record_id"].to_pylist())
        explained = explain_two(workspace, ids[0], ids[-1])
    assert explained.data["verdict"] in {"none", "apart", "ask", "join"}
    assert explained.lines[0].startswith(f"{ids[0]} and {ids[-1]}: ")


def test_no_name_or_date_stands_in_an_explanation(ran: Ran, child: str) -> None:
    with open_workspace(ran.folder) as workspace:
        said = json.dumps(explain_child(workspace, child).data)
        rows = workspace.store.read(
            "records", columns=["record_id", "given_names", "surname", "postcode", "nhs_number"]
        )
    for row in rows.to_pylist():
        if row.pop("record_id") in said:
            for value in row.values():
                assert value is None or len(value) < 4 or value not in said


def test_what_cannot_be_explained_says_why(ran: Ran, child: str, tmp_path: Path) -> None:
    with open_workspace(ran.folder) as workspace:
        with pytest.raises(NotFoundError, match="no child"):
            explain_child(workspace, "CNOBODYHERE")
        with pytest.raises(NotFoundError, match="not among the current"):
            explain_two(workspace, "f" * 20, "e" * 20)
        with pytest.raises(SettingsError, match=r"not as '\.pdf'"):
            keep_explanation(explain_child(workspace, child), tmp_path / "why.pdf", invented=True)
