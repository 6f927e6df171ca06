"""The pooled ratio against a printed example, a plain judge, and what confounding must not do."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.counts.recognised import recognised_ratio


def spread(tables):
    """Arrays of children from (group recognised, group, others recognised, others) in each stratum."""
    group, found, stratum = [], [], []
    for s, (a, n1, b, n0) in enumerate(tables):
        for inside, yes, no in ((True, a, n1 - a), (False, b, n0 - b)):
            group += [inside] * (yes + no)
            found += [True] * yes + [False] * no
            stratum += [s] * (yes + no)
    return np.array(group, bool), np.array(found, bool), np.array(stratum, np.int64)


def judge(tables):
    """Mantel and Haenszel's ratio of risks with the limits of Greenland and Robins, stratum by stratum."""
    up = sum(a * n0 / (n1 + n0) for a, n1, b, n0 in tables)
    down = sum(b * n1 / (n1 + n0) for a, n1, b, n0 in tables)
    top = sum(((a + b) * n1 * n0 - a * b * (n1 + n0)) / (n1 + n0) ** 2 for a, n1, b, n0 in tables)
    half = 1.959964 * (top / (up * down)) ** 0.5
    return up / down, exp(log(up / down) - half), exp(log(up / down) + half)


def test_the_tolbutamide_trial_has_its_printed_ratio():
    """Deaths by age in the University Group Diabetes Program; Rothman, Epidemiology: An Introduction: ratio 1.33."""
    one = recognised_ratio(*spread([(8, 106, 5, 120), (22, 98, 16, 85)]))
    assert one.ratio == pytest.approx(1.33, abs=0.005)
    assert one.low < 1 < one.high


TABLES = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(1, 9), st.integers(0, 9)).map(
        lambda t: (t[0], t[0] + t[1], t[2], t[2] + t[3])
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=100)
@given(TABLES)
def test_the_ratio_is_that_of_the_plain_judge(tables):
    one = recognised_ratio(*spread(tables))
    a, n1, b, n0 = (sum(each) for each in zip(*tables, strict=True))
    assert (one.children, one.observed) == (n1, a)
    assert one.expected == pytest.approx(sum(n1 * b / n0 for a, n1, b, n0 in tables))
    if n1 < 5 or n0 < 5 or a + b < 5:
        assert one.ratio is None
    else:
        ratio, low, high = judge(tables)
        assert (one.ratio, one.low, one.high) == pytest.approx((ratio, low, high), rel=1e-5)


def test_a_difference_that_the_findings_explain_is_no_difference():
    """Girls are recognised less in all, yet in each stratum as often: they have fewer findings that propose."""
    one = recognised_ratio(*spread([(90, 100, 9, 10), (4, 40, 40, 400)]))
    assert one.ratio == pytest.approx(1)


def test_strata_without_others_tell_nothing():
    with_ = recognised_ratio(*spread([(6, 10, 8, 10), (9, 9, 0, 0), (0, 0, 3, 7)]))
    without = recognised_ratio(*spread([(6, 10, 8, 10)]))
    assert with_ == without


def test_too_few_children_give_no_ratio():
    assert recognised_ratio(*spread([(2, 4, 30, 60)])).ratio is None
    assert recognised_ratio(*spread([(1, 40, 3, 60)])).ratio is None


def test_nobody_recognised_has_no_lower_limit_to_cross():
    one = recognised_ratio(*spread([(0, 30, 12, 30)]))
    assert (one.ratio, one.low, one.high) == (0, 0, None)
    other = recognised_ratio(*spread([(12, 30, 0, 30)]))
    assert other.ratio is None


def test_no_children_at_all_give_no_ratio():
    assert recognised_ratio(*spread([])).ratio is None
