"""Linking: which records are one child. Source records stay as they were sent; only keys are computed."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import duckdb

from trigpoint.errors import LinkageError
from trigpoint.linkage.clusters.forming import make_clusters
from trigpoint.linkage.clusters.keys import give_keys
from trigpoint.linkage.clusters.outcome import Linked, finish
from trigpoint.linkage.clusters.region import Given, number_known, same_nhs, score_all, score_touched, take_known
from trigpoint.linkage.features.people import make_people, read_records
from trigpoint.linkage.scoring.blocking import make_keys, report_blocks, stopped_blocks
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings
from trigpoint.linkage.scoring.training import prepare_model

log = logging.getLogger(__name__)


def link(  # noqa: PLR0913  what is known from before has several parts, each a table of its own
    con: duckdb.DuckDBPyConnection,
    records_view: str,
    *,
    at: datetime,
    new_record_ids: Iterable[str] | None = None,
    known_edges: Given = None,
    known_links: Given = None,
    judgements: Given = None,
    settings: LinkSettings | None = None,
    model: LinkModel | None = None,
) -> Linked:
    """Link the current record views of a DuckDB view or table.

    `records_view` has the columns of `records`; a record id may have several rows. Known links keep child keys,
    judgements are always obeyed. Without a `model` one is learnt (or the bundled one taken, if there are too few
    records) and handed back in `Linked.model`; hand it in again next time. With `new_record_ids` (new and changed
    ones; removed ones are found) only what they reach is worked out again: that needs `known_edges`, `known_links`
    and the model of the last run, and gives what linking everything with that model and those known links would.
    Intermediate tables are temporary: the caller bounds memory by the connection's memory_limit and temp_directory.
    """
    settings = settings or LinkSettings()
    take_known(con, links=known_links, edges=known_edges, judgements=judgements)
    read_records(con, records_view)
    if model is None or not model.frequencies:
        model, new_record_ids = prepare_model(con, settings, weights=model), None
    people = make_people(
        con,
        frequencies=model.frequencies,
        crowded_postcodes=list(model.crowded_postcodes),
        same_nhs=same_nhs(con),
    )
    number_known(con)
    make_keys(con, settings)
    if new_record_ids is not None and known_edges is None:
        raise LinkageError(
            "new records cannot be added to links whose edges are not known",
            where="link(new_record_ids=...)",
            mend="Pass known_edges and known_links of the last run, or leave new_record_ids out to link everything.",
        )
    if new_record_ids is None or model.engine != duckdb.__version__:
        score_all(con, model=model, settings=settings)
    else:
        score_touched(con, new_record_ids, people=people, model=model, settings=settings)
    parted = make_clusters(con, people=people, model=model, settings=settings)
    give_keys(con)
    blocks = report_blocks(con)
    model = replace(model, stopped_blocks=stopped_blocks(con), engine=duckdb.__version__)
    linked = finish(con, model=model, settings=settings, at=at, parted=parted, blocks=blocks)
    _say(linked)
    drop_tables(con)
    return linked


def drop_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Remove everything that linking left in the connection."""
    rows = con.execute(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_type = 'LOCAL TEMPORARY' AND starts_with(table_name, 'link_')"
    ).fetchall()
    con.execute("DROP VIEW IF EXISTS link_records")
    for (name,) in rows:
        con.execute(f'DROP TABLE IF EXISTS "{name}"')


def _say(linked: Linked) -> None:
    for block in linked.quality.blocks:
        if block.stopped_blocks:
            log.info(
                "blocking on %s: %d blocks were too large to compare, %d pairs left out",
                block.rule,
                block.stopped_blocks,
                block.pairs_left_out,
            )
    log.info("linked %d records; questions: %s", linked.links.num_rows, linked.quality.needs_attention)
