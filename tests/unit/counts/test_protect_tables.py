"""Tables of the same children, shown together to people who may not see them."""

from __future__ import annotations

import pytest

from trigpoint.errors import TrigpointError
from trigpoint.services.protect_tables import protect_tables

SEX = {"girls": {"marked": 3, "none": 87}, "boys": {"marked": 20, "none": 90}}
CARE = {"in care": {"marked": 15, "none": 5}, "not": {"marked": 8, "none": 172}}


def test_small_numbers_are_hidden_with_what_would_give_them_away() -> None:
    made = protect_tables({"sex": SEX, "care": CARE}, across="stage")
    assert made.cells["sex"]["girls"]["marked"] == "c"
    assert made.cells["care"]["in care"]["none"] == "c"
    assert made.cells["sex"]["total"] == made.cells["care"]["total"] == {"marked": "20", "none": "180", "total": "200"}
    assert made.cells["sex"]["boys"]["marked"] == "20"
    assert "rounded" in made.note


def test_tables_that_are_not_of_the_same_children_are_refused() -> None:
    with pytest.raises(TrigpointError):
        protect_tables({"sex": SEX, "care": {"not": {"marked": 1, "none": 1}}}, across="stage")


def test_nothing_gives_nothing() -> None:
    assert protect_tables({}, across="stage").cells == {}
