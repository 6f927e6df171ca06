"""The scorer's weights are Splink's own: the same model, the same pairs, the same match weights."""

from __future__ import annotations

import warnings
from typing import Any

import duckdb
import pytest
from invented import middling_model, random_views, table

from trigpoint.linkage.clusters import region
from trigpoint.linkage.features.people import TABLE, TF_COLUMNS, make_people, read_records
from trigpoint.linkage.scoring.model import LinkSettings
from trigpoint.linkage.scoring.pairs import score_pairs


def splink_weights(con: duckdb.DuckDBPyConnection, splink: dict[str, Any]) -> dict[tuple[int, int], float]:
    from splink import DuckDBAPI, Linker

    linker = Linker(
        DuckDBAPI(connection=con).register(TABLE), {**splink, "blocking_rules_to_generate_predictions": ["1=1"]}
    )
    for column in TF_COLUMNS:
        con.execute(
            f"CREATE OR REPLACE TABLE tf_{column} AS SELECT DISTINCT {column}, tf_{column} FROM {TABLE} "
            f"WHERE {column} IS NOT NULL"
        )
        linker.table_management.register_term_frequency_lookup(
            DuckDBAPI(connection=con).register(f"tf_{column}"), column
        )
    predicted = linker.inference.predict().as_duckdbpyrelation()
    return {(a, b): weight for a, b, weight in predicted.project("n_l, n_r, match_weight").fetchall()}


def test_our_weights_are_those_of_splink() -> None:
    model, settings = middling_model(), LinkSettings()
    with duckdb.connect() as con, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        con.register("views_in", table([v for seed in range(3) for v in random_views(seed, 40)]))
        con.execute("CREATE TABLE records AS FROM views_in")
        region.take_known(con, links=None, edges=None, judgements=None)
        read_records(con, "records")
        make_people(
            con,
            frequencies=model.frequencies,
            crowded_postcodes=list(model.crowded_postcodes),
            same_nhs={},
        )
        region.number_known(con)
        theirs = splink_weights(con, dict(model.splink))
        con.execute(f"CREATE TEMP TABLE link_pairs AS SELECT x.n a, y.n b FROM {TABLE} x JOIN {TABLE} y ON x.n < y.n")
        score_pairs(con, pairs="link_pairs", into="ours", keep="true", model=model, settings=settings)
        ours = {(a, b): weight for a, b, weight in con.execute("SELECT a, b, weight FROM ours").fetchall()}
    assert len(ours) == 120 * 119 // 2
    assert theirs.keys() == ours.keys()
    assert max(abs(theirs[pair] - ours[pair]) for pair in ours) < 1e-9
    assert max(ours.values()) - min(ours.values()) == pytest.approx(60, abs=40)
