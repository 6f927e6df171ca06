from collections.abc import Iterator

import duckdb
import pytest

from trigpoint.engines.answers import Engine
from trigpoint.engines.duckdb import DuckDBEngine
from trigpoint.engines.memory import MemoryEngine


@pytest.fixture(scope="module", params=["memory", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn: what is specified holds of both."""
    if request.param == "memory":
        yield MemoryEngine()
        return
    with duckdb.connect(config={"threads": 1}) as con:
        yield DuckDBEngine(con)
