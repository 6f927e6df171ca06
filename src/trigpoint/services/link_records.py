"""Find which records are one child, building on what is known already, and keep the answer in the store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from trigpoint.linkage.clusters.outcome import Linked
from trigpoint.linkage.features.remembered import forget, read_memory
from trigpoint.linkage.link import link
from trigpoint.linkage.scoring.blocking import BlockReport, report_blocks
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings, OtherComparisonsError, load_model
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.workspace import Workspace

MODEL_FILE = "linkage-model.json"
MEMORY = "linkage-memory"  # what was made of each record, so that the next run makes only what is new

TOUCHED = """
    select distinct record_id from raw_sightings
    where record_id is not null and row_key in (
        select row_key from raw_sightings join raw_extracts using (extract_id) where seq > ?)
"""

JUDGED = """
    with last_word as (
        select record_a, record_b, arg_max(verdict, "at") as verdict from judgements group by all),
    not_followed as (
        select record_a, record_b from last_word
        join links a on a.record_id = record_a join links b on b.record_id = record_b
        where (verdict = 'same') <> (a.child_key = b.child_key))
    select unnest([record_a, record_b]) from not_followed
    union
    select unnest([record_a, record_b]) from judgements
    where "at" >= (select coalesce(max("at"), timestamp '1970-01-01') from runs where state = 'done')
"""


def link_records(
    workspace: Workspace,
    *,
    since: int | None,
    retrain: bool = False,
    held_keys: Collection[str] = (),
    progress: Progress = SILENT,
) -> Linked | None:
    """Link the current records (see `show_current`) and write links, edges, questions and successions in one step.

    `since` is the extract sequence that the last finished run had seen: then only what arrived later, and what it
    reaches, is worked out again; None links everything. Returns None where nothing changed. The model is learnt
    once and reused from `linkage-model.json` in the store, or from the file that the settings name. `held_keys` are
    the child keys on which casework hangs: where their records move, a person is asked.
    """
    progress.stage("Linking records")
    judged = _judged_since(workspace, since)
    model = None if retrain else chosen_model(workspace)
    touched = None if since is None or model is None else [*_touched(workspace, since), *judged]
    if touched == [] and workspace.store.count("links"):
        progress.step("No new records.")
        return None
    linked = _link(workspace, touched, model=model, held_keys=held_keys)
    _keep(workspace, linked)
    progress.step(_said(linked))
    return linked


def touched_children(workspace: Workspace, since: int) -> list[str]:
    """The children of records whose rows arrived, or were corrected, after the extract sequence `since`."""
    rows = workspace.con.execute(
        f"select distinct child_key from links semi join ({TOUCHED}) using (record_id)", [since]
    )
    return [key for (key,) in rows.fetchall()]


def model_path(workspace: Workspace) -> Path:
    """Where the model that this partnership learnt is kept."""
    return workspace.store.folder / MODEL_FILE


def model_file(workspace: Workspace) -> Path:
    """The model that links are made with: the one that the settings name, else the one learnt here."""
    named = workspace.partnership.linkage.model
    return workspace.partnership.folder / named if named else model_path(workspace)


def forget_memory(workspace: Workspace) -> None:
    """Remove what linking remembers of each record; it is made anew by the next run."""
    forget(workspace.store.folder / MEMORY)


def passed_over(workspace: Workspace) -> list[BlockReport]:
    """What so many records share that the last run did not compare them by it, the widest first.

    What is compared only where it is rare (a surname alone) is not told: to be passed over is its usual lot.
    """
    memory = read_memory(workspace.store.folder / MEMORY)
    stopped = [block for block in report_blocks(memory.blocks) if block.stopped_blocks] if memory else []
    told = (block for block in stopped if not block.rare)
    return sorted(told, key=lambda block: (-block.pairs_left_out, block.rule))


def link_settings(workspace: Workspace) -> LinkSettings:
    """How sure linkage must be here."""
    chosen = workspace.partnership.linkage
    return LinkSettings(join=chosen.join_at, stay=chosen.keep_at, ask=chosen.ask_at)


def chosen_model(workspace: Workspace) -> LinkModel | None:
    """The model to link with; None to learn one: the first time, and where an earlier version learnt this one here.

    Which blocks were stopped and which numbers stood for one child is told by the last run here, never by a model that
    came from elsewhere: where that run used other weights, everything is linked.
    """
    own = _learnt_here(workspace)
    if not workspace.partnership.linkage.model:
        return own
    named = load_model(model_file(workspace))
    return own if own and own.weighs_as(named) else replace(named, stopped_blocks=(), judged_numbers="", engine="")


def _learnt_here(workspace: Workspace) -> LinkModel | None:
    try:
        return load_model(model_path(workspace)) if model_path(workspace).is_file() else None
    except OtherComparisonsError:
        return None


def _link(
    workspace: Workspace, touched: list[str] | None, *, model: LinkModel | None, held_keys: Collection[str]
) -> Linked:
    store, con = workspace.store, workspace.con
    for table in ("links", "edges", "judgements"):
        store.scan(con, table, name=f"known_{table}")
    return link(
        con,
        "records",
        at=datetime.now(),
        new_record_ids=touched if model else None,
        known_links="known_links",
        known_edges="known_edges",
        judgements="known_judgements",
        settings=link_settings(workspace),
        model=model,
        memory=workspace.store.folder / MEMORY,
        held_keys=held_keys,
    )


def _keep(workspace: Workspace, linked: Linked) -> None:
    linked.model.save(model_path(workspace))
    with workspace.store.write("link records") as tx:
        tx.replace("links", linked.links)
        tx.replace("edges", linked.edges)
        tx.replace("questions", linked.questions)
        tx.append("successions", linked.successions)


def _touched(workspace: Workspace, since: int) -> list[str]:
    return [record for (record,) in workspace.con.execute(TOUCHED, [since]).fetchall()]


def _judged_since(workspace: Workspace, since: int | None) -> list[str]:
    """Records of judgements made after the last finished run, or that the links do not follow yet.

    A judgement that was made in casework keeps its own time, and may arrive after a run that was made later.
    """
    if since is None:
        return []
    con = workspace.con
    for table in ("judgements", "runs", "links"):
        workspace.store.scan(con, table)
    return [record for (record,) in con.execute(JUDGED).fetchall()]


def _said(linked: Linked) -> str:
    children = len(linked.links["child_key"].unique())
    asked = sum(linked.quality.needs_attention.values())
    return (
        f"{plural(linked.links.num_rows, 'record')} are {plural(children, 'child', 'children')}; "
        f"{plural(asked, 'question')} for a person"
    )
