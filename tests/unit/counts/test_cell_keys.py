"""Perturbation by cell keys: noise without bias, the same cell always the same, no small count shown."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from trigpoint.counts import TOTAL, count_perturbed, p_table, record_keys
from trigpoint.errors import CountsError


@pytest.mark.parametrize(("most", "variance", "not_shown"), [(3, 1.5, 2), (5, 3.0, 2), (2, 1.0, 0), (4, 2.0, 3)])
def test_the_chances_are_what_was_asked(most: int, variance: float, not_shown: int) -> None:
    table = p_table(most=most, variance=variance, not_shown=not_shown)
    np.testing.assert_allclose(table.chances.sum(axis=1), 1)
    np.testing.assert_allclose(table.chances @ table.moves, 0, atol=1e-3)
    assert table.chances[-1] @ table.moves**2 == pytest.approx(variance, abs=1e-3)
    for count, chances in enumerate(table.chances):
        reached = (count + table.moves)[chances > 1e-9]
        assert reached.min() >= 0
        assert not set(reached.tolist()) & set(range(1, not_shown + 1))
    assert np.abs(table.moves).max() == most


def test_of_all_such_tables_it_has_the_greatest_entropy() -> None:
    """Any small step that keeps total, mean and variance lowers the entropy."""
    table = p_table()
    chances = table.chances[-1]
    rules = np.vstack([np.ones(7), table.moves, table.moves**2])
    _, _, right = np.linalg.svd(rules)
    entropy = -(chances * np.log(chances)).sum()
    for step in right[3:]:
        for sign in (1e-3, -1e-3):
            other = chances + sign * step
            assert -(other * np.log(other)).sum() < entropy + 1e-9


def test_noise_over_many_cells_has_the_chances_of_the_table() -> None:
    table, chance = p_table(), np.random.default_rng(4)
    counts = np.full(60_000, 9)
    moved = table.move(counts, chance.random(60_000)) - counts
    seen = np.array([(moved == move).mean() for move in table.moves])
    np.testing.assert_allclose(seen, table.chances[-1], atol=0.01)


def children(size: int) -> pa.Table:
    chance = np.random.default_rng(8)
    return pa.table(
        {
            "id": [f"invented-{i}" for i in range(size)],
            "area": chance.choice(["Lowford", "Riverside"], size).tolist(),
            "sex": chance.choice(["boys", "girls"], size).tolist(),
            "care": chance.choice(["yes", "no"], size, p=[0.1, 0.9]).tolist(),
        }
    )


def shown(rows: pa.Table, by: tuple[str, ...]) -> dict[tuple[str | None, ...], int]:
    keys = record_keys(rows["id"].to_pylist(), secret=b"invented")
    table = count_perturbed(rows, by, keys=keys, table=p_table())
    return {(r["row_value"], r["column_value"]): r["count"] for r in table.to_pylist()}


def test_the_same_children_are_moved_alike_in_every_table() -> None:
    rows = children(200)
    one, other = shown(rows, ("area", "sex")), shown(rows, ("area", "care"))
    assert one["Lowford", TOTAL] == other["Lowford", TOTAL]
    assert one[TOTAL, TOTAL] == other[TOTAL, TOTAL]
    assert shown(rows.take(pa.array(np.random.default_rng(1).permutation(200))), ("area", "sex")) == one


def test_no_count_of_one_or_two_is_shown_and_subtracting_does_not_tell_a_child() -> None:
    differences = set()
    for size in range(20, 60):
        rows = children(size)
        counts = shown(rows, ("area", "care"))
        assert not {1, 2} & set(counts.values())
        differences.add(counts[TOTAL, TOTAL] - shown(rows.slice(1), ("area", "care"))[TOTAL, TOTAL])
    assert len(differences) >= 4


def test_numbers_that_make_no_table_are_refused() -> None:
    with pytest.raises(CountsError, match="No table of chances"):
        p_table(most=2, variance=9.0)
    with pytest.raises(CountsError, match="one to three columns"):
        shown(children(5), ("area", "shoe"))
