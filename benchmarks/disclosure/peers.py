"""Other tools on the same tables. Run by their own Python, for they need other versions than Trigpoint does.

Reads tables as JSON (a list of nested lists of counts), writes for each tool the seconds and, by table, the inner
cells and margins as shown (null where hidden).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
import time

import numpy as np
import pandas as pd

LONGEST = 60


def _too_long(*_: object) -> None:
    raise TimeoutError(f"not done after {LONGEST} s")


def rows(table: np.ndarray) -> pd.DataFrame:
    """One row a child."""
    at = np.repeat(np.indices(table.shape).reshape(table.ndim, -1), table.reshape(-1), axis=1)
    return pd.DataFrame({name: [f"v{i}" for i in at[axis]] for axis, name in enumerate("rcl"[: table.ndim])})


def tau_argus(table: np.ndarray) -> list:
    """Minimum frequency 6, optimal suppression; (values of the cell, shown or null)."""
    from pytauargus import protect

    people = rows(table).assign(one=1.0)
    names = list("rcl"[: table.ndim])
    with tempfile.TemporaryDirectory() as folder:
        made = protect(people, names, response="one", safety_rules="FREQ(6,20)", suppress="OPT(1)", workdir=folder)
        out = made.tables[0]
        shown, cells = out.safe(None), out.dataframe()[names]
    return [
        [[str(v).strip() for v in cell], None if pd.isna(one) else float(one)]
        for cell, one in zip(cells.values.tolist(), shown, strict=True)
    ]


def acro(table: np.ndarray) -> list:
    """Threshold 6, suppression, margins as the tool makes them."""
    from acro import ACRO, acro_tables

    people = rows(table)
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            tool = ACRO(suppress=True)
            acro_tables.THRESHOLD = 6
            made = tool.crosstab(people["r"], people["c"], margins=True)
        finally:
            os.chdir(here)
    return [
        [
            ["" if v == "All" else v for v in (row, column)],
            None if pd.isna(made.loc[row, column]) else float(made.loc[row, column]),
        ]
        for row in made.index
        for column in made.columns
    ]


def cell_key(table: np.ndarray) -> list:
    """The package's own table of chances (threshold 10, base 5), with every margin."""
    from cell_key_perturbation.create_perturbed_table import create_perturbed_table
    from cell_key_perturbation.utils.generate_test_ptable import generate_ptable_10_5_rule

    people = rows(table)
    people["record_key"] = np.random.default_rng(1).integers(0, 256, len(people))
    table_of_chances = generate_ptable_10_5_rule()
    out = []
    for by in (["r", "c"], ["r"], ["c"]):
        made = create_perturbed_table(people, ptable=table_of_chances, geog=[], tab_vars=by, record_key="record_key")
        out += [
            [[row.get("r", ""), row.get("c", "")], None if pd.isna(row["count"]) else float(row["count"])]
            for row in made.to_dict("records")
        ]
    return out


def main() -> None:
    """Every tool on every table; what does not work is said."""
    signal.signal(signal.SIGALRM, _too_long)
    tables = [np.array(one) for one in json.load(sys.stdin)]
    answers: dict[str, dict] = {}
    for name, tool in (("pytauargus", tau_argus), ("acro", acro), ("cell-key-perturbation", cell_key)):
        answers[name] = {"tables": [], "seconds": []}
        for table in tables:
            if table.ndim > 2 and name != "pytauargus":
                answers[name]["tables"].append(None)
                answers[name]["seconds"].append(None)
                continue
            began = time.process_time()
            signal.alarm(LONGEST)
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    made = tool(table)
            except Exception as fault:
                answers[name]["fault"] = f"{type(fault).__name__}: {fault}"[:200]
                made = None
            signal.alarm(0)
            answers[name]["tables"].append(made)
            answers[name]["seconds"].append(time.process_time() - began)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
