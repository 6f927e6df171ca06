"""The funnel against a plain judge of its definition, and against chance itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from trigpoint.counts.comparing import funnel, limits


def judge(mean: float, p: float) -> float:
    """Spiegelhalter's interpolated limit, by walking up from nought."""
    least = 0
    while stats.poisson.cdf(least, mean) <= p:
        least += 1
    return max(0.0, least - (stats.poisson.cdf(least, mean) - p) / stats.poisson.pmf(least, mean))


@settings(deadline=None, max_examples=100)
@given(st.floats(0.05, 80), st.sampled_from([0.95, 0.998]))
def test_limits_are_those_of_the_definition(mean, level):
    low, high = (float(one) for one in limits(mean, level=level))
    assert low == pytest.approx(judge(mean, (1 - level) / 2), abs=1e-6)
    assert high == pytest.approx(judge(mean, (1 + level) / 2), abs=1e-6)


def test_limits_do_not_jump_as_the_expected_number_grows():
    _, high = limits(np.linspace(1, 30, 4_000), level=0.95)
    assert (np.diff(high) > 0).all()
    assert np.diff(high).max() < 0.1  # the limits of whole counts would jump by one


def test_large_areas_come_near_to_the_normal_limits():
    low, high = limits(10_000.0, level=0.95)
    assert (float(low), float(high)) == pytest.approx((10_000 - 196, 10_000 + 196), abs=1.5)


def test_chance_alone_puts_few_areas_outside():
    rng = np.random.default_rng(11)
    lived = rng.integers(2_000, 40_000, 4_000)
    made = funnel(rng.poisson(lived * 0.002), lived)
    outside = np.mean([place != "within" for place in made.places])
    assert made.dispersion == 1
    assert 0.035 < outside < 0.065


def test_an_area_far_from_the_others_is_seen():
    made = funnel([20, 22, 19, 60, 21, 18, 25, 24, 22, 20, 19, 21], [10_000] * 12)
    assert made.dispersion == 1
    assert made.places[3] == "above 99.8 %"
    assert set(made.places[:3] + made.places[4:]) == {"within"}


def test_areas_that_all_differ_widen_the_limits():
    rng = np.random.default_rng(3)
    lived = np.full(60, 20_000)
    made = funnel(rng.poisson(rng.gamma(3, 20, 60)), lived)
    assert made.dispersion > 2
    assert np.mean([place != "within" for place in made.places]) < 0.2


def test_two_areas_are_too_few_to_tell_over_dispersion():
    assert funnel([1, 90], [10_000, 10_000]).dispersion == 1


def test_an_area_without_people_is_said_to_be_so():
    made = funnel([3, 0], [4_000, 0])
    assert made.places == ("within", "no population")
