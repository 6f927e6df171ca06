"""Keep the index that children are looked up in: made when records were linked, gone when data is forgotten."""

from __future__ import annotations

from pathlib import Path

from trigpoint.linkage.lookup.growing import update_index
from trigpoint.linkage.lookup.reading import OpenIndex
from trigpoint.linkage.lookup.writing import CURRENT, remove_index
from trigpoint.linkage.scoring.model import load_model
from trigpoint.services.link_records import link_settings, model_path
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.workspace import Workspace

FOLDER = "lookup"


def index_children(workspace: Workspace, *, progress: Progress = SILENT) -> int:
    """Bring the index up to the current records (see `show_current`), links and judgements; how many were written."""
    for table in ("links", "judgements"):
        workspace.store.scan(workspace.con, table, name=f"known_{table}")
    records = update_index(
        workspace.con,
        index_folder(workspace),
        records_view="records",
        links="known_links",
        judgements="known_judgements",
        model=load_model(model_path(workspace)),
        settings=link_settings(workspace),
    )
    progress.step(f"{plural(records, 'record')} ready to be looked up.")
    return records


def index_is_there(workspace: Workspace) -> bool:
    """Whether there is an index that this version can read."""
    if not (index_folder(workspace) / CURRENT).is_file():
        return False
    try:
        OpenIndex(index_folder(workspace)).now()
    except Exception:
        return False
    return True


def forget_index(workspace: Workspace) -> None:
    """Remove the index: it holds names, and the next run makes it anew."""
    remove_index(index_folder(workspace))


def index_folder(workspace: Workspace) -> Path:
    """Where the index of a partnership lies."""
    return workspace.store.folder / FOLDER
