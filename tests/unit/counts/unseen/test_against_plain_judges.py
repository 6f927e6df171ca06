"""The quick ways against slow plain ones, on random tables."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from trigpoint.counts.unseen import Histories, by_part, redraw
from trigpoint.counts.unseen.bayes import decomposable, graphs
from trigpoint.counts.unseen.checks.linkage import undo
from trigpoint.counts.unseen.closed.dense import regress
from trigpoint.counts.unseen.loglinear import models
from trigpoint.counts.unseen.loglinear.bca import bootstrap
from trigpoint.counts.unseen.loglinear.existence import check, estimable
from trigpoint.counts.unseen.loglinear.lattice import over_subsets, over_supersets
from trigpoint.counts.unseen.loglinear.newton import fit, prepare
from trigpoint.counts.unseen.loglinear.stepwise import stepwise


@st.composite
def tables(draw, *, most=5, largest=40):
    lists = draw(st.integers(2, most))
    cells = draw(st.lists(st.one_of(st.just(0), st.integers(0, largest)), min_size=1 << lists, max_size=1 << lists))
    counts = np.array(cells, dtype=float)
    counts[0] = 0
    return counts


@st.composite
def tables_and_models(draw):
    counts = draw(tables(most=4))
    lists = len(counts).bit_length() - 1
    return counts, draw(st.sampled_from(models.hierarchical(lists, order=min(3, lists))))


@given(tables())
def test_sums_over_the_lattice(counts):
    histories = range(len(counts))
    up = [sum(counts[h] for h in histories if h & s == s) for s in histories]
    down = [sum(counts[s] for s in histories if h & s == s) for h in histories]
    assert over_supersets(counts[None, :])[0] == pytest.approx(up)
    assert over_subsets(counts[None, :])[0] == pytest.approx(down)


def plain(counts, model):
    """The design over the histories left once terms without cases are put at minus infinity, and the counts there."""
    histories = np.arange(1, len(counts))
    holds = {t: histories & t == t for t in model}
    empty = [t for t in model if t and counts[1:][holds[t]].sum() == 0]
    alive = ~np.any([holds[t] for t in empty], axis=0) if empty else np.ones(len(histories), dtype=bool)
    design = np.array([holds[t] for t in model if t not in empty], dtype=float).T
    return design[alive], counts[1:][alive]


def exists_by_the_primal_program(design, counts):
    """Fienberg and Rinaldo: some table with the same statistics has the least cell above nought."""
    rows = len(design)
    if not rows:
        return True
    equal = np.hstack([design.T, design.sum(axis=0)[:, None]])
    found = linprog(np.append(np.zeros(rows), -1.0), A_eq=equal, b_eq=design.T @ counts,
                    bounds=[(0, None)] * rows + [(None, 1)], method="highs")  # fmt: skip
    return found.status == 0 and -found.fun > 1e-7


@settings(max_examples=200, deadline=None)
@given(tables_and_models())
def test_existence_and_rank(case):
    counts, model = case
    assume(counts.sum() > 0)
    design, left = plain(counts, model)
    verdict = check(counts, model)
    assert verdict.identified == (np.linalg.matrix_rank(design) == design.shape[1] if len(design) else False)
    assert verdict.exists == exists_by_the_primal_program(design, left)
    batch = prepare(counts[None, :], np.array([model]))
    assert estimable(batch, fit(batch))[0] == (verdict.code == 0)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(tables_and_models())
def test_fits_many_at_once_as_a_plain_regression_fits_one(case):
    counts, model = case
    assume(counts.sum() > 0 and check(counts, model).code == 0)
    design, left = plain(counts, model)
    alone = regress(left, design)
    assume(alone.exists)
    several = np.array([counts, counts * 2, counts])
    batch = prepare(several, np.array([model] * 3))
    fits = fit(batch)
    assert fits.coefficients[0, : design.shape[1]] == pytest.approx(alone.coefficients, abs=1e-5)
    assert fits.coefficients[1, 0] == pytest.approx(alone.coefficients[0] + np.log(2), abs=1e-5)
    assert fits.means[2] == pytest.approx(fits.means[0])


@settings(max_examples=40, deadline=None)
@given(st.lists(tables(most=3), min_size=2, max_size=4))
def test_stepwise_choice_does_not_hang_on_what_else_is_in_the_batch(found):
    together = [one for one in found if len(one) == len(found[0]) and one.sum() > 0]
    assume(len(together) > 1)
    batch = stepwise(np.array(together)).unseen
    alone = [stepwise(one[None, :]).unseen[0] for one in together]
    assert batch == pytest.approx(np.array(alone), rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(tables(most=3, largest=15))
def test_decomposable_graphs_by_their_closed_form(counts):
    """The posterior by adding up the marginal likelihood of each graph's cliques, one graph and number at a time."""
    lists = len(counts).bit_length() - 1
    assume(counts.sum() > 0)
    from scipy.special import gammaln, logsumexp

    delta, most = 2.0**-lists, 40
    family, separator = graphs.decomposable(lists)

    def margin(members, unseen):
        cells = {}
        for history, count in enumerate(counts):
            cells[history & members] = cells.get(history & members, 0.0) + count + (unseen if history == 0 else 0)
        prior = delta * 2 ** (lists - members.bit_count())
        whole = prior * len(cells)
        parts = sum(gammaln(prior + n) - gammaln(prior) for n in cells.values())
        return gammaln(whole) - gammaln(whole + sum(cells.values())) + parts

    found = []
    for unseen in range(1, most + 1):
        total = counts.sum() + unseen
        each = [
            sum(margin(int(c), unseen) for c in f) - sum(margin(int(c), unseen) for c in s)
            for f, s in zip(family, separator, strict=True)
        ]
        found.append(logsumexp(each) + gammaln(total + 1) - gammaln(unseen + 1) - np.log(total))
    plain_weights = np.exp(np.array(found) - logsumexp(found))
    assert decomposable.average(counts, most=most).weights == pytest.approx(plain_weights, abs=1e-9)


def test_the_walk_over_graphs_ends_where_all_of_them_end(monkeypatch):
    counts = np.array([0, 40, 30, 9, 25, 6, 8, 3, 20, 5, 4, 2, 6, 1, 3, 1], dtype=float)
    every = decomposable.average(counts)
    monkeypatch.setattr(graphs, "MOST_LISTS", 2)
    walked = decomposable.average(counts)
    assert walked.mean == pytest.approx(every.mean, rel=0.1)
    assert walked.joined == pytest.approx(every.joined, abs=0.15)


def test_graphs_that_are_not_decomposable_are_left_out():
    """Of four lists, just the three rings without a chord."""
    around = graphs.neighbours(np.arange(64), lists=4)
    whole, *_ = graphs.families(around)
    left_out = np.flatnonzero(~whole)
    assert len(left_out) == 3
    assert all(np.bitwise_count(graph) == 4 for graph in left_out)
    one_by_one = [graphs.families_of_one(tuple(row)) is not None for row in around.tolist()]
    assert one_by_one == whole.tolist()


@settings(max_examples=25, deadline=None)
@given(tables(most=4))
def test_merging_and_leaving_out_keep_the_cases(counts):
    lists = len(counts).bit_length() - 1
    data = Histories(tuple("abcd"[:lists]), counts.astype(np.int64))
    for pair in combinations(data.lists, 2):
        assert data.merged(pair).seen == data.seen
    for one in data.lists:
        inside, alone = data.among(one)
        assert inside.seen + alone == data.overlaps[data.lists.index(one), data.lists.index(one)]
        assert data.without(one).seen == data.seen - alone
    assert redraw(data)[0].change == "as they are"


@settings(max_examples=30, deadline=None)
@given(tables(most=4), st.floats(0, 0.5), st.floats(0, 0.5))
def test_undoing_errors_of_linkage_makes_no_case_negative(counts, false_links, missed_links):
    lists = len(counts).bit_length() - 1
    data = Histories(tuple("abcd"[:lists]), counts.astype(np.int64))
    rng = np.random.default_rng(0)
    drawn = undo(data, false_links=false_links, missed_links=missed_links, draws=20, rng=rng)
    assert (drawn >= 0).all()
    sightings = np.bitwise_count(np.arange(len(counts)))
    assert drawn @ sightings == pytest.approx(np.full(20, counts @ sightings))  # nobody's sighting is lost


def test_parts_add_up_to_the_whole():
    frame = {"a": [1, 0, 1, 1], "b": [0, 1, 1, 1], "sex": ["F", "M", "F", None], "n": [4, 3, 2, 1]}
    whole, parts = by_part(frame, "sex")
    assert list(parts) == ["F", "M", "not known"]
    assert sum(part.counts for part in parts.values()).tolist() == whole.counts.tolist()


def test_without_bias_and_acceleration_the_limits_are_the_percentiles():
    counts = np.array([0, 500.0, 500.0, 500.0])
    found = bootstrap(counts, lambda tables: tables[:, 1], estimate=500.0, resamples=4_000, levels=(0.9,))
    low, high = np.quantile(found.totals, [0.05, 0.95])
    assert found.intervals[0].low == pytest.approx(low, abs=2)
    assert found.intervals[0].high == pytest.approx(high, abs=2)
