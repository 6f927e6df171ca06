"""Learning the weights from a partnership's own records, and a steady hand where there are few of them.

Nobody labels anything. Frequencies of names and postcodes are always counted; how often chance pairs agree is counted
on pairs drawn at random; how often true pairs agree is learnt by expectation maximisation (`expectation.py`) over the
pairs that blocking brings together. Each is pulled towards the bundled values as strongly as the evidence is thin.
"""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np

from trigpoint.linkage.features.comparisons import COMPARISONS, gamma_name
from trigpoint.linkage.features.people import TABLE, TF_COLUMNS, make_people, one_number
from trigpoint.linkage.scoring.blocking import make_keys, make_pairs
from trigpoint.linkage.scoring.expectation import SMALLEST, Compared, Odds, learn_m
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings, bundled_model, with_odds
from trigpoint.linkage.scoring.pairs import known_sql, levels_sql, rarity_sql

# How many records a value needs before its own frequency is kept in the model file: rarer values identify people.
NAMED_FROM = {"forename": 5, "surname": 5, "postcode": 5, "address": 20, "school": 5}
PRIOR_RECORDS, PRIOR_PAIRS = 200, 20_000
USUAL = {"forename": 0.006, "surname": 0.004, "postcode": 0.0003, "address": 0.0002, "school": 0.02}
FLOORS = {"forename": 2e-4, "surname": 5e-5, "postcode": 2e-5, "address": 2e-5, "school": 1e-4}
# Of true pairs, the share that agrees exactly on birth date, first name and surname in the bundled model.
EXACT_RECALL = 0.56


def prepare_model(
    con: duckdb.DuckDBPyConnection, settings: LinkSettings, *, weights: LinkModel | None = None
) -> LinkModel:
    """A model for the records that `read_records` read, with the frequencies of their names and postcodes.

    Its weights are those given; without any they are learnt, or the bundled ones where there are too few records.
    """
    records = int(one_number(con, "SELECT count(*) FROM link_latest"))
    model = replace(
        weights or bundled_model(records=records),
        records=records,
        frequencies=count_frequencies(con, records=records),
        crowded_postcodes=crowded_postcodes(con, settings),
        engine=duckdb.__version__,
    )
    if weights is not None or records < settings.train_from_records:
        return model
    return _train(con, model=model, settings=settings)


def count_frequencies(con: duckdb.DuckDBPyConnection, *, records: int) -> dict[str, dict[str, float]]:
    """The share of records with each common name and postcode, smoothed; '' stands for all the rarer ones."""
    texts = {
        "forename": "SELECT forename AS value FROM link_latest JOIN link_given ON text = given_names",
        "surname": "SELECT s.surname AS value FROM link_latest l JOIN link_surname s ON text = l.surname",
        "postcode": "SELECT postcode AS value FROM link_latest",
        "address": "SELECT a.address AS value FROM link_latest l JOIN link_address a ON a.text = l.address",
        "school": "SELECT school AS value FROM link_latest",
    }
    shares: dict[str, dict[str, float]] = {}
    for column in TF_COLUMNS:
        extra, total = PRIOR_RECORDS * USUAL[column], records + PRIOR_RECORDS
        rows = con.execute(
            f"SELECT value, count(*) FROM ({texts[column]}) WHERE value IS NOT NULL GROUP BY value "
            f"HAVING count(*) >= {NAMED_FROM[column]} ORDER BY value"
        ).fetchall()
        shares[column] = {"": (1 + extra) / total} | {value: (count + extra) / total for value, count in rows}
    return shares


def crowded_postcodes(con: duckdb.DuckDBPyConnection, settings: LinkSettings) -> tuple[str, ...]:
    """Postcodes that so many records have borne that a former one in common says nothing (a children's home)."""
    rows = con.execute(
        "SELECT postcode FROM (SELECT unnest(all_postcodes) AS postcode FROM link_latest) GROUP BY postcode "
        f"HAVING count(*) > {settings.crowded_postcode_records} ORDER BY postcode"
    ).fetchall()
    return tuple(row[0] for row in rows)


def _train(con: duckdb.DuckDBPyConnection, *, model: LinkModel, settings: LinkSettings) -> LinkModel:
    records = make_people(
        con,
        frequencies=model.frequencies,
        crowded_postcodes=list(model.crowded_postcodes),
        same_nhs={},
        keep_latest=True,
    )
    chance, all_pairs = _first_chance(con, records), records * (records - 1) / 2
    odds = _learn_u(con, model=model, chance=chance, records=records, settings=settings)
    learnt = replace(model, splink=with_odds(odds, chance=chance, frequency_floors=FLOORS), made_from="learnt")
    compared = _compare_blocked(con, model=learnt, settings=settings)
    odds, chance = learn_m(compared, odds=odds, chance=chance, all_pairs=all_pairs)
    return replace(learnt, splink=with_odds(odds, chance=chance, frequency_floors=FLOORS))


def _first_chance(con: duckdb.DuckDBPyConnection, records: int) -> float:
    """The prior from the pairs that agree on birth date and both names, over the share of true pairs that do."""
    exact = one_number(
        con,
        f"SELECT coalesce(sum(size * (size - 1) // 2), 0) FROM (SELECT count(*) AS size FROM {TABLE} "
        "WHERE birth IS NOT NULL AND forename IS NOT NULL AND surname IS NOT NULL GROUP BY birth, forename, surname)",
    )
    return min(0.1, max(exact, 1.0) / EXACT_RECALL / (records * (records - 1) / 2))


def _learn_u(
    con: duckdb.DuckDBPyConnection, *, model: LinkModel, chance: float, records: int, settings: LinkSettings
) -> Odds:
    """u from random pairs, without the true pairs among them, pulled to the bundled u by PRIOR_PAIRS."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE link_pairs AS SELECT a, b FROM (SELECT 1 + hash(i, {settings.seed}) % {records} "
        f"AS a, 1 + hash({settings.seed}, i) % {records} AS b FROM range({int(settings.training_pairs)}) t(i)) "
        "WHERE a <> b"
    )
    gammas = ", ".join(gamma_name(c) for c in COMPARISONS)
    counted = con.execute(f"SELECT count(*) AS pairs, {gammas} FROM ({levels_sql('link_pairs')}) GROUP BY ALL")
    patterns = counted.fetchnumpy()
    made = []
    for comparison, levels in zip(COMPARISONS, model.odds(), strict=True):
        seen = np.asarray(patterns[gamma_name(comparison)], int)
        pairs = np.bincount(
            seen[seen >= 0], weights=np.asarray(patterns["pairs"], float)[seen >= 0], minlength=len(levels)
        )[::-1]
        made.append(_pulled(pairs, levels, chance=chance))
    return made


def _pulled(pairs: np.ndarray, levels: list[tuple[float, float]], *, chance: float) -> list[tuple[float, float]]:
    ms, prior = np.array([m for m, _ in levels]), np.array([u for _, u in levels])
    total = pairs.sum()
    share = pairs / total if total else prior
    cleaned = np.maximum((share - chance * ms) / (1 - chance), 0.0)
    us = np.maximum((total * cleaned + PRIOR_PAIRS * prior) / (total + PRIOR_PAIRS), SMALLEST)
    return [(float(m), float(u)) for m, u in zip(ms, us / us.sum(), strict=True)]


def _compare_blocked(con: duckdb.DuckDBPyConnection, *, model: LinkModel, settings: LinkSettings) -> Compared:
    """The pairs that blocking brings together, or an even sample of them."""
    make_keys(con, settings)
    make_pairs(con, only_touched=False)
    pairs = one_number(con, "SELECT count(*) FROM link_pairs")
    one_in = max(1.0, pairs / settings.em_pairs)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE link_sample AS SELECT a, b FROM link_pairs "
        f"WHERE hash(a, b, {settings.seed}) % 1000000 < {1e6 / one_in}"
    )
    gammas = [gamma_name(c) for c in COMPARISONS]
    rows = con.execute(
        f"SELECT {', '.join(gammas)}, {rarity_sql(model)} AS rarity, {known_sql(settings)} AS known "
        f"FROM ({levels_sql('link_sample')})"
    ).fetchnumpy()
    con.execute("DROP TABLE link_sample")
    return Compared(
        levels=np.column_stack([np.asarray(rows[g], np.int8) for g in gammas]),
        rarity=np.asarray(rows["rarity"], float),
        known=np.ma.filled(np.ma.masked_array(rows["known"]).astype(float), np.nan),
        stands_for=one_in,
    )
