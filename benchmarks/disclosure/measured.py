"""Suppression, rounding and perturbation measured: time, loss, and what the attacker recovers, beside others.

`python -m benchmarks disclosure --size TABLES` protects that many random tables beside the rule of thumb, and a few
fixed ones beside pytauargus, acro and the ONS cell-key package, where TRIGPOINT_BENCH_PEERS names a Python that has
them (`make bench-counts` makes one). One attacker judges all: whoever hides cells and leaves true margins.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.disclosure.by_heart import made_safe, two_in_a_line
from benchmarks.disclosure.made_tables import bound, frame, inner, recovered
from benchmarks.rows import Row
from trigpoint.counts import (
    DFE_EXACT_TOTALS,
    Published,
    count_perturbed,
    p_table,
    protect,
    record_keys,
    round_controlled,
)
from trigpoint.counts.disclosure.family import Family

PEERS = "TRIGPOINT_BENCH_PEERS"
BESIDE = ((12, 6), (10, 10), (43, 8), (10, 10, 5))
GROUPS = {
    "r": {f"v{i}": f"north {i % 2}" if i < 5 else "south" for i in range(10)} | {f"north {i}": "north" for i in (0, 1)},
    "c": {f"v{i}": "younger" if i < 4 else "older" for i in range(10)},
}


def measure(tables: int, folder: Path) -> list[Row]:
    """Rows: beside the rule of thumb, by size, with groups, rounding and noise, then beside the other tools."""
    return [_by_heart(tables), *_large(), *_otherwise(), *_beside(folder)]


def _hidden(cells: Family, published: Published) -> np.ndarray:
    """Which cells a published table hides."""
    hidden = np.zeros(len(cells.values), dtype=np.bool_)
    hidden[cells.places["t"]] = np.isin(published.tables["t"]["shown"].to_pylist(), ["c", ":"])
    return hidden


def _by_heart(tables: int) -> Row:
    """Further cells hidden, over many random tables: ours, and the rule of thumb made safe by the same attacker."""
    ours = thumb = open_ = small = 0
    for seed in range(tables):
        cells = bound(table := frame(inner((4 + seed % 5, 4 + seed % 4), seed=seed)))
        made = protect(table, DFE_EXACT_TOTALS, overlapping=())
        first = two_in_a_line(cells)
        ours += int(_hidden(cells, made).sum())
        thumb += int(made_safe(cells, first).sum())
        open_ += recovered(cells, first)
        small += made.note.small
        assert not recovered(cells, _hidden(cells, made))
    said = f"rule of thumb made safe ({open_} small counts open before)"
    return Row(
        "disclosure", f"cells hidden; {said}", f"{tables} random tables", f"{ours:,} (of them {small:,} small)",
        f"{thumb:,}", ours / thumb, "at most 0.90",
    )  # fmt: skip


def _large() -> list[Row]:
    """10 x 10 x 5, plain and with groups: seconds, further cells, whether the search ended."""
    made = []
    for what, groups in (("", {}), (" with groups", GROUPS)):
        for seed in (1, 2, 3):
            table = frame(inner((10, 10, 5), seed=seed), groups=groups)
            cells = bound(table, groups=groups)
            began = time.process_time()
            out = protect(table, DFE_EXACT_TOTALS, overlapping=(), hierarchies=groups)
            spent = time.process_time() - began
            asked = "least" if out.note.least else "search broken off"
            left = recovered(cells, _hidden(cells, out))
            size = f"10 x 10 x 5{what}: {len(cells.values):,} cells, {out.note.small} small"
            ours = f"{spent:.1f} s, {out.note.also_hidden} more hidden ({asked}), {left} recovered"
            made.append(Row("disclosure", "suppression", size, ours, aim="seconds, 0 recovered"))
    return made


def _otherwise() -> list[Row]:
    """Controlled rounding and cell keys on the same table: how far numbers move."""
    counts = inner((10, 10), seed=1)
    began = time.process_time()
    rounded = round_controlled({"t": frame(counts)}, 5, overlapping=())
    spent = time.process_time() - began
    loss = rounded.note.loss
    said = f"{spent:.2f} s, moved {loss.mean_rounding:.2f} on average, {loss.cells_gone} withheld, adds up"
    rows = [Row("disclosure", "controlled rounding, base 5", "10 x 10", said)]
    at = np.repeat(np.indices(counts.shape).reshape(2, -1), counts.reshape(-1), axis=1)
    people = pa.table({"r": [f"v{i}" for i in at[0]], "c": [f"v{i}" for i in at[1]]})
    keys = record_keys((str(i) for i in range(len(people))), secret=b"invented")
    began = time.process_time()
    out = count_perturbed(people, ("r", "c"), keys=keys, table=p_table())
    spent = time.process_time() - began
    true = {(r["row_value"], r["column_value"]): r["count"] for r in frame(counts).to_pylist()}
    moved = np.mean([abs(r["count"] - true[r["row_value"], r["column_value"]]) for r in out.to_pylist()])
    return [*rows, Row("disclosure", "cell keys", "10 x 10", f"{spent:.2f} s, moved {moved:.2f} on average")]


def _beside(folder: Path) -> list[Row]:
    """Other tools write their logs where they are run: in `folder`."""
    python = os.environ.get(PEERS)
    if not python:
        return [Row("disclosure", f"beside other tools: not measured, {PEERS} names no Python", "", "")]
    counts = [inner(shape, seed=7) for shape in BESIDE]
    script = Path(__file__).absolute().with_name("peers.py")
    ran = subprocess.run(
        [Path(python).absolute(), "-W", "ignore", script], input=json.dumps([one.tolist() for one in counts]),
        cwd=folder, capture_output=True, check=True, text=True, timeout=600,
    )  # fmt: skip
    answers = json.loads(ran.stdout[ran.stdout.index('{"pytauargus"') :])
    return [row for at, one in enumerate(counts) for row in _beside_one(one, answers, at)]


def _beside_one(counts: np.ndarray, answers: dict[str, Any], at: int) -> list[Row]:
    table = frame(counts)
    cells = bound(table)
    began = time.process_time()
    made = protect(table, DFE_EXACT_TOTALS, overlapping=())
    spent = time.process_time() - began
    hidden = _hidden(cells, made)
    ours = f"{spent:.2f} s, {hidden.sum()} hidden, {recovered(cells, hidden)} recovered"
    size = " x ".join(map(str, counts.shape))
    rows = []
    for name, answer in answers.items():
        shown = answer["tables"][at]
        if shown is not None:
            said = f"{answer['seconds'][at]:.2f} s, {_judged(table, cells, shown)}"
        elif answer["seconds"][at] is None:
            continue
        else:
            said = f"no answer: {answer['fault']}"
        rows.append(Row("disclosure", f"beside {name}", size, ours, said))
    return rows


def _judged(table: pa.Table, cells: Family, shown: list[Any]) -> str:
    """What a tool's answer hides, moves, and leaves open."""
    said = {tuple(values): one for values, one in ((_names(cell), value) for cell, value in shown)}
    keys = [
        tuple("" if (v := row[f"{axis}_value"]) == "total" else v for axis in ("row", "column", "layer") if row[axis])
        for row in table.to_pylist()
    ]
    answer = [said.get(key) for key in keys]
    gone = np.zeros(len(cells.values), dtype=np.bool_)
    gone[cells.places["t"]] = [one is None for one in answer]
    moved = [abs(one - row["count"]) for one, row in zip(answer, table.to_pylist(), strict=True) if one is not None]
    if max(moved, default=0) > 0:
        far = f"moved {np.mean(moved):.2f} on average, at most {max(moved):.0f}"
        return f"{gone.sum()} hidden or not given, the rest {far}"
    plain = recovered(cells, gone, plain=True)
    return f"{gone.sum()} hidden, {recovered(cells, gone)} recovered ({plain} exactly by a reader who knows sums alone)"


def _names(cell: list[str]) -> tuple[str, ...]:
    return tuple("" if value in ("Total", "All") else value for value in cell)
