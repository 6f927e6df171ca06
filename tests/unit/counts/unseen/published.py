"""Published capture histories and what was published about them (see tests/data/mse/README.md)."""

import json
from functools import cache
from pathlib import Path

from trigpoint.counts.unseen import Histories, read_csv

FOLDER = Path(__file__).parents[3] / "data" / "mse"


@cache
def histories(name: str) -> Histories:
    return Histories.of(read_csv(FOLDER / f"{name}.csv"))


@cache
def figures() -> dict:
    return json.loads((FOLDER / "published.json").read_text())
