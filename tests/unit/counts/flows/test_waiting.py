"""Waiting times against the trial that every book prints, and where little or nothing is known."""

import numpy as np
import pytest

from trigpoint.counts.flows import waiting

# Freireich and others (1963), weeks of remission under 6-mercaptopurine; Kalbfleisch and Prentice print the estimate.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
SURVIVAL = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_the_remission_trial_is_estimated_as_printed():
    made = waiting(WEEKS, RELAPSED, marks=(10, 21, 30))
    assert {step["day"]: 1 - step["share"] for step in made["curve"]} == pytest.approx(SURVIVAL, abs=6e-4)
    assert (made["children"], made["ended"], made["median"]) == (21, 9, 23)
    assert [one["share"] for one in made["at"]] == pytest.approx([0.247, 0.373, 0.552], abs=6e-4)
    assert made["curve"][0]["at_risk"] == 21


def test_limits_hold_the_estimate_and_stay_between_none_and_all():
    for step in waiting(WEEKS, RELAPSED)["curve"]:
        assert 0 <= step["low"] <= step["share"] <= step["high"] <= 1


def test_limits_are_those_of_greenwood_on_the_log_log_scale():
    step = waiting(WEEKS, RELAPSED)["curve"][1]  # after 6 (3 of 21) and 7 (1 of 17)
    s = 1 - step["share"]
    spread = (3 / (21 * 18) + 1 / (17 * 16)) ** 0.5 / abs(np.log(s))
    assert 1 - step["low"] == pytest.approx(s ** np.exp(-1.959964 * spread), abs=1e-6)
    assert 1 - step["high"] == pytest.approx(s ** np.exp(1.959964 * spread), abs=1e-6)


def test_without_anyone_waiting_still_it_is_the_plain_share():
    days = [3, 5, 5, 9, 12, 12, 12, 30]
    made = waiting(days, [True] * 8, marks=(10,))
    assert made["at"][0]["share"] == pytest.approx(4 / 8)
    assert made["median"] == 9


def test_a_median_that_half_did_not_reach_is_not_known():
    made = waiting([10, 20, 30, 400, 400, 400, 400, 400], [1, 1, 0, 0, 0, 0, 0, 0])
    assert made["median"] is None


def test_few_children_and_nothing_happening_give_no_curve():
    assert waiting([3, 4], [True, True])["curve"] == []
    assert waiting([3, 4, 5, 6, 7], [False] * 5)["curve"] == []
    assert waiting([], [])["children"] == 0
