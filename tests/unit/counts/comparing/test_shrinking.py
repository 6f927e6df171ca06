"""Shrunken rates against a published example, and against what must hold of any."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.counts.comparing import shrink

COUNTIES = Path(__file__).parents[3] / "data" / "counts" / "st_louis_homicides.csv"
# PySAL, esda.smoothing.Empirical_Bayes, the example of its manual: Marshall's estimates of the first ten counties.
PRINTED = [2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05, 3.66494122e-05,
           5.79952721e-05, 2.03064590e-05, 3.31152999e-05, 3.02748380e-05]  # fmt: skip

AREAS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 5_000)), min_size=2, max_size=30)


def test_homicides_around_st_louis_are_shrunk_as_published():
    rows = list(csv.DictReader(COUNTIES.read_text().splitlines()))
    made = shrink([int(r["homicides"]) for r in rows], [int(r["population"]) for r in rows], per=1)
    assert np.allclose(made.rates[:10], PRINTED, rtol=1e-8)


@settings(deadline=None, max_examples=100)
@given(AREAS)
def test_a_shrunken_rate_lies_between_its_own_and_that_of_all(areas):
    count, lived = (np.array(each) for each in zip(*areas, strict=True))
    made, own = shrink(count, lived), 10_000 * count / lived
    slack = 1e-9 * (1 + own)
    assert (made.rates >= np.minimum(own, made.mean) - slack).all()
    assert (made.rates <= np.maximum(own, made.mean) + slack).all()
    seen = count > 0  # with none counted the posterior can be so skewed that its mean lies above its upper limit
    assert ((made.low <= made.rates + slack) & (made.rates <= made.high + slack))[seen].all()
    assert (made.low <= made.high).all()


def test_where_chance_explains_all_every_area_has_the_rate_of_all():
    made = shrink([5, 5, 5, 5], [1000, 1000, 1000, 1000])
    assert made.spread == 0
    assert np.allclose(made.rates, 50)
    assert not made.kept.any()


def test_a_small_area_is_drawn_further_than_a_large_one_with_the_same_rate():
    made = shrink([2, 200, 10, 100], [100, 10_000, 10_000, 10_000])
    assert made.kept[0] < made.kept[1]
    assert abs(made.rates[0] - made.mean) < abs(made.rates[1] - made.mean)


def test_an_area_where_nobody_lives_has_no_rate_and_does_not_sway_the_others():
    with_, without = shrink([4, 9, 1], [500, 400, 0]), shrink([4, 9], [500, 400])
    assert np.isnan(with_.rates[2])
    assert np.allclose(with_.rates[:2], without.rates)


def test_the_truth_is_nearer_to_shrunken_rates_than_to_raw_ones():
    rng = np.random.default_rng(5)
    lived = rng.integers(200, 3_000, 200)
    truth = rng.gamma(4, 10, 200)
    count = rng.poisson(truth * lived / 10_000)
    made = shrink(count, lived)
    raw = 10_000 * count / lived
    assert np.mean((made.rates - truth) ** 2) < 0.7 * np.mean((raw - truth) ** 2)
    assert 0.9 < np.mean((made.low <= truth) & (truth <= made.high)) < 0.99


def test_no_population_at_all_is_refused():
    with pytest.raises(ValueError, match="population"):
        shrink([1], [0])
