"""Linkage measured: Trigpoint beside plain Splink and goldenmatch, on the same records in the same run.

`python -m benchmarks linkage --size CHILDREN` links the public sets that are at hand and an invented partnership of
that size; `python -m benchmarks growth --size RECORDS` links so many invented records, and one per cent more.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.rows import Row


def measure(children: int, folder: Path) -> list[Row]:
    """Quality, time and memory on every set at hand."""
    from benchmarks.linkage.sets_beside import measure_sets  # here, for its tools are run as modules of their own

    return measure_sets(folder, children=children)


def growth(records: int, folder: Path) -> list[Row]:
    """Time and memory of many records, and of one per cent more."""
    from benchmarks.linkage.measuring_growth import measure_growth

    return measure_growth(folder, records)
