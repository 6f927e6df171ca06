"""Again: a run after 1 % new rows beside the first run of the same partnership, as at the same day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from numpy.random import Generator, default_rng

from benchmarks.measuring import trigpoint
from benchmarks.rows import Row
from benchmarks.run import SEED, limit, run, stages

SHARE = 0.01
LATER = "2026-11-16"
BYTES = "latin-1"  # whatever the encoding is, it is written as it was read


def measure(children: int, folder: Path) -> list[Row]:
    """Hold back 1 % of the rows of every CSV file, run, send them in files of their own, and run again."""
    place = folder / "partnership"
    trigpoint("invent", place, "--children", str(children), "--seed", str(SEED), limit=limit(children))
    later = hold_back(place, default_rng(SEED))
    first = run(place, children)
    before = stages(place)
    for path, text in later.items():
        path.write_text(text, encoding=BYTES, newline="")
    again = run(place, children)
    size = f"{children:,} children, {sum(text.count(chr(10)) for text in later.values()):,} lines in {len(later)} files"
    made = [
        Row("again", "a run after 1 % new rows", size, str(again), str(first), again.processor / first.processor,
            "under 0.10"),
    ]  # fmt: skip
    made += [
        Row("again", f"its {name}", size, f"{took:.1f} s wall", f"{before[name]:.1f} s wall", took / before[name])
        for name, took in stages(place).items()
        if before.get(name)
    ]
    return made


def hold_back(place: Path, draw: Generator) -> dict[Path, str]:
    """Take rows out of the files; return the files, by path, that bring them later."""
    return {
        later: text
        for file in sorted((place / "sources").rglob("*.csv"))
        for later, text in [_split(file, draw)]
        if text
    }


def _split(file: Path, draw: Generator) -> tuple[Path, str]:
    later = file.with_name(re.sub(r"20\d\d-\d\d-\d\d", LATER, file.name))
    head, *rows = _rows(file)
    kept, held = [head], [head]
    for row in rows:
        (held if draw.random() < SHARE else kept).append(row)
    if len(held) == 1 or later == file:
        return later, ""
    file.write_text("".join(kept), encoding=BYTES, newline="")
    return later, "".join(held)


def _rows(file: Path) -> Iterator[str]:
    """Rows as they stand, those with line breaks inside quotes too."""
    row = ""
    with file.open(encoding=BYTES, newline="") as lines:
        for line in lines:
            row += line
            if row.count('"') % 2 == 0:
                yield row
                row = ""
    if row:
        yield row
