"""What is learnt without labels, against planted truth: weights, thresholds, and who is whose best partner."""

from __future__ import annotations

import numpy as np
import pytest

from trigpoint.linkage.clusters.forming import best_partners
from trigpoint.linkage.scoring.advice import advise
from trigpoint.linkage.scoring.expectation import Compared, learn_m

START = [[(0.6, 0.02), (0.4, 0.98)], [(0.6, 0.05), (0.4, 0.95)], [(0.6, 0.01), (0.4, 0.99)]]
SHARE, PAIRS = 0.05, 40_000


def planted(seed: int, *, known: float = 0.0) -> Compared:
    """Pairs of which one in twenty is true, with three comparisons that agree as often as planted."""
    draw = np.random.default_rng(seed)
    true = draw.random(PAIRS) < SHARE
    chances = [(0.9, 0.02), (0.7, 0.05), (0.8, 0.01)]
    levels = np.column_stack([draw.random(PAIRS) < np.where(true, m, u) for m, u in chances]).astype(np.int8)
    told = np.where(draw.random(PAIRS) < known, true.astype(float), np.nan)
    return Compared(levels=levels, rarity=np.zeros(PAIRS), known=told, stands_for=1.0)


@pytest.mark.parametrize("known", [0.0, 0.2])
def test_the_planted_agreement_is_found_without_labels(known: float) -> None:
    odds, chance = learn_m(planted(3, known=known), odds=START, chance=0.01, all_pairs=PAIRS, prior=10)
    assert [levels[0][0] for levels in odds] == pytest.approx([0.9, 0.7, 0.8], abs=0.04)
    assert chance == pytest.approx(SHARE, abs=0.005)
    assert [levels[0][1] for levels in odds] == [0.02, 0.05, 0.01]


def test_few_pairs_move_the_weights_little() -> None:
    few = planted(3)
    few = Compared(few.levels[:200], few.rarity[:200], few.known[:200], 1.0)
    odds, _ = learn_m(few, odds=START, chance=0.05, all_pairs=200, prior=200)
    assert all(abs(levels[0][0] - 0.6) < 0.06 for levels in odds)


def test_nothing_to_learn_from_leaves_the_weights_as_they_were() -> None:
    none = Compared(np.zeros((0, 3), np.int8), np.zeros(0), np.zeros(0), 1.0)
    assert learn_m(none, odds=START, chance=0.01, all_pairs=1) == (START, 0.01)


def test_the_advised_threshold_is_near_the_best_where_probabilities_are_calibrated() -> None:
    draw = np.random.default_rng(5)
    probabilities = draw.beta(0.1, 0.5, 30_000)
    true = draw.random(30_000) < probabilities
    order = np.argsort(-probabilities)
    f1 = 2 * np.cumsum(true[order]) / (np.arange(1, 30_001) + true.sum())
    advice = advise(probabilities)
    chosen = f1[(probabilities >= advice.join).sum() - 1]
    assert chosen > f1.max() - 0.01
    assert advice.f1 == pytest.approx(chosen, abs=0.02)
    low, high = advice.band
    assert advice.band_pairs == ((probabilities >= low) & (probabilities < high)).sum()
    assert "join from" in str(advice)


def test_no_advice_without_pairs() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        advise(np.zeros(0))


def test_a_record_with_little_in_it_does_not_chain_two_people_together() -> None:
    """0-1-2 and 4-5-6 are sure; 3 fits both somewhat, and 5 a little better than 1."""
    labels = np.array([0, 0, 0, 3, 4, 4, 4])
    a, b, weight = np.array([1, 3, 2]), np.array([3, 5, 4]), np.array([3.0, 3.5, 2.5])
    assert best_partners(a, b, weight, labels=labels, rounds=2).tolist() == [False, True, False]
