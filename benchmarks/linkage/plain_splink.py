"""The same records with Splink alone, well tuned: its own comparisons, wide blocking, term frequencies, no labels.

`python -m benchmarks.linkage.plain_splink FOLDER` writes `splink.parquet` (clusters at the threshold 0.95) and
`splink_pairs.parquet`.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.linkage.flat import flat

CHOSEN = 0.95
BLOCKS = [
    ("given_name", "surname"), ("surname", "birth_date"), ("given_name", "birth_date"), ("postcode", "given_name"),
    ("postcode", "surname"), ("birth_date", "postcode"), ("birth_date", "address"), ("surname", "address"),
    ("given_name", "address"), ("email",), ("number",), ("nhs_number",), ("upn",), ("phone",),
    ("substr(given_name,1,3)", "substr(surname,1,3)", "substr(birth_date,1,4)"),
    ("substr(surname,1,4)", "substr(postcode,1,4)"), ("substr(email,1,6)", "substr(given_name,1,1)"),
]  # fmt: skip


def main(folder: Path) -> None:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    from splink import DuckDBAPI, Linker, block_on

    with duckdb.connect(config={"threads": 2}) as con:
        held = flat(con, folder)
        blocks = [cols for cols in BLOCKS if all(_column(col) in held for col in cols)]
        settings = {
            "link_type": "dedupe_only", "unique_id_column_name": "record_id", "comparisons": _comparisons(held),
            "blocking_rules_to_generate_predictions": [block_on(*cols) for cols in blocks],
            "retain_intermediate_calculation_columns": False, "retain_matching_columns": False,
        }  # fmt: skip
        linker = Linker(DuckDBAPI(connection=con).register("flat"), settings)
        sure = [block_on(*cols) for cols in blocks if len(cols) == 2][:3]
        linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for cols in (("birth_date",), ("given_name", "surname"), ("surname", "postcode")):
            if all(col in held for col in cols):
                linker.training.estimate_parameters_using_expectation_maximisation(block_on(*cols))
        predicted = linker.inference.predict(threshold_match_probability=0.001)
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=CHOSEN
        )
        _write(con, predicted, f"record_id_l, record_id_r, match_probability to {folder}/splink_pairs.parquet")
        _write(con, clusters, f"record_id, cluster_id to {folder}/splink.parquet")


def _column(text: str) -> str:
    return text.removeprefix("substr(").split(",")[0]


def _comparisons(held: list[str]) -> list[Any]:
    import splink.comparison_library as cl

    names = [cl.ForenameSurnameComparison("given_name", "surname")] if {"given_name", "surname"} <= set(held) else []
    made = {
        "birth_date": cl.DateOfBirthComparison("birth_date", input_is_string=True),
        "postcode": cl.LevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        "address": cl.JaroWinklerAtThresholds("address", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        "school": cl.ExactMatch("school").configure(term_frequency_adjustments=True),
        "sex": cl.ExactMatch("sex"),
        "email": cl.EmailComparison("email"),
        "number": cl.LevenshteinAtThresholds("number", [1, 2]),
        "nhs_number": cl.ExactMatch("nhs_number"),
        "upn": cl.ExactMatch("upn"),
        "phone": cl.ExactMatch("phone"),
    }
    return names + [comparison for name, comparison in made.items() if name in held]


def _write(con: duckdb.DuckDBPyConnection, made: Any, what: str) -> None:
    columns, place = what.split(" to ")
    ours_of = {"record_id_l": "record_a", "record_id_r": "record_b", "match_probability": "probability"}
    for theirs, ours in ours_of.items():
        columns = columns.replace(theirs, f"{theirs} as {ours}")
    con.execute(f"copy (select {columns} from {made.physical_name}) to '{place}'")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
