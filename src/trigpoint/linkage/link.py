"""Linking: which records are one child. Source records stay as they were sent; only keys are computed."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from trigpoint.errors import LinkageError
from trigpoint.linkage.clusters.forming import make_clusters
from trigpoint.linkage.clusters.keys import ask_about_held, give_keys
from trigpoint.linkage.clusters.outcome import Linked, finish
from trigpoint.linkage.clusters.region import Given, number_known, same_nhs, score_all, score_touched, take_known
from trigpoint.linkage.features.people import make_people, one_number, read_records
from trigpoint.linkage.features.remembered import find_stale, is_made_by, made_by, recall, remember
from trigpoint.linkage.scoring.blocking import RULES, report_blocks, stop_blocks, stopped_blocks, write_keys
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
    memory: Path | None = None,
    held_keys: Iterable[str] = (),
) -> Linked:
    """Link the current record views of a DuckDB view or table.

    `records_view` has the columns of `records`; a record id may have several rows. Known links keep child keys,
    judgements are always obeyed. Without a `model` one is learnt (or the bundled one taken, if there are too few
    records) and handed back in `Linked.model`; hand it in again next time. With `new_record_ids` (new and changed
    ones; removed ones are found) only what they reach is worked out again: that needs `known_edges`, `known_links`
    and the model of the last run, and gives what linking everything with that model and those known links would.
    `memory` is a folder in which a run leaves what it made of each record, so that the next makes only what is new; it
    changes nothing in the answer (see `features.remembered`). `held_keys` are the child keys on which casework hangs:
    a move of records from or to one of them is also a question for a person.
    Intermediate tables are temporary: the caller bounds memory by the connection's memory_limit and temp_directory.
    """
    settings = settings or LinkSettings()
    take_known(con, links=known_links, edges=known_edges, judgements=judgements)
    if model is None or not model.frequencies:
        read_records(con, records_view)
        model, new_record_ids = prepare_model(con, settings, weights=model), None
        same = same_nhs(con)
        stale = None
    else:
        stale, same = _read(con, records_view, model=model, memory=memory if new_record_ids is not None else None)
    people = _make_rows(con, model=model, same=same, memory=memory, stale=stale, records_view=records_view)
    stop_blocks(con, settings)
    number_known(con)
    if new_record_ids is not None and known_edges is None:
        raise LinkageError(
            "new records cannot be added to links whose edges are not known",
            where="link(new_record_ids=...)",
            mend="Pass known_edges and known_links of the last run, or leave new_record_ids out to link everything.",
        )
    if new_record_ids is None or model.engine != duckdb.__version__:
        score_all(con, model=model, settings=settings)
    else:
        score_touched(con, {*new_record_ids, *(stale or ())}, people=people, model=model, settings=settings)
    parted = make_clusters(con, people=people, model=model, settings=settings)
    give_keys(con)
    ask_about_held(con, held_keys)
    blocks = report_blocks(con)
    model = replace(model, stopped_blocks=stopped_blocks(con), engine=duckdb.__version__)
    linked = finish(con, model=model, settings=settings, at=at, parted=parted, blocks=blocks)
    _say(linked)
    drop_tables(con)
    return linked


def _read(
    con: duckdb.DuckDBPyConnection, records_view: str, *, model: LinkModel, memory: Path | None
) -> tuple[list[str] | None, dict[str, str]]:
    """Read the records that are not remembered as they are, or all; which these are, and numbers judged the same."""
    stale = find_stale(con, memory, records_view) if memory else None
    if memory is not None and stale is not None:
        judged = [r for (r,) in con.execute("SELECT unnest([record_a, record_b]) FROM link_judged_ids").fetchall()]
        read_records(con, records_view, only=sorted({*stale, *judged}))
        same = same_nhs(con)
        if is_made_by(memory, _made_by(model, same)):
            return stale, same
    read_records(con, records_view)
    return None, same_nhs(con)


def _make_rows(
    con: duckdb.DuckDBPyConnection,
    *,
    model: LinkModel,
    same: dict[str, str],
    memory: Path | None,
    stale: list[str] | None,
    records_view: str,
) -> int:
    """Make `link_people` and `link_keys`, from memory where that holds, and remember them; the number of records."""
    made = make_people(
        con, frequencies=model.frequencies, crowded_postcodes=list(model.crowded_postcodes), same_nhs=same
    )
    write_keys(con)
    if memory is None:
        return made
    if stale is None:
        find_stale(con, None, records_view)
    else:
        recall(con, memory, stale)
    remember(con, memory, fingerprint=_made_by(model, same), more=stale is not None)
    return int(one_number(con, "SELECT count(*) FROM link_people"))


def _made_by(model: LinkModel, same: dict[str, str]) -> str:
    return made_by(
        frequencies=model.frequencies,
        crowded=model.crowded_postcodes,
        same_nhs=same,
        rules=tuple(rule.keys for rule in RULES),
    )


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
