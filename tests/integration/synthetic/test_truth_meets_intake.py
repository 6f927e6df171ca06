"""The truth of an invented partnership counts rows as intake does."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from trigpoint.services.load_extracts import load_extracts
from trigpoint.services.workspace import open_workspace
from trigpoint.synthetic import Rates, invent


def test_truth_agrees_with_intake_row_by_row(tmp_path: Path) -> None:
    """Loads a partnership as a run does: each row is loaded, refused or repeated just where the truth says."""
    folder = tmp_path / "p"
    invent(folder, children=150, seed=5, rates=Rates(half_row=0.02, impossible_date=0.02, blank_line=0.02))
    with open_workspace(folder) as workspace:
        load_extracts(workspace)
        seen = workspace.store.read("sightings", columns=["file", "row", "record_id"]).to_pylist()
        refused = workspace.store.read("refusals", columns=["file", "row", "scope"]).to_pylist()
    clusters = (folder / "truth/clusters.csv").read_text(encoding="utf-8").splitlines()[1:]
    owner = {(c[1], int(c[2])): (c[3], c[4]) for c in (line.split(",") for line in clusters)}
    children: dict[str, set[str]] = defaultdict(set)
    for row in seen:
        child, readable = owner[row["file"], row["row"]]
        assert readable == "yes"
        children[row["record_id"]].add(child)
    assert all(len(held) == 1 for held in children.values())
    whole = {(r["file"], r["row"]) for r in refused if r["scope"] == "row"}
    assert whole == {key for key, (_, readable) in owner.items() if readable == "no"}
