"""A model that the settings name brings its weights; what the last run left stays this partnership's own. Invented."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from riverside import RIVERSIDE
from trigpoint.linkage.scoring.model import LinkModel, load_model
from trigpoint.services.current import show_current
from trigpoint.services.link_records import chosen_model, link_records, model_path
from trigpoint.services.load_extracts import load_extracts
from trigpoint.services.workspace import open_workspace


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Linked once with the model learnt there; from then on the settings name a file."""
    folder = Path(shutil.copytree(RIVERSIDE, tmp_path_factory.mktemp("named") / "riverside"))
    with open_workspace(folder) as workspace:
        load_extracts(workspace)
        show_current(workspace)
        link_records(workspace, since=None)
    settings = folder / "partnership.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[linkage]\nmodel = "named.json"\n', encoding="utf-8")
    return folder


def learnt(folder: Path) -> LinkModel:
    with open_workspace(folder) as workspace:
        return load_model(model_path(workspace))


def chosen(folder: Path, named: LinkModel) -> LinkModel:
    named.save(folder / "named.json")
    with open_workspace(folder) as workspace:
        model = chosen_model(workspace)
    assert model is not None
    return model


def test_of_the_same_weights_from_elsewhere_the_blocks_that_were_stopped_there_are_not_taken(folder: Path) -> None:
    own = learnt(folder)
    assert chosen(folder, replace(own, stopped_blocks=(1, 2, 3), judged_numbers="another's")) == own


def test_weights_without_frequencies_go_on_with_those_counted_here(folder: Path) -> None:
    own = learnt(folder)
    assert chosen(folder, replace(own, frequencies={}, crowded_postcodes=(), engine="")) == own


def test_under_other_weights_everything_is_linked(folder: Path) -> None:
    own = learnt(folder)
    other = {**own.splink, "probability_two_random_records_match": own.chance / 2}
    model = chosen(folder, replace(own, splink=other, stopped_blocks=(1, 2, 3)))
    assert (model.chance, model.engine, model.stopped_blocks) == (own.chance / 2, "", ())
