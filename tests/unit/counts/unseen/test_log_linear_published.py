"""Log-linear models give the published figures, to the printed digits."""

import numpy as np
import pytest

from trigpoint.counts.unseen.classical import fit_model
from trigpoint.counts.unseen.loglinear import bca, bic, models
from trigpoint.counts.unseen.loglinear.existence import check
from trigpoint.counts.unseen.loglinear.stepwise import stepwise
from unit.counts.unseen.published import figures, histories

# What R's SparseMSE prints: estimate, asymptotic interval, acceleration. Chan, Silverman and Vincent 2021.
STEPWISE = figures()["R_runs"]["SparseMSE stepwise (est, asymptotic CI95, BCa95 nboot1000 iseed1234, ahat)"]
DATA = {"kosovo": "kosovo_aggregate"}
PRINTED = 0.006  # the last digit printed, and its rounding


def stepwise_total(tables):
    return tables.sum(axis=1) + stepwise(tables).unseen


def chosen_model(data):
    lists = len(data.lists)
    taken = np.array(models.pairs(lists))[stepwise(data.table[None, :]).taken[0]]
    return models.closed([*models.main_effects(lists), *taken.tolist()])


@pytest.mark.parametrize("name", STEPWISE)
def test_stepwise_choice_and_its_asymptotic_interval(name):
    data = histories(DATA.get(name, name))
    estimate, low, high, *_ = STEPWISE[name]
    total, limits = fit_model(data, chosen_model(data))
    assert total == pytest.approx(estimate, abs=PRINTED)
    assert stepwise_total(data.table[None, :])[0] == pytest.approx(estimate, abs=PRINTED)
    # R stops its iterations when the deviance settles, a hair before the standard error does.
    assert (limits[1].low, limits[1].high) == pytest.approx((low, high), abs=PRINTED, rel=2e-5)


@pytest.mark.parametrize("name", [name for name, given in STEPWISE.items() if given[-1] is not None])
def test_the_acceleration_of_the_bootstrap(name):
    data = histories(name)
    assert bca.accelerate(data.table, stepwise_total) == pytest.approx(STEPWISE[name][5], abs=6e-6)


def test_the_home_office_figure_of_2014():
    total, limits = fit_model(histories("UKdat"), chosen_model(histories("UKdat")))
    assert round(total) == 11_418
    assert (round(limits[1].low, -3), round(limits[1].high, -3)) == (10_000, 13_000)


@pytest.mark.parametrize(
    ("name", "total", "interval"), [("UKdat_5", 13_444, None), ("UKdat", 12_214, None), ("NewOrl", 997, (644, 1_618))]
)
def test_main_effects(name, total, interval):
    data = histories(name)
    found, limits = fit_model(data, models.main_effects(len(data.lists)))
    assert round(found) == total
    if interval:  # Chan, Silverman and Vincent 2021, section 4; R prints 644.9 to 1,617.5
        assert (limits[1].low, limits[1].high) == pytest.approx(interval, abs=1)


def test_the_four_best_models_by_bic():
    ranked = bic.best(histories("UKdat_5").table)
    for i, (name, total, criterion) in enumerate(figures()["R_runs"]["Rcapture closedpMS UKdat_5 top BIC"]):
        assert models.name(ranked.models[i]) == models.name(models.parse(name, lists=5))
        assert 2_744 + ranked.unseen[i] == pytest.approx(total, abs=PRINTED)
        assert ranked.bic[i] == pytest.approx(criterion, abs=6e-5)
    assert ranked.near() == 3


# Silverman, Chan and Vincent 2024, Table 6: UK on five lists, and Kosovo; all models, and the walk downhill.
@pytest.mark.parametrize(
    ("name", "order", "best", "walked"),
    [
        ("UKdat_5", 2, 22_991, 12_262),
        ("UKdat_5", 5, 25_311, 12_262),
        ("kosovo_aggregate", 2, 14_342, 14_342),
        ("kosovo_aggregate", 4, 10_357, 10_357),
        ("UKdat", 2, None, 12_350),
    ],
)
def test_the_best_model_and_the_walk_downhill(name, order, best, walked):
    data = histories(name)
    if best:
        assert round(data.seen + bic.best(data.table, order=order).unseen[0]) == best
    assert round(data.seen + bic.downhill(data.table, order=order).unseen[0]) == walked


def test_how_many_hierarchical_models_there_are():
    assert [len(models.hierarchical(4, order=order)) for order in (2, 4)] == [64, 113]  # their Table 2
    assert len(models.hierarchical(5, order=5)) == 6_893


@pytest.mark.parametrize(("model", "code"), figures()[
    "Chan_Silverman_Vincent_2021_JASA116_535_1297-1306"]["Artificial_3_check_extended_MLE"].items())  # fmt: skip
def test_existence_and_identifiability_of_the_artificial_table(model, code):
    assert check(histories("Artificial_3").table, models.parse(model, lists=3)).code == code
