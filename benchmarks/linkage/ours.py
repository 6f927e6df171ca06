"""Link the records of a prepared set with Trigpoint, as a run does: `python -m benchmarks.linkage.ours FOLDER`.

`persons` as second argument: a list of unrelated people, so that the guards for families are off. Writes
`ours.parquet` (record_id, cluster_id). `ours_pairs` writes every compared pair with its probability.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import duckdb

from trigpoint.linkage.link import drop_tables, link
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings, load_model, settings_for_persons

AT = datetime(2026, 1, 5)


def main(folder: Path, *, persons: bool) -> None:
    settings = settings_for_persons() if persons else LinkSettings()
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute(f"create view people_seen as from '{folder}/records.parquet'")
        linked = link(con, "people_seen", at=AT, settings=settings)
        con.register("links", linked.links)
        con.execute(f"copy (select record_id, child_key as cluster_id from links) to '{folder}/ours.parquet'")
        linked.model.save(folder / "ours_model.json")
        asked = sum(linked.quality.needs_attention.values())
        (folder / "ours_questions").write_text(str(asked), encoding="utf-8")


def compare_all(folder: Path, *, persons: bool) -> None:
    """Every pair that blocking brings together, scored with the model that `main` left (not timed)."""
    from trigpoint.linkage.clusters.region import number_known, take_known
    from trigpoint.linkage.features.people import TABLE, make_people, read_records
    from trigpoint.linkage.scoring.blocking import make_keys, make_pairs
    from trigpoint.linkage.scoring.pairs import score_pairs

    settings = settings_for_persons() if persons else LinkSettings()
    model: LinkModel = load_model(folder / "ours_model.json")
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute(f"create view people_seen as from '{folder}/records.parquet'")
        take_known(con, links=None, edges=None, judgements=None)
        read_records(con, "people_seen")
        make_people(con, frequencies=model.frequencies, crowded_postcodes=list(model.crowded_postcodes), same_nhs={})
        number_known(con)
        make_keys(con, settings)
        make_pairs(con, only_touched=False)
        score_pairs(con, pairs="link_pairs", into="compared", keep="true", model=model, settings=settings)
        con.execute(
            f"copy (select x.record_id as record_a, y.record_id as record_b, probability from compared "
            f"join {TABLE} x on x.n = a join {TABLE} y on y.n = b) to '{folder}/ours_pairs.parquet'"
        )
        drop_tables(con)


if __name__ == "__main__":
    main(Path(sys.argv[1]), persons="persons" in sys.argv[2:])
