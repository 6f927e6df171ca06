"""Children's timelines kept ready for the pages that open them, after a run came in or somebody was erased."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from trigpoint.errors import TrigpointError
from trigpoint.services.keep_timelines import keep_timelines
from trigpoint.services.workspace import open_workspace


def keep_ready(folder: Path) -> str:
    """Keep children's timelines ready for the pages that open them, without getting in the way of people at work.

    Where that cannot be done (somebody else writes in the partnership just now), pages read the store, only slower.
    """
    try:
        with ThreadPoolExecutor(1, initializer=os.nice, initargs=(10,)) as pool:  # of this thread and those it begins
            pool.submit(_keep, folder).result()
    except TrigpointError as fault:
        return f"Timelines are not ready: chronologies open slowly until the run is registered again. {fault}"
    return "Timelines are ready."


def _keep(folder: Path) -> None:
    with open_workspace(folder, turn="keep timelines ready") as workspace:
        keep_timelines(workspace)
