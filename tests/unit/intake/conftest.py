"""A connection, the pack, and one way to load a text through a mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trigpoint.intake import Shaped, SourceFacts, parse_mapping, read_extract, settle, shape_extract
from trigpoint.terms.pack import Pack, load_pack

RECEIVED = datetime(2026, 1, 31, 9, 0)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack()


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


@pytest.fixture
def load(con: duckdb.DuckDBPyConnection, pack: Pack, tmp_path: Path) -> Load:
    """load(mapping yaml, content, name=..., received_at=..., gazetteer=..., unstated=...)."""

    def go(
        mapping: str,
        content: str | bytes,
        *,
        name: str = "extract.csv",
        received_at: datetime = RECEIVED,
        gazetteer: str | None = None,
        unstated: Any = "received",
        source: str = "police",
        known: str | None = None,
        replaces: bool = False,
        extract_id: str = "x1",
    ) -> Loaded:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        parsed = parse_mapping(mapping, pack)
        extract = read_extract(path, parsed, con)
        facts = SourceFacts(source, "police", "feed", unstated)
        shaped = shape_extract(
            extract, parsed, source=facts, received_at=received_at, extract_id=extract_id, pack=pack, con=con,
            gazetteer=gazetteer,
        )  # fmt: skip
        if known is not None:
            shaped = settle(shaped, known, con, replaces=replaces)
        return Loaded(shaped, con)

    return go


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
