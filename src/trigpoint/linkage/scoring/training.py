"""Learning the weights: Splink's expectation maximisation over a partnership's own records, and a steady hand.

Nobody labels anything. Frequencies of names and postcodes are always counted; the m and u of each level are learnt
when there are enough records, and then pulled towards the bundled values as strongly as the evidence is thin.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import duckdb

from trigpoint.linkage.features.people import TABLE, TF_COLUMNS, make_people, one_number
from trigpoint.linkage.scoring.blocking import make_keys, make_pairs
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings, bundled_model, with_odds
from trigpoint.linkage.scoring.pairs import scored_sql

# How many records a value needs before its own frequency is kept in the model file: rarer values identify people.
NAMED_FROM = 5
PRIOR_RECORDS, PRIOR_MATCHES, PRIOR_PAIRS = 200, 200, 20_000
USUAL = {"forename": 0.006, "surname": 0.004, "postcode": 0.0003}
FLOORS = {"forename": 2e-4, "surname": 5e-5, "postcode": 2e-5}
# Of true pairs, the share that agrees exactly on birth date, first name and surname in the bundled model.
EXACT_RECALL = 0.56
SMALLEST = 1e-7
ROUNDS, SAMPLE = 2, 4_000

# Each session learns the comparisons that its columns do not hold equal.
TRAINING_BLOCKS = (("birth",), ("forename", "surname"), ("postcode", "surname"))


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
    }
    shares: dict[str, dict[str, float]] = {}
    for column in TF_COLUMNS:
        extra, total = PRIOR_RECORDS * USUAL[column], records + PRIOR_RECORDS
        rows = con.execute(
            f"SELECT value, count(*) FROM ({texts[column]}) WHERE value IS NOT NULL GROUP BY value "
            f"HAVING count(*) >= {NAMED_FROM} ORDER BY value"
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


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink logs its estimates and warns of levels that it never saw; the bundled values stand in for those."""
    log, silence = logging.getLogger("splink"), logging.NullHandler()
    before = log.propagate, log.handlers
    log.propagate, log.handlers = False, [silence]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.propagate, log.handlers = before


def _train(con: duckdb.DuckDBPyConnection, *, model: LinkModel, settings: LinkSettings) -> LinkModel:
    records = make_people(
        con,
        frequencies=model.frequencies,
        crowded_postcodes=list(model.crowded_postcodes),
        same_nhs={},
        keep_latest=True,
    )
    with _quiet():
        us = _estimate_u(con, model=model, settings=settings)
    _block_sample(con, records=records, settings=settings)
    chance, learnt = _first_chance(con, records), model
    for _ in range(ROUNDS):
        odds = _true_u(us, model=model, chance=chance, records=records, settings=settings)
        with _quiet():
            ms = _estimate_m(con, odds=odds, chance=chance, settings=settings)
        matches = chance * records * (records - 1) / 2
        blended = [_blend_m(now, then, matches=matches) for now, then in zip(ms, model.odds(), strict=True)]
        learnt = replace(model, splink=with_odds(blended, chance=chance, frequency_floors=FLOORS), made_from="learnt")
        chance = _expected_chance(con, model=learnt, records=records, settings=settings)
    return replace(learnt, splink={**learnt.splink, "probability_two_random_records_match": chance})


def _block_sample(con: duckdb.DuckDBPyConnection, *, records: int, settings: LinkSettings) -> None:
    """Pairs of a sample of records with all others, to see how many of the same child a record has."""
    one_in = max(1, records // SAMPLE)
    con.execute(f"CREATE OR REPLACE TEMP TABLE link_touched AS SELECT n FROM {TABLE} WHERE hash(n) % {one_in} = 0")
    con.execute("CREATE OR REPLACE TEMP TABLE link_known (n BIGINT, child VARCHAR)")
    con.execute("CREATE OR REPLACE TEMP TABLE link_judged (a BIGINT, b BIGINT, verdict VARCHAR)")
    make_keys(con, settings)
    make_pairs(con, only_touched=True)


def _expected_chance(
    con: duckdb.DuckDBPyConnection, *, model: LinkModel, records: int, settings: LinkSettings
) -> float:
    """The prior from the pairs that the model itself expects among those of the sample."""
    scored = scored_sql("link_pairs", model=model, settings=settings)
    expected = one_number(con, f"SELECT coalesce(sum(probability), 0) FROM ({scored})")
    seen = one_number(
        con,
        f"WITH taken AS (SELECT count(*)::DOUBLE AS size FROM link_touched) "
        f"SELECT size * ({records} - size) + size * (size - 1) / 2 FROM taken",
    )
    return min(0.1, max(expected, 1.0) / seen)


def _first_chance(con: duckdb.DuckDBPyConnection, records: int) -> float:
    """The prior from the pairs that agree on birth date and both names, over the share of true pairs that do."""
    exact = _pairs(con, ("birth", "forename", "surname"))
    pairs = records * (records - 1) / 2
    return min(0.1, max(exact, 1.0) / EXACT_RECALL / pairs)


def _linker(con: duckdb.DuckDBPyConnection, splink: dict[str, Any]) -> Any:
    from splink import DuckDBAPI, Linker

    return Linker(DuckDBAPI(connection=con).register(TABLE), splink)


def _learnt(linker: Any, *, fallback: list[list[tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    """(m, u) as Splink now holds them, with the fallback where it saw nothing of a level."""
    made = []
    for entry, levels in zip(linker.misc.save_model_to_json()["comparisons"], fallback, strict=True):
        made.append(
            [
                (level.get("m_probability", m), level.get("u_probability", u))
                for level, (m, u) in zip(entry["comparison_levels"][1:], levels, strict=True)
            ]
        )
    return made


def _without(splink: dict[str, Any], key: str) -> dict[str, Any]:
    comparisons = [
        {
            **entry,
            "comparison_levels": [{k: v for k, v in lv.items() if k != key} for lv in entry["comparison_levels"]],
        }
        for entry in splink["comparisons"]
    ]
    return {**splink, "comparisons": comparisons}


def _estimate_u(
    con: duckdb.DuckDBPyConnection, *, model: LinkModel, settings: LinkSettings
) -> list[list[tuple[float, float]]]:
    linker = _linker(con, _without(dict(model.splink), "u_probability"))
    linker.training.estimate_u_using_random_sampling(max_pairs=settings.training_pairs, seed=settings.seed)
    return _learnt(linker, fallback=model.odds())


def _true_u(
    estimated: list[list[tuple[float, float]]],
    *,
    model: LinkModel,
    chance: float,
    records: int,
    settings: LinkSettings,
) -> list[list[tuple[float, float]]]:
    """u without the true pairs that random pairs of a small set contain, pulled to the bundled u by PRIOR_PAIRS."""
    pairs = min(settings.training_pairs, records * (records - 1) / 2)
    made = []
    for now, then in zip(estimated, model.odds(), strict=True):
        us = []
        for (_, u), (m, prior) in zip(now, then, strict=True):
            cleaned = max((u - chance * m) / (1 - chance), 0.0)
            us.append(max((pairs * cleaned + PRIOR_PAIRS * prior) / (pairs + PRIOR_PAIRS), SMALLEST))
        made.append([(m, u / sum(us)) for (m, _), u in zip(then, us, strict=True)])
    return made


def _estimate_m(
    con: duckdb.DuckDBPyConnection, *, odds: list[list[tuple[float, float]]], chance: float, settings: LinkSettings
) -> list[list[tuple[float, float]]]:
    linker = _linker(con, with_odds(odds, chance=chance, frequency_floors=FLOORS))
    for columns in TRAINING_BLOCKS:
        pairs = _pairs(con, columns)
        if pairs:
            linker.training.estimate_parameters_using_expectation_maximisation(
                _block(columns, one_in=math.ceil(pairs / settings.em_pairs)), fix_u_probabilities=True
            )
    return _learnt(linker, fallback=odds)


def _pairs(con: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> float:
    """How many pairs agree on the columns."""
    held = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return one_number(
        con,
        "SELECT coalesce(sum(size * (size - 1) // 2), 0) FROM "
        f"(SELECT count(*) AS size FROM {TABLE} WHERE {held} GROUP BY {', '.join(columns)})",
    )


def _block(columns: tuple[str, ...], *, one_in: int) -> str:
    """A rule for Splink that takes whole blocks, one in so many: no more pairs are made than are used."""
    equal = " AND ".join(f"l.{column} = r.{column}" for column in columns)
    return equal if one_in == 1 else f"{equal} AND hash(l.{columns[0]}) % {one_in} = 0"


def _blend_m(
    learnt: list[tuple[float, float]], bundled: list[tuple[float, float]], *, matches: float
) -> list[tuple[float, float]]:
    weight = matches / (matches + PRIOR_MATCHES)
    ms = [weight * m + (1 - weight) * prior for (m, _), (prior, _) in zip(learnt, bundled, strict=True)]
    ms = [max(m, SMALLEST) for m in ms]
    return [(m / sum(ms), u) for m, (_, u) in zip(ms, learnt, strict=True)]
