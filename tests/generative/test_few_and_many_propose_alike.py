"""Few children are asked about one by one, many set-wise: both propose the same, and on the same findings."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.engines import proposing
from trigpoint.records.facts import seconds
from trigpoint.rules.policy import indicators_of, read_policy
from trigpoint.terms.pack import load_pack

POLICY = read_policy(load_pack())
LOOKED_AT = sorted({name for rule in POLICY.rules for name in indicators_of(rule)})
AS_AT = date(2025, 12, 31)
FINDING = st.fixed_dictionaries(
    {
        "child_key": st.sampled_from(["a", "b", "c"]),
        "indicator": st.sampled_from(LOOKED_AT),
        "to_on": st.integers(0, 400).map(lambda days: AS_AT - timedelta(days)),
        "agencies": st.sets(st.sampled_from(["police", "health", "education"])).map(sorted),
    }
)
SCHEMA = pa.schema(
    [
        ("finding_id", pa.string()),
        ("child_key", pa.string()),
        ("indicator", pa.string()),
        ("to_on", pa.date32()),
        ("agencies", pa.list_(pa.string())),
    ]
)


@given(st.lists(FINDING, max_size=40))
@settings(max_examples=6, deadline=None)
def test_one_by_one_and_set_wise_propose_the_same(rows: list[dict[str, object]]) -> None:
    findings = pa.Table.from_pylist([{**row, "finding_id": f"f{n}"} for n, row in enumerate(rows)], schema=SCHEMA)
    assert _proposed(findings, few=10**9) == _proposed(findings, few=-1)


def _proposed(findings: pa.Table, *, few: int) -> dict[str, list[tuple[object, ...]]]:
    con = duckdb.connect()
    con.register("given", findings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proposing, "FEW", few)
        proposing.propose(con, POLICY, findings="given", start_t=0, as_at_t=seconds(AS_AT))
    return {name: con.execute(f"from {name} order by all").fetchall() for name in ("proposed", "proposed_on")}
