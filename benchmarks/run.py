"""Run: a whole invented partnership from its files to its report, how long each stage takes, and how it grows."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.measuring import MIB, Spent, trigpoint
from benchmarks.rows import Row
from trigpoint.services.workspace import open_workspace

SEED, AS_AT = 11, "2026-10-31"
LEAST = 240.0  # seconds that a command may take, and for each child as many more
EACH = 0.004
_SMALLER: dict[str, tuple[int, float]] = {}  # by stage, of the size measured before in this run


def limit(children: int) -> float:
    """Seconds after which a command is ended."""
    return LEAST + EACH * children


def measure(children: int, folder: Path) -> list[Row]:
    """Invent and run; beside each stage stands the size before it, the ratio being how many times more it took."""
    place = folder / "partnership"
    invented = trigpoint("invent", place, "--children", str(children), "--seed", str(SEED), limit=limit(children))
    ran = run(place, children)
    size = f"{children:,} children"
    rows = [_row("invent", size, children, invented), _row("run", size, children, ran)]
    rows += [_stage(f"run: {name}", size, children, took) for name, took in stages(place).items()]
    return rows


def run(place: Path, children: int) -> Spent:
    """One run of the partnership, as at the invented day."""
    report = place / "report.html"
    return trigpoint("run", place, "--as-at", AS_AT, "--report", report, limit=limit(children))


def stages(place: Path) -> dict[str, float]:
    """Wall seconds of each stage of the last run."""
    with open_workspace(place) as workspace:
        rows = workspace.store.read("runs", columns=["run_no", "seconds"]).to_pylist()
    last = max(rows, key=lambda row: row["run_no"])
    return {name: float(took) for name, took in json.loads(last["seconds"]).items()}


def _row(what: str, size: str, children: int, spent: Spent) -> Row:
    peak = (spent.peak or 0) / MIB
    return _grown(f"{what}; peak memory {peak:,.0f} MiB", size, children, (what, str(spent), spent.processor))


def _stage(what: str, size: str, children: int, took: float) -> Row:
    return _grown(what, size, children, (what, f"{took:.1f} s wall", took))


def _grown(what: str, size: str, children: int, measured: tuple[str, str, float]) -> Row:
    name, said, took = measured
    smaller, before = _SMALLER.get(name, (0, 0.0))
    _SMALLER[name] = (children, took)
    if not smaller or smaller >= children or not before:
        return Row("run", what, size, said)
    beside = f"{before:.1f} s at {smaller:,}"
    return Row("run", what, size, said, beside, took / before, f"{children / smaller:.0f} or less")
