"""Linking: which records are one child. Source records stay as they were sent; only keys are computed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from trigpoint.errors import LinkageError
from trigpoint.linkage.clusters.forming import make_clusters
from trigpoint.linkage.clusters.judged_numbers import mark_of_numbers, moved_numbers, same_nhs
from trigpoint.linkage.clusters.keys import ask_about_held, give_keys
from trigpoint.linkage.clusters.outcome import Linked, finish
from trigpoint.linkage.clusters.region import (
    Given,
    number_known,
    score_all,
    score_touched,
    take_known,
    touch,
)
from trigpoint.linkage.features.people import NAMED, make_people, one_number, read_records
from trigpoint.linkage.features.recalled import place_all, recall
from trigpoint.linkage.features.remembered import (
    Memory,
    find_ids,
    find_stale,
    made_by,
    mark_of,
    read_memory,
    remember,
)
from trigpoint.linkage.scoring.blocking import (
    RULES,
    Counted,
    caps_sql,
    count_blocks,
    report_blocks,
    stop_blocks,
    stopped_blocks,
    write_keys,
)
from trigpoint.linkage.scoring.changed_blocks import count_changed_blocks, take_stopped
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
    _check_known(new_record_ids, known_edges)
    take_known(con, links=known_links, edges=known_edges, judgements=judgements)
    same = same_nhs(con, records_view)
    if model is None or not model.frequencies:
        read_records(con, records_view)
        model, new_record_ids = prepare_model(con, settings, weights=model), None
        rows = _make_all(con, model=model, same=same)
    else:
        known = model.engine == duckdb.__version__ and new_record_ids is not None
        folder = memory if known else None
        rows = _make_rows(con, records_view, model=model, folder=folder, same=same, settings=settings)
    number_known(con)
    if new_record_ids is None or not _goes_on(model, rows, same):
        counted = _count_all(con, settings)
        score_all(con, model=model, settings=settings)
    else:
        counted = _count_touched(con, {*new_record_ids, *rows.stale}, rows=rows, model=model, settings=settings)
        score_touched(con, people=rows.people, recalled=rows.memory is not None, model=model, settings=settings)
    model = replace(
        model, stopped_blocks=stopped_blocks(con), judged_numbers=mark_of_numbers(same), engine=duckdb.__version__
    )
    parted = make_clusters(con, people=rows.people, model=model, settings=settings)
    give_keys(con)
    ask_about_held(con, held_keys)
    lost = rows.memory.lost if rows.memory and not rows.memory.full else None
    linked = finish(con, model=model, at=at, parted=parted, blocks=report_blocks(counted), lost=lost)
    if memory:
        _remember(con, memory, records_view, rows=rows, linked=linked, counted=counted, settings=settings)
    _say(linked)
    drop_tables(con)
    return linked


@dataclass(frozen=True)
class _Rows:
    """The records that there are: how many, which of them had to be made anew, and the memory that holds the rest."""

    people: int
    same_nhs: Mapping[str, str]
    memory: Memory | None = None
    stale: tuple[str, ...] = ()


def _check_known(new_record_ids: Iterable[str] | None, known_edges: Given) -> None:
    if new_record_ids is not None and known_edges is None:
        raise LinkageError(
            "new records cannot be added to links whose edges are not known",
            where="link(new_record_ids=...)",
            mend="Pass known_edges and known_links of the last run, or leave new_record_ids out to link everything.",
        )


def _goes_on(model: LinkModel, rows: _Rows, same: Mapping[str, str]) -> bool:
    """Whether what is known from before may stand where new records do not reach it.

    Not where another engine made it, and not where other NHS numbers stand for one child and no memory tells which
    stood for one before: such a word reaches every record with one of the numbers.
    """
    known = rows.memory is not None or model.judged_numbers == mark_of_numbers(same)
    return known and model.engine == duckdb.__version__


def _make_rows(
    con: duckdb.DuckDBPyConnection,
    records_view: str,
    *,
    model: LinkModel,
    folder: Path | None,
    same: Mapping[str, str],
    settings: LinkSettings,
) -> _Rows:
    """Make the rows and keys of the records that are not remembered in the folder as they are, or of all."""
    memory = read_memory(folder) if folder else None
    if folder and memory and _fits(memory, model, settings):
        find_ids(con, records_view)
        stale = find_stale(con, folder, memory, moved_numbers=moved_numbers(memory.same_nhs, same))
        read_records(con, records_view, only=stale)
        made = _make_all(con, model=model, same=same)
        recall(con, folder, memory, stale=stale)
        people = int(one_number(con, f"SELECT count(*) FROM {NAMED}"))
        return replace(made, people=people, memory=memory, stale=tuple(stale))
    read_records(con, records_view)
    return _make_all(con, model=model, same=same)


def _fits(memory: Memory, model: LinkModel, settings: LinkSettings) -> bool:
    """Whether the memory was left by the run that the model is of, and rows would still be made as they were."""
    same_run = memory.stopped == mark_of(model.stopped_blocks)
    return (
        same_run
        and mark_of_numbers(memory.same_nhs) == model.judged_numbers
        and memory.made_by == _made_by(model, settings)
    )


def _make_all(con: duckdb.DuckDBPyConnection, *, model: LinkModel, same: Mapping[str, str]) -> _Rows:
    """Make `link_people` and `link_keys` of the records that `read_records` read."""
    people = make_people(
        con, frequencies=model.frequencies, crowded_postcodes=list(model.crowded_postcodes), same_nhs=same
    )
    write_keys(con)
    place_all(con)
    return _Rows(people, same)


def _count_all(con: duckdb.DuckDBPyConnection, settings: LinkSettings) -> Counted:
    stop_blocks(con, settings)
    return count_blocks(con)


def _count_touched(
    con: duckdb.DuckDBPyConnection, new: Iterable[str], *, rows: _Rows, model: LinkModel, settings: LinkSettings
) -> Counted:
    """Write which records and blocks are not what they were; where nothing is remembered all blocks are counted."""
    touch(con, new)
    take_stopped(con, model.stopped_blocks)
    if rows.memory is None:
        return _count_all(con, settings)
    return count_changed_blocks(con, settings, before=rows.memory.blocks)


def _remember(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    records_view: str,
    *,
    rows: _Rows,
    linked: Linked,
    counted: Counted,
    settings: LinkSettings,
) -> None:
    if rows.memory is None:
        find_ids(con, records_view)
    remember(
        con,
        folder,
        before=rows.memory,
        made_by=_made_by(linked.model, settings),
        stopped=linked.model.stopped_blocks,
        same_nhs=rows.same_nhs,
        blocks=counted,
        lost=linked.quality.lost_at_least,
    )


def _made_by(model: LinkModel, settings: LinkSettings) -> str:
    rules = (*(rule.keys for rule in RULES), caps_sql(settings))
    return made_by(frequencies=model.frequencies, crowded=model.crowded_postcodes, rules=rules)


def drop_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Remove everything that linking left in the connection."""
    rows = con.execute(
        "SELECT table_name, table_type FROM information_schema.tables "
        "WHERE table_type IN ('LOCAL TEMPORARY', 'VIEW') AND starts_with(table_name, 'link_')"
    ).fetchall()
    for name, kind in rows:
        con.execute(f'DROP {"VIEW" if kind == "VIEW" else "TABLE"} IF EXISTS "{name}"')


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
