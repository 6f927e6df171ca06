"""Intervals against printed tables, and against the definition of each, asked in another way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from trigpoint.counts.comparing import count_limits, rate, rate_limits, share_limits

# Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3.
NEWCOMBE = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0, 0.1611), (1, 29): (0.0061, 0.1718)}
# Garwood's exact limits for a Poisson mean, as in many printed tables (Ulm 1990).
GARWOOD = {0: (0, 3.689), 1: (0.025, 5.572), 5: (1.623, 11.668), 10: (4.795, 18.390), 20: (12.217, 30.888)}


@pytest.mark.parametrize(("case", "limits"), NEWCOMBE.items())
def test_shares_have_the_printed_limits(case, limits):
    assert np.allclose(share_limits(*case), limits, atol=5e-5)


@pytest.mark.parametrize(("count", "limits"), GARWOOD.items())
def test_counts_have_the_printed_limits(count, limits):
    assert np.allclose(count_limits(count), limits, atol=5e-4)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 300), st.sampled_from([0.8, 0.95, 0.998]))
def test_the_limits_of_a_count_are_the_means_that_would_just_not_give_it(count, level):
    low, high = (float(limit) for limit in count_limits(count, level=level))
    tail = (1 - level) / 2
    assert stats.poisson.cdf(count, high) == pytest.approx(tail, rel=1e-6)
    if count:
        assert stats.poisson.sf(count - 1, low) == pytest.approx(tail, rel=1e-6)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 60), st.integers(1, 60))
def test_the_limits_of_a_share_solve_the_score_equation(part, more):
    whole = part + more
    for limit in (float(one) for one in share_limits(part, whole)):
        assert 0 <= limit <= 1
        if 0 < limit < 1:
            z = (part / whole - limit) / (limit * (1 - limit) / whole) ** 0.5
            assert abs(z) == pytest.approx(1.959964, abs=1e-4)


def test_nobody_has_no_rate_and_no_share():
    assert np.isnan(rate(3, 0))
    assert np.isnan(rate_limits(3, 0)).all()
    assert np.isnan(share_limits(0, 0)).all()


def test_a_rate_is_per_ten_thousand():
    assert rate(12, 24_000) == pytest.approx(5)
