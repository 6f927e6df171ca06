"""What people judge in casework holds in the core: over the next run, against what linkage says."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from riverside import run
from trigpoint.errors import ExtractError
from trigpoint.services.take_judgements import COLUMNS, take_judgements
from trigpoint.services.workspace import open_workspace


def written(path: Path, *rows: tuple) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return path


def links(folder: Path) -> dict[str, str]:
    with open_workspace(folder) as workspace:
        rows = workspace.store.read("links").to_pylist()
    return {row["record_id"]: row["child_key"] for row in rows}


def joined_pair(folder: Path) -> tuple[str, str]:
    """Two records of one child with exactly two."""
    members: dict[str, list[str]] = {}
    for record, child in links(folder).items():
        members.setdefault(child, []).append(record)
    first, second = sorted(min(found for found in members.values() if len(found) == 2))
    return first, second


def test_not_the_same_stays_so_after_the_next_run_though_it_was_said_before_the_last(ran_copy: Path, tmp_path) -> None:
    one, other = joined_pair(ran_copy)
    # Said in casework before the last run was made, and delivered after it.
    row = ("web-1", other, one, "different", "Twins, seen by both schools.", "Invented Person", "2026-01-02T03:04:05")
    file = written(tmp_path / "judgements.csv", row)
    with open_workspace(ran_copy) as workspace:
        assert take_judgements(workspace, file).fresh == 1
        assert take_judgements(workspace, file).known == 1
        (kept,) = workspace.store.read("judgements").to_pylist()
    assert kept["at"] == datetime(2026, 1, 2, 3, 4, 5)
    run(ran_copy)
    assert links(ran_copy)[one] != links(ran_copy)[other]
    run(ran_copy)
    assert links(ran_copy)[one] != links(ran_copy)[other]


FAULTS = [
    ("web-1,a,b,perhaps,why,who,2026-01-01", "line 2", "neither"),
    ("web-1,a,b,same,,who,2026-01-01", "line 2", "'reason' is empty"),
    ("web-1,a,a,same,why,who,2026-01-01", "line 2", "same as itself"),
    ("web-1,a,b,same,why,who,yesterday", "line 2", "not a time"),
    ("web-1,a", "line 2", "is empty"),
]


@pytest.mark.parametrize(("line", "where", "what"), FAULTS)
def test_a_row_that_cannot_be_read_is_named_and_nothing_is_taken(small: Path, tmp_path, line, where, what) -> None:
    file = tmp_path / "judgements.csv"
    file.write_text(",".join(COLUMNS) + "\n" + line + "\n")
    with open_workspace(small) as workspace:
        with pytest.raises(ExtractError, match=what) as fault:
            take_judgements(workspace, file)
        assert where in str(fault.value)
        assert workspace.store.count("judgements") == 0


def test_a_file_without_the_columns_or_of_another_kind_is_refused(small: Path, tmp_path) -> None:
    file = tmp_path / "judgements.csv"
    for content in (b"name,verdict\nx,same\n", b"\xff\xfe\x00", b""):
        file.write_bytes(content)
        with open_workspace(small) as workspace, pytest.raises(ExtractError):
            take_judgements(workspace, file)
    with open_workspace(small) as workspace, pytest.raises(ExtractError, match="cannot be opened"):
        take_judgements(workspace, tmp_path / "nowhere.csv")


def test_a_judgement_about_records_that_are_gone_is_counted_and_left_out(small: Path, tmp_path) -> None:
    file = written(tmp_path / "j.csv", ("web-1", "a", "b", "same", "why", "who", "2026-01-02T03:04:05"))
    with open_workspace(small) as workspace:
        assert take_judgements(workspace, file).gone == 1
