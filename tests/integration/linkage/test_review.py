"""Clerical review as a user does it: draw, fill in, feed back; and sheets that cannot be."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from riverside import Ran
from trigpoint.errors import LinkageError, NotFoundError
from trigpoint.services.draw_clusterings import draw_clusterings, unsure_links
from trigpoint.services.review_sample import draw_review_sample, take_answers
from trigpoint.services.workspace import open_workspace

Sheet = list[dict[str, str]]


@pytest.fixture(scope="module")
def drawn(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    sheet = tmp_path_factory.mktemp("review") / "sheet.csv"
    with open_workspace(ran.folder) as workspace:
        said = draw_review_sample(workspace, sheet, size=150)
    assert "personal data" in said[0]
    return sheet


def read(sheet: Path) -> Sheet:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(rows: Sheet, to: Path) -> Path:
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return to


def truth(ran: Ran) -> dict[str, str]:
    with open_workspace(ran.folder) as workspace, duckdb.connect() as con:
        con.register("sightings", workspace.store.read("sightings"))
        file = f"read_csv('{ran.folder}/truth/clusters.csv', all_varchar = true)"
        return dict(
            con.execute(
                f"SELECT s.record_id, mode(t.child) FROM sightings s JOIN {file} t "
                "ON t.source = s.source AND t.file = s.file AND t.row = s.row::VARCHAR GROUP BY 1"
            ).fetchall()
        )


def filled(ran: Ran, sheet: Path) -> Sheet:
    """The sheet as a reviewer who knows the truth fills it in."""
    import json

    child, rows = truth(ran), read(sheet)
    design = json.loads((ran.folder / ".trigpoint/review" / f"{rows[0]['sample']}.json").read_text())
    for row in rows:
        pair = design["drawn"][int(row["pair"]) - 1]
        row["answer"] = "same" if child[pair["record_a"]] == child[pair["record_b"]] else "Different"
    return rows


def test_a_sheet_is_blind(drawn: Path) -> None:
    rows = read(drawn)
    assert len(rows) == 150
    assert not {"probability", "weight", "stratum", "verdict", "record_a", "child_key"} & rows[0].keys()
    assert any(row["surname_a"] for row in rows)


def test_the_answers_of_a_reviewer_who_knows(ran: Ran, drawn: Path, tmp_path: Path) -> None:
    with open_workspace(ran.folder) as workspace:
        made = take_answers(workspace, write(filled(ran, drawn), tmp_path / "answers.csv"))
        links = {row["record_id"]: row["child_key"] for row in workspace.store.read("links").to_pylist()}
    child = truth(ran)
    records = [record for record in links if record in child]
    both = [(a, b) for i, a in enumerate(records) for b in records[i + 1 :]]
    joined = [pair for pair in both if links[pair[0]] == links[pair[1]]]
    false = sum(child[a] != child[b] for a, b in joined) / len(joined)
    rate = made.from_answers[0]
    assert rate.low <= false + 0.01
    assert rate.high >= false
    assert made.answered == 150
    assert made.unanswered == made.judged == 0
    lines = list(made.lines())
    assert "from 150 answers of people" in lines[0]
    assert "expected by the model" in lines[2]
    assert "no block" in lines[4]


def _no_answer_column(rows: Sheet) -> Sheet:
    return [{k: v for k, v in row.items() if k != "answer"} for row in rows]


def _changed(column: str, value: str) -> Callable[[Sheet], Sheet]:
    return lambda rows: [{**rows[0], column: value}, *rows[1:]]


def _twice(rows: Sheet) -> Sheet:
    return [*rows, {**rows[0], "answer": "cannot tell"}]


SPOILT: list[tuple[str, Callable[[Sheet], Sheet], type[Exception], str]] = [
    ("a column is gone", _no_answer_column, LinkageError, "no column answer.*line 1"),
    ("an answer that is none", _changed("answer", "maybe"), LinkageError, "answer that is none.*line 2"),
    ("a pair that was not drawn", _changed("pair", "9999"), LinkageError, "no pair of this sample.*line 2"),
    ("two samples in one sheet", _changed("sample", "0123456789"), LinkageError, "does not name one sample"),
    ("one pair answered in two ways", _twice, LinkageError, "second time.*line 152"),
    (
        "a sample of another place",
        lambda rows: [{**r, "sample": "0123456789"} for r in rows],
        NotFoundError,
        "not drawn",
    ),
    (
        "a path in place of a sample",
        lambda rows: [{**r, "sample": "../../x"} for r in rows],
        LinkageError,
        "one sample",
    ),
]


@pytest.mark.parametrize(("name", "spoil", "kind", "said"), SPOILT, ids=[one[0] for one in SPOILT])
def test_a_spoilt_sheet_is_refused_with_its_line(
    ran: Ran, drawn: Path, tmp_path: Path, name: str, spoil: Callable[[Sheet], Sheet], kind: type[Exception], said: str
) -> None:
    rows = [{**row, "answer": "same"} for row in read(drawn)]
    sheet = write(spoil(rows), tmp_path / "spoilt.csv")
    with open_workspace(ran.folder) as workspace, pytest.raises(kind, match=f"(?s){said}") as told:
        take_answers(workspace, sheet)
    assert not any(row["surname_a"] and row["surname_a"] in str(told.value) for row in rows)


def test_answers_become_judgements(drawn: Path, ran: Ran, tmp_path: Path) -> None:
    import shutil

    place = shutil.copytree(ran.folder, tmp_path / "place")
    rows = [{**row, "answer": ""} for row in read(drawn)]
    rows[0] |= {"answer": "different", "note": "seen by both schools"}
    rows[1] |= {"answer": "same"}
    rows[2] |= {"answer": "cannot tell"}
    sheet = write(rows, tmp_path / "answers.csv")
    with open_workspace(place) as workspace:
        with pytest.raises(LinkageError, match="needs a name"):
            take_answers(workspace, sheet, judge=True)
        made = take_answers(workspace, sheet, judge=True, by="J. Example")
        judged = workspace.store.read("judgements").to_pylist()
    assert (made.judged, made.cannot_tell, made.unanswered) == (2, 1, 147)
    assert {(j["verdict"], j["by"]) for j in judged} == {("different", "J. Example"), ("same", "J. Example")}
    assert "seen by both schools" in {j["reason"] for j in judged}


def test_other_clusterings_of_the_store(ran: Ran) -> None:
    with open_workspace(ran.folder) as workspace:
        unsure, made = unsure_links(workspace), draw_clusterings(workspace, number=5)
    assert set(unsure["now"].to_pylist()) <= {"joined", "apart"}
    assert set(made["draw"].to_pylist()) <= set(range(5))
    assert made.column_names == ["draw", "record_id", "child_key"]
