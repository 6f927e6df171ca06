"""A run after new rows ends where one run over everything ends, though it works out again only what these concern."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from numpy.random import Generator, default_rng

from riverside import facts, run

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


def test_random_rows_that_come_later_end_where_one_run_over_all_would(small, tmp_path):
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
