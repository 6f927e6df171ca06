"""One invented partnership, made once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from invented_files import CHILDREN

from trigpoint.synthetic import Rates, invent


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("invented") / "partnership"
    invent(made, children=CHILDREN, seed=11, rates=Rates())
    return made


@pytest.fixture(scope="session")
def truth(folder: Path) -> Callable[[str], list[dict[str, str]]]:
    def read(name: str) -> list[dict[str, str]]:
        with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
