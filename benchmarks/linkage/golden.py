"""The same records with goldenmatch and the settings that it chooses itself.

`python -m benchmarks.linkage.golden FOLDER` writes `golden.parquet` and `golden_pairs.parquet`. Its own confidence
check is set aside where it would refuse to run, so that there is something to compare with.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.linkage.flat import flat


def main(folder: Path) -> None:
    import goldenmatch

    with duckdb.connect() as con:
        flat(con, folder)
        records = pl.from_arrow(con.table("flat").to_arrow_table())
    assert isinstance(records, pl.DataFrame)
    shown = records.drop("record_id")
    config = goldenmatch.auto_configure_probabilistic_df(shown)
    found = goldenmatch.dedupe_df(shown, config=config, confidence_required=False, allow_red_config=True)
    ids = records["record_id"].to_list()
    of = {row: str(name) for name, cluster in found.clusters.items() for row in cluster["members"]}
    pl.DataFrame(
        {"record_id": ids, "cluster_id": [of.get(row, f"alone {row}") for row in range(len(ids))]}
    ).write_parquet(folder / "golden.parquet")
    pairs = [(ids[a], ids[b], float(score)) for a, b, score in found.scored_pairs]
    pl.DataFrame(
        pairs, schema={"record_a": pl.String, "record_b": pl.String, "probability": pl.Float64}, orient="row"
    ).write_parquet(folder / "golden_pairs.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
