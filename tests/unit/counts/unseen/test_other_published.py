"""Closed-population models, graphs, latent classes and thresholding give the published figures."""

import numpy as np
import pytest

from trigpoint.counts.unseen.bayes import decomposable, graphs, latent_class
from trigpoint.counts.unseen.bayes.thresholding import threshold
from trigpoint.counts.unseen.closed.heterogeneity import KINDS
from trigpoint.counts.unseen.closed.models import behaviour, closed_model
from trigpoint.counts.unseen.loglinear.models import name as model_name
from unit.counts.unseen.published import figures, histories

HIV = figures()["Rcapture_HIV_closedp"]  # Baillargeon and Rivest 2007, section 3: total and standard error
OURS = {"Mth_Poisson2": "Mth Poisson", "Mth_Darroch": "Mth Darroch"}


@pytest.mark.parametrize("published", [one for one in HIV if one != "Mb"])
def test_closed_population_models_on_hiv_in_rome(published):
    kind = next(kind for kind in KINDS if kind.name == OURS.get(published, published))
    found = closed_model(histories("Rcapture_HIV").table, kind)
    total, error = HIV[published]
    assert found.total == pytest.approx(total, abs=0.006)
    assert found.error == pytest.approx(error, rel=1e-5)  # R stops its iterations a little early


def test_a_response_to_being_listed():
    """The lists taken in order of time, as the published run took them."""
    found = behaviour(histories("Rcapture_HIV").table)
    assert (found.total, found.error) == pytest.approx(HIV["Mb"], abs=0.006)


def test_the_number_of_decomposable_graphs():
    assert [len(graphs.decomposable(lists)[0]) for lists in (2, 3, 4, 5, 6)] == [2, 8, 61, 822, 18_154]


def test_the_worked_example_of_madigan_and_york():
    given, data = figures()["Madigan_York_1997_dga_example"], histories("madigan_york")
    found = decomposable.average(data.table, delta=0.5, most=300)
    assert data.seen + found.mean == pytest.approx(given["mean"], abs=0.05)
    places = (0.5, 0.025, 0.975)
    assert [data.seen + found.quantile(place) for place in places] == [given["median"], *given["ci95"]]
    assert data.seen + found.mode == given["map"]


DGA = figures()["R_runs"]["dga (mean,median,lo,hi,MAP)"]


@pytest.mark.parametrize("name", ["UKdat_5", "NewOrl_5"])
def test_graphs_averaged_at_the_numbers_that_the_published_run_looked_at(name):
    """Five lists, to the digit: the program behind the published figures looks at a thousand numbers of unseen cases,
    evenly from one to thirty times those seen (the manual of MSETools, `dga`: maxMissingMult, length.out)."""
    data = histories(name)
    found = decomposable.average(data.table, at=np.linspace(1, 30 * data.seen, 1_000))
    ours = [found.mean, found.quantile(0.5), found.quantile(0.025), found.quantile(0.975), found.mode]
    assert [data.seen + one for one in ours] == pytest.approx(DGA[name], abs=0.5)


@pytest.mark.parametrize(("name", "within"), [("kosovo", 0), ("UKdat_5", 0.003), ("NewOrl_5", 0.007)])
def test_graphs_averaged_over_every_whole_number(name, within):
    """On four lists the published run did so too. On five its grid is 82 and 6 wide: so far quantiles lie apart."""
    data = histories({"kosovo": "kosovo_aggregate"}.get(name, name))
    found = decomposable.average(data.table)
    ours = [found.mean, found.quantile(0.5), found.quantile(0.025), found.quantile(0.975), found.mode]
    assert [data.seen + one for one in ours] == pytest.approx(DGA[name], rel=within, abs=0.5)
    assert data.seen + found.mean == pytest.approx(DGA[name][0], abs=1)


def test_thresholding_with_a_flat_prior():
    """The figures that the test of the package MultipleSystemsEstimation holds: interactions of up to three lists."""
    given = figures()["Silverman_2020_JRSSA183_3_691-736_bayes_threshold"][
        "UKdat_5 improper prior maxorder3 (package test golden)"
    ]
    data = histories("UKdat_5")
    found = threshold(data.table, order=3, variance=None)
    assert set(model_name(found.kept, lists=data.lists).split(", ")) == {
        "LA:NG", "LA:PFNCA", "NG:GP", "PFNCA:GP", "GO:GP"
    }  # fmt: skip
    assert [data.lists[j] for term in found.at_minus_infinity for j in range(5) if term >> j & 1] == ["LA", "GP"]
    assert found.totals.mean() == pytest.approx(given["est"], rel=0.01)
    for place, value in given["q"].items():
        assert found.quantile(float(place[:-1]) / 100) == pytest.approx(value, rel=0.025)
    assert found.scale_reduction < 1.05


# LCMCR, one chain of the authors' package; on the UK also Binette and Steorts 2022 (20,232, 10,935 to 32,842). Chains
# mix slowly there (their scale reduction was 1.67), so that the middle of the posterior is what can be compared.
def test_latent_classes_on_kosovo_and_new_orleans():
    runs = figures()["R_runs"]["LCMCR seed 20231 K=10 (mean,median,2.5,97.5)"]
    for name, within in (("kosovo", 0.06), ("NewOrl_5", 0.1)):
        data = histories({"kosovo": "kosovo_aggregate"}.get(name, name))
        found = latent_class.sample(data.table, chains=8, warm_up=8_000, sweeps=6_000, seed=3)
        _, median, low, high = runs[name]
        assert found.quantile(0.5) == pytest.approx(median, rel=within)
        assert found.quantile(0.025) == pytest.approx(low, rel=0.15)
        assert found.quantile(0.975) == pytest.approx(high, rel=0.2)


def test_latent_classes_on_the_uk():
    found = latent_class.sample(histories("UKdat_5").table, chains=8, warm_up=9_000, sweeps=9_000, seed=3)
    assert (
        17_000 < np.median(found.totals) < 24_500
    )  # between the two published medians, less and more a fifth of the posterior's spread
    assert found.scale_reduction > 1.0
