"""A run after new rows ends where one run over everything ends, though it works out again only what these concern."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from numpy.random import Generator, default_rng

from riverside import facts, rows, run
from trigpoint.services import mark_children
from trigpoint.services.propose_markers import propose_markers
from trigpoint.services.workspace import open_workspace

LATER = "2026-10-31"  # the files that come later are the last received, in both runs


def hold_back(sources: Path, draw: Generator, share: float) -> dict[Path, str]:
    """Take some rows out of every CSV file; return the files, by path, that bring them later."""
    later = {}
    for n, file in enumerate(sorted(sources.rglob("*.csv"))):
        head, *given = _rows(file.read_text(encoding="latin-1"))
        held = [draw.random() < share for _ in given]
        if any(held):
            kept = [row for row, out in zip(given, held, strict=True) if not out]
            file.write_text("".join([head, *kept]), encoding="latin-1")
            rest = [row for row, out in zip(given, held, strict=True) if out]
            later[file.with_name(re.sub(r"20\d\d-\d\d-\d\d.*", f"{LATER}_z{n}.csv", file.name))] = "".join(
                [head, *rest]
            )
    return later


def _rows(text: str) -> Iterator[str]:
    """Rows as they stand, those with line breaks inside quotes too."""
    row = ""
    for line in text.splitlines(keepends=True):
        row += line
        if row.count('"') % 2 == 0:
            yield row
            row = ""
    if row:
        yield row


def _by_record(folder: Path, target: Path) -> dict[str, str]:
    """The first record of each child, by child key: keys are given anew where a child is."""
    named: dict[str, list[str]] = {}
    for row in rows(folder, "clusters", target):
        named.setdefault(row["child_key"], []).append(row["record_id"])
    return {key: min(records) for key, records in named.items()}


def described(folder: Path, target: Path) -> list[str]:
    """What the store holds of each child."""
    by_key = _by_record(folder, target)
    with open_workspace(folder) as workspace:
        kept = workspace.store.read("children").to_pylist()
    return sorted(str(row | {"child_key": by_key[row["child_key"]]}) for row in kept)


def reported(folder: Path, target: Path) -> list[str]:
    """Every piece of text and picture of the report, children by their records; not when it was made."""
    page = re.sub(r"<dt>Made</dt><dd>[^<]*", "", (folder / "report.html").read_text())
    for key, record in _by_record(folder, target).items():
        page = page.replace(key, record)
    return sorted(page.replace(f"trigpoint show {folder.name} ", "trigpoint show ").split("<"))


@pytest.fixture
def proposed_for(monkeypatch):
    """How many children the policy was asked about, run by run."""
    asked = []

    def counting(workspace, *, findings, **rest):
        [[children]] = workspace.con.execute(f"select count(distinct child_key) from {findings}").fetchall()
        asked.append(children)
        return propose_markers(workspace, findings=findings, **rest)

    monkeypatch.setattr(mark_children, "propose_markers", counting)
    return asked


def test_random_rows_that_come_later_end_where_one_run_over_all_would(small, tmp_path, proposed_for):
    later = hold_back(small / "sources", default_rng(1), 0.04)
    assert len(later) > 3
    run(small)
    for path, text in later.items():
        path.write_text(text, encoding="latin-1")
    whole = shutil.copytree(small, tmp_path / "whole", ignore=shutil.ignore_patterns(".trigpoint", "report.html"))
    assert run(small).loads
    run(whole)
    for what in ("findings", "markers"):
        assert facts(small, what, tmp_path) == facts(whole, what, tmp_path)
    assert described(small, tmp_path) == described(whole, tmp_path)
    assert rows(small, "counts", tmp_path) == rows(whole, "counts", tmp_path) != []
    assert reported(small, tmp_path) == reported(whole, tmp_path)
    _, again, everybody = proposed_for
    assert 0 < again < everybody  # whoever has the same answers as before keeps what was proposed
