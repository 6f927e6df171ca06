"""Answers all indicators of the pack over a database that `made_events` made; run in a process of its own."""

from __future__ import annotations

import sys

import duckdb

from benchmarks import made_events
from benchmarks.mark import MEMORY
from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.rules.reading import read_indicators
from trigpoint.terms.pack import load_pack

if __name__ == "__main__":
    pack = load_pack()
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        con.execute(f"set memory_limit = '{MEMORY}'")
        answers = DuckDBEngine(con).answer(read_indicators(pack), made_events.facts_of(pack))
        print(f"{answers.counts().num_rows:,} counts")
