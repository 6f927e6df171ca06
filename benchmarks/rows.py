"""One row a thing measured, and how rows are printed: on a screen and in the manual."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb
from rich.console import Console
from rich.table import Table

HEADERS = ("benchmark", "what", "size", "Trigpoint", "beside it", "ratio", "aim")


@dataclass(frozen=True)
class Row:
    """What was measured, at what size, what it took, beside what, their ratio, and what we aim at."""

    benchmark: str
    what: str
    size: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    aim: str = ""

    def cells(self) -> tuple[str, ...]:
        """The cells in the order of HEADERS."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.benchmark, self.what, self.size, self.ours, self.beside, ratio, self.aim)


def machine() -> str:
    """Cores, memory and versions, in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{date.today().isoformat()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.machine()}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )


def show(rows: Iterable[Row], *, title: str) -> None:
    """Print the table. Seconds are processor seconds; a ratio is Trigpoint's to the other's of the same run."""
    drawn = Table(title=title, title_justify="left", caption=machine(), caption_justify="left")
    for i, header in enumerate(HEADERS):
        drawn.add_column(header, justify="right" if i in {3, 4, 5} else "left")
    for row in rows:
        drawn.add_row(*row.cells())
    Console(width=max(Console().width, 150)).print(drawn)


def markdown(rows: Iterable[Row]) -> str:
    """The table for the manual."""
    lines = [f"| {' | '.join(HEADERS[1:])} |", "|---|---|--:|--:|--:|---|"]
    lines += [f"| {' | '.join(row.cells()[1:])} |" for row in rows]
    return "\n".join(lines)
