"""An index that grows in proportion: a smaller one over the last whole one, with the children of whom anything changed.

A child is in the smaller index with all its records, or not at all; what the whole index holds of it is passed over.
So an answer is that of an index made anew, but for blocks that passed the limit of their size by a record that has
since gone: these stay passed over until the next whole index.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from trigpoint.errors import TrigpointError
from trigpoint.linkage.clusters.judged_numbers import same_nhs
from trigpoint.linkage.clusters.region import Given, take_known
from trigpoint.linkage.features.people import read_records
from trigpoint.linkage.link import drop_tables
from trigpoint.linkage.lookup.reading import Index
from trigpoint.linkage.lookup.writing import (
    CURRENT,
    SEEN,
    SEEN_FILE,
    WORDS,
    fingerprint,
    frame_mark,
    making,
    write_index,
    write_part,
)
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings

LARGEST_SHARE: Final = 0.1  # of all records; above it the whole index is made anew

TOUCHED = """
CREATE OR REPLACE TEMP TABLE link_touched_children AS
SELECT DISTINCT unnest([n.child_key, t.child_key]) AS child_key
FROM link_seen n FULL JOIN read_parquet('{then}') t USING (record_id)
WHERE n.views IS DISTINCT FROM t.views OR n.child_key IS DISTINCT FROM t.child_key
"""


def update_index(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    records_view: str,
    links: Given,
    judgements: Given,
    model: LinkModel,
    settings: LinkSettings,
) -> int:
    """Bring the index of `folder` up to date (see `write_index`); how many records were written.

    Where there is no whole index, where the model or a judged NHS number is another, or where much changed, all is
    made anew.
    """
    try:
        take_known(con, links=links, edges=None, judgements=judgements)
        base = _base(folder, made_for=fingerprint(model, settings))
        if base is not None and (ids := _changed(con, folder / base, records_view)) is not None:
            same = same_nhs(con, records_view)
            if _marked(folder / base) == frame_mark(model, same):
                read_records(con, records_view, only=ids)
                con.execute("DELETE FROM link_known_links_in WHERE record_id NOT IN (FROM link_changed)")
                return _grow(con, folder, base, model=model, settings=settings, same=same)
    finally:
        drop_tables(con)
    return write_index(
        con,
        folder,
        records_view=records_view,
        links=links,
        judgements=judgements,
        model=model,
        settings=settings,
    )


def _base(folder: Path, *, made_for: str) -> str | None:
    """The name of the whole index that a smaller one may stand on."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8")
        name = str(json.loads((folder / name / WORDS).read_text(encoding="utf-8"))["over"] or name)
        Index(folder / name)
        words = json.loads((folder / name / WORDS).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TrigpointError):
        return None
    return name if words["made_for"] == made_for and (folder / name / SEEN_FILE).is_file() else None


def _marked(base: Path) -> str:
    return str(json.loads((base / WORDS).read_text(encoding="utf-8"))["frame"])


def _changed(con: duckdb.DuckDBPyConnection, base: Path, records_view: str) -> list[str] | None:
    """The records of children of whom anything changed since the whole index; None where they are too many."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE link_seen AS {SEEN.format(view=records_view)}")
    con.execute(TOUCHED.format(then=str(base / SEEN_FILE).replace("'", "''")))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_changed AS "
        "SELECT record_id FROM link_seen SEMI JOIN link_touched_children USING (child_key)"
    )
    [[changed, records]] = con.execute(
        "SELECT (SELECT count(*) FROM link_changed), (SELECT count(*) FROM link_seen)"
    ).fetchall()
    if changed > LARGEST_SHARE * records:
        return None
    return [record for (record,) in con.execute("SELECT record_id FROM link_changed ORDER BY 1").fetchall()]


def _grow(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    base: str,
    *,
    model: LinkModel,
    settings: LinkSettings,
    same: Mapping[str, str],
) -> int:
    whole = Index(folder / base)
    keys = [key.encode() for (key,) in con.execute(
        "SELECT child_key FROM link_touched_children WHERE child_key IS NOT NULL").fetchall()]  # fmt: skip
    replaced = np.isin(np.asarray(whole.children), np.array(keys, dtype="S")) if keys else np.zeros(0, bool)
    with making(folder, over=base) as made:
        np.save(made / "replaced.npy", replaced if len(replaced) else np.zeros(len(whole.children), bool))
        return write_part(con, made, model=model, settings=settings, same=same, over=base)
