"""What the benchmark compares the engine with says the same as the engine: in SQL, in Polars and in pandas."""

from pathlib import Path

import duckdb
import pytest
from benchmarks import made_events
from benchmarks.by_hand import in_sql
from benchmarks.mark import Ten

from trigpoint.rules.reading import read_indicators
from trigpoint.terms.pack import load_pack


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Ten:
    pack, path = load_pack(), Path(tmp_path_factory.mktemp("events")) / "events.duckdb"
    made_events.database(path, pack, events=20_000)
    asked = {one.id: one for one in read_indicators(pack) if one.id in in_sql.BY_INDICATOR}
    return Ten(duckdb.connect(str(path)), made_events.facts_of(pack), asked)


@pytest.mark.parametrize("indicator", sorted(in_sql.BY_INDICATOR))
def test_all_ways_name_the_same_children_and_the_same_evidence(ten: Ten, indicator: str) -> None:
    ten.check(indicator)
