"""One way to load a text through a mapping, for the tests of intake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from trigpoint.intake import Shaped

RECEIVED = datetime(2026, 1, 31, 9, 0)


MISSING = """
mapping: missing
version: 1
title: Missing episodes (invented)
key: [CHILD, START]
person: {local_id: CHILD, birth_on: DOB}
events:
  - kind: missing
    happened_at: START
    ended_at: END
    attributes: {risk: RISK}
optional: [RISK, DOB, END]
"""


@dataclass
class Loaded:
    """What came of one extract."""

    shaped: Shaped
    con: duckdb.DuckDBPyConnection

    def rows(self, table: str, *columns: str) -> list[Any]:
        listed = ", ".join(f'"{c}"' for c in columns)
        found = self.con.execute(f"SELECT {listed} FROM {getattr(self.shaped, table)} ORDER BY ALL").fetchall()
        return [r[0] for r in found] if len(columns) == 1 else found

    @property
    def totals(self) -> tuple[int, int, int, int, int]:
        s = self.shaped
        return s.read, s.loaded, s.refused, s.repeated, s.corrected


Load = Callable[..., Loaded]
