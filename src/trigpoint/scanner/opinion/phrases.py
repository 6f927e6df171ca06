"""The learned phrases of a pack and their weights: every opinion is the sum of phrases that can be shown.

A logistic model over phrases of one and two words, trained on written material and on real benign text by
`python -m benchmarks.scanner.train`. Its phrases are searched for by Aho-Corasick. It raises or lowers a frame within
limits and never decides alone: a message without a frame is never asked about.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from trigpoint.terms.located import read_yaml

MOST, LEAST = 1.5, 0.75  # points that an opinion may add or take away
_A_POINT = 1.5  # log-odds that make a whole point
_DOUBT = 1.0  # log-odds against that are no more than doubt, and take nothing away
_ENOUGH = 12  # phrases by which a text can be judged whole


@dataclass(frozen=True)
class OpinionModel:
    """Weights in log-odds by phrase. `slope` and `offset` calibrate the sum to a probability (Platt, 1999).

    `spelled` gives the plain spelling of words that are written in several ways: a spelling is no evidence.
    """

    weights: Mapping[str, float] = field(repr=False)
    spelled: Mapping[str, str] = field(repr=False, default_factory=dict)
    bias: float = 0.0
    slope: float = 1.0
    offset: float = 0.0

    def phrases(self, plain: str, /) -> dict[str, float]:
        """The phrases that stand in `plain` text (properly spelled words, one blank between) with their weights."""
        if not self.weights:
            return {}
        found = self._automaton.find_matches_as_indexes(f" {self.plainest(plain)} ", overlapping=True)
        return {self._listed[i]: self.weights[self._listed[i]] for i, _, _ in found}

    def plainest(self, plain: str, /) -> str:
        """The text with each word in its plain spelling, as the phrases are learned."""
        return " ".join(self.spelled.get(word, word) for word in plain.split())

    def log_odds(self, phrases: Mapping[str, float], /) -> float:
        """The calibrated log-odds of a text with these phrases."""
        return self.slope * (self.bias + sum(phrases.values())) + self.offset

    def points(self, phrases: Mapping[str, float], /) -> float:
        """What the opinion adds to a frame, within MOST either way: nought for a text with no learned phrase.

        A text of few learned phrases says little: the bias, and with it that nothing telling stands there, counts as
        far as there are phrases to judge by.
        """
        by = min(1.0, len(phrases) / _ENOUGH)
        odds = self.slope * sum(phrases.values()) + by * (self.slope * self.bias + self.offset)
        counted = max(0.0, odds) + min(0.0, odds + _DOUBT)
        return max(-LEAST, min(MOST, counted / _A_POINT))

    def probability(self, phrases: Mapping[str, float], /) -> float:
        """The calibrated share of training texts of such a score that were written as exploitation."""
        return 1 / (1 + math.exp(-self.log_odds(phrases))) if self.weights else 0.5

    @cached_property
    def _listed(self) -> list[str]:
        return list(self.weights)

    @cached_property
    def _automaton(self) -> Any:
        import ahocorasick_rs

        return ahocorasick_rs.AhoCorasick([f" {phrase} " for phrase in self._listed])


def read_opinion(folder: Path, /, spelled: Mapping[str, str]) -> OpinionModel:
    """Read `weights.tsv` and `fit.yaml` that the training wrote; a pack without them has no second opinion."""
    if not (folder / "weights.tsv").is_file():
        return OpinionModel({}, spelled)
    lines = (folder / "weights.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    fit = read_yaml(folder / "fit.yaml").value
    weights = {phrase: float(weight) for phrase, weight in rows}
    return OpinionModel(weights, spelled, bias=fit["bias"], slope=fit["slope"], offset=fit["offset"])
