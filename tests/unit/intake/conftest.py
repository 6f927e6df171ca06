"""A connection, the pack, and `load`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from intake_loading import RECEIVED, Load, Loaded

from trigpoint.intake import SourceFacts, parse_mapping, read_extract, settle, shape_extract
from trigpoint.terms.pack import Pack, load_pack


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack()


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
