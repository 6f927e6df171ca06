"""Measure, and print one table with ratios."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import again, linkage, load, lookup, mark, run, truth
from benchmarks.disclosure import measured as disclosure
from benchmarks.manual import keep
from benchmarks.measuring import OverTimeError
from benchmarks.rows import Row, show
from benchmarks.scanner import measure
from benchmarks.unseen import measured as unseen
from benchmarks.web import measure as web

Sizes = list[int]
# Each with its quick and its full sizes: rows of a file, events, children and so on.
BENCHMARKS: dict[str, tuple[Callable[[int, Path], list[Row]], Sizes, Sizes]] = {
    "load": (load.measure, [20_000], [1_000_000]),
    "mark": (mark.measure, [100_000], [5_000_000]),
    "run": (run.measure, [300], [20_000, 200_000, 1_000_000]),
    "again": (again.measure, [300], [20_000, 200_000]),
    "linkage": (linkage.measure, [300], [20_000]),
    "growth": (linkage.growth, [5_000], [100_000, 300_000, 1_000_000]),
    "lookup": (lookup.measure, [5_000], [100_000, 1_000_000]),
    "truth": (truth.measure, [300], [20_000]),
    "scanner": (measure.measure, [500], [20_000]),
    "unseen": (unseen.measure, [400], [5_000]),
    "disclosure": (disclosure.measure, [10], [60]),
    "web": (web.measure, [2_000], [60_000]),
    "web-alone": (web.alone, [2_000], [60_000]),
}
app = typer.Typer(add_completion=False)


@app.command()
def main(
    which: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(BENCHMARKS)}; all if not said.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small sizes: shows that the benchmarks work.")] = False,
    size: Annotated[list[int] | None, typer.Option(help="Other sizes than the usual; may be given again.")] = None,
    to_manual: Annotated[bool, typer.Option("--markdown", help="Write docs/benchmarks.md anew.")] = False,
    scratch: Annotated[Path | None, typer.Option(help="Where to make the invented data, for a disk with room.")] = None,
) -> None:
    """Measure load, mark, run, again, linkage, growth, lookup and truth. Everything measured is invented."""
    made: list[Row] = []
    for name in which or list(BENCHMARKS):
        if name not in BENCHMARKS:
            raise typer.BadParameter(f"There is no benchmark '{name}'. There are: {', '.join(BENCHMARKS)}.")
        rows = _measure(name, size or BENCHMARKS[name][1 if quick else 2], scratch)
        made += rows
        if to_manual:
            sizes = "".join(f" --size {n}" for n in size or [])
            keep(name, rows, command=f"python -m benchmarks {name}{' --quick' if quick else ''}{sizes}")
    show(made, title="Trigpoint measured (seconds are processor seconds)")


def _measure(name: str, sizes: Sizes, scratch: Path | None) -> list[Row]:
    measure, *_ = BENCHMARKS[name]
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    for n in sizes:
        typer.echo(f"measuring {name} at {n:,} ...", err=True)
        with tempfile.TemporaryDirectory(prefix="trigpoint-bench-", dir=scratch) as folder:
            try:
                rows += measure(n, Path(folder))
            except OverTimeError as over:
                rows.append(Row(name, "everything", f"{n:,}", str(over)))
    return rows


if __name__ == "__main__":
    app(prog_name="python -m benchmarks")
