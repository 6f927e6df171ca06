"""A run of the invented partnership in casework, with a child on whom people worked, and two officers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from rights_world import Worked, a_child_of_the_run, officer, place, work_on
from riverside import Ran


@pytest.fixture
def worked(small_ran: Ran, tmp_path: Path, transactional_db: None, settings: Any) -> Worked:
    store, documents = shutil.copytree(small_ran.folder, tmp_path / "store"), tmp_path / "documents"
    place(settings, store, documents)
    world, child = a_child_of_the_run(store)
    work_on(world, child)
    return Worked(world, child, officer(world), officer(world), store, documents)
