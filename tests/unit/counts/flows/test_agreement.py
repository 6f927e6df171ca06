"""Agreement against printed examples and a plain judge over pairs of ratings."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.counts.flows.agreement import ac1, alpha, coefficients, pairs

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), A: two observers, ten units, alpha 0.095.
MEG = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
OWEN = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

RATINGS = st.lists(st.lists(st.sampled_from([-1, 0, 1]), min_size=3, max_size=3), min_size=10, max_size=30).map(
    lambda rows: np.array(rows, np.int8)
)


def said(ratings):
    known = ratings[(ratings >= 0).sum(axis=1) >= 2]
    return (known == 1).sum(axis=1).astype(float), (known >= 0).sum(axis=1).astype(float)


def judge(ratings):
    """Alpha by its definition: how often pairs within a child differ, over how often pairs of all ratings do."""
    rows = [[r for r in row if r >= 0] for row in ratings.tolist()]
    rows = [row for row in rows if len(row) >= 2]
    every = [r for row in rows for r in row]
    observed = sum(sum(a != b for a, b in permutations(row, 2)) / (len(row) - 1) for row in rows) / len(every)
    expected = sum(a != b for a, b in permutations(every, 2)) / (len(every) * (len(every) - 1))
    return 1 - observed / expected


def test_two_observers_have_the_printed_alpha():
    assert float(alpha(*said(np.array([MEG, OWEN], np.int8).T))) == pytest.approx(0.095, abs=5e-4)


def test_ac1_of_two_raters_is_that_worked_out_by_hand():
    """118 both yes, 5 and 2 one alone, 0 neither: agreement 0.944, p = 0.972, so 0.9408 where kappa is below 0."""
    rows = [[1, 1]] * 118 + [[1, 0]] * 5 + [[0, 1]] * 2
    assert float(ac1(*said(np.array(rows, np.int8)))) == pytest.approx(0.9408, abs=5e-5)


@settings(deadline=None, max_examples=100)
@given(RATINGS)
def test_alpha_is_that_of_the_plain_judge(ratings):
    marked, of = said(ratings)
    yes = marked.sum()
    if len(marked) and 0 < yes < of.sum():
        assert float(alpha(marked, of)) == pytest.approx(judge(ratings))


@settings(deadline=None, max_examples=100)
@given(RATINGS)
def test_pairs_count_the_children_that_both_know(ratings):
    rows = {tuple(row["agencies"]): row for row in pairs(ratings, ["a", "b", "c"])}
    for i, j in combinations(range(3), 2):
        two = [(x, y) for x, y in ratings[:, [i, j]].tolist() if x >= 0 and y >= 0]
        row = rows.get(("abc"[i], "abc"[j]))
        assert (row is None) == (not two)
        if row:
            counted = (row["both"], row["first"], row["second"], row["neither"])
            assert counted == tuple(two.count(each) for each in ((1, 1), (1, 0), (0, 1), (0, 0)))


def test_full_agreement_is_one_and_nobody_marked_has_no_alpha():
    made = coefficients(np.array([[1, 1], [0, 0]] * 10, np.int8))
    assert made["alpha"]["value"] == made["ac1"]["value"] == 1
    none = coefficients(np.zeros((20, 2), np.int8))
    assert none["alpha"] is None
    assert none["ac1"]["value"] == 1


def test_limits_hold_the_value_and_few_children_give_none():
    rng = np.random.default_rng(2)
    made = coefficients(rng.integers(0, 2, (60, 3)).astype(np.int8))
    for name in ("alpha", "ac1"):
        assert made[name]["low"] < made[name]["value"] < made[name]["high"]
    assert coefficients(np.ones((9, 2), np.int8))["alpha"] is None
