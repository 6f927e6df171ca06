"""False-link and missed-link rates: from people's answers to a sample, and from the model's own probabilities.

From answers: each stratum's share of pairs that are one child has Jeffreys' posterior Beta(x + 1/2, n - x + 1/2)
(Brown, Cai and DasGupta, Statistical Science 16(2), 2001), the pairs that were answered being known; strata add up
with the number of pairs that they stand for (Cochran 1977, 5.3), and intervals are the middle 95 % of DRAWS draws.

From the model: the sum of its probabilities. Its interval is that of chance alone, and says nothing of a wrong model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trigpoint.linkage.sureness.frame import Stratum

DRAWS, SEED = 20_000, 1
Verdict = Literal["same", "different", "cannot tell"]


@dataclass(frozen=True)
class Rate:
    """A rate between 0 and 1 with its 95 % interval, in words what it is the rate of, and where it comes from."""

    what: str
    value: float
    low: float
    high: float
    source: str

    def __str__(self) -> str:
        return f"{self.what}: {self.value:.2%} (95 % interval {self.low:.2%} to {self.high:.2%}), {self.source}"


@dataclass(frozen=True)
class Counted:
    """Answers in one stratum."""

    same: int
    different: int
    cannot_tell: int

    @property
    def said(self) -> int:
        """How many answers say one or the other."""
        return self.same + self.different


FALSE = "false links, of the pairs of records joined"
MISSED = "missed links, of the pairs that are one child"


def count_answers(strata: Sequence[Stratum], answers: Iterable[tuple[int, Verdict]]) -> list[Counted]:
    """Answers by stratum, from (place of the stratum, answer)."""
    held = list(answers)

    def of(place: int, verdict: Verdict) -> int:
        return sum(p == place and v == verdict for p, v in held)

    return [Counted(of(i, "same"), of(i, "different"), of(i, "cannot tell")) for i in range(len(strata))]


def from_answers(strata: Sequence[Stratum], counted: Sequence[Counted]) -> tuple[Rate, Rate]:
    """The rates that the answers tell; "cannot tell" is left out. Strata that nobody sampled take the model's word."""
    rng = np.random.default_rng(SEED)
    drawn = np.array([_same(s, c, rng.beta(c.same + 0.5, c.different + 0.5, DRAWS)) for s, c in _both(strata, counted)])
    point = np.array(
        [_same(s, c, np.array([c.same / c.said if c.said else np.nan]))[0] for s, c in _both(strata, counted)]
    )
    point = np.where(np.isnan(point), drawn.mean(axis=1), point)
    answered = sum(c.said for c in counted)
    source = f"from {answered:,} answers of people"
    return _rates(strata, point=point, drawn=drawn, source=source)


def from_model(strata: Sequence[Stratum]) -> tuple[Rate, Rate]:
    """The rates that the model expects of its own links."""
    rng = np.random.default_rng(SEED)
    point = np.array([s.expected for s in strata])
    spread = np.sqrt(np.array([s.variance for s in strata]))
    size = np.array([s.pairs for s in strata])
    drawn = np.clip(point[:, None] + spread[:, None] * rng.standard_normal((len(strata), DRAWS)), 0, size[:, None])
    return _rates(strata, point=point, drawn=drawn, source="expected by the model, if it is right")


def _both(strata: Sequence[Stratum], counted: Sequence[Counted]) -> Iterable[tuple[Stratum, Counted]]:
    return zip(strata, counted, strict=True)


def _same(stratum: Stratum, counted: Counted, share: np.ndarray) -> np.ndarray:
    """How many pairs of a stratum are one child: those answered as they were, the rest by the share."""
    if not stratum.sampled:
        return np.full(len(share), stratum.expected)
    rest: np.ndarray = (
        counted.same + (stratum.pairs - counted.said) * share
        if stratum.pairs > counted.said
        else (np.full(len(share), float(counted.same)))
    )
    return rest


def _rates(strata: Sequence[Stratum], *, point: np.ndarray, drawn: np.ndarray, source: str) -> tuple[Rate, Rate]:
    linked = np.array([s.linked for s in strata], bool)
    size = float(sum(s.pairs for s in strata if s.linked))

    def false(same: np.ndarray) -> np.ndarray:
        shares: np.ndarray = 1 - same[linked].sum(axis=0) / max(size, 1.0)
        return shares

    def missed(same: np.ndarray) -> np.ndarray:
        shares: np.ndarray = same[~linked].sum(axis=0) / np.maximum(same.sum(axis=0), 1e-9)
        return shares

    return (
        _rate(FALSE, false(point), false(drawn), source),
        _rate(MISSED, missed(point), missed(drawn), source),
    )


def _rate(what: str, value: np.ndarray, drawn: np.ndarray, source: str) -> Rate:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Rate(what, float(value), float(min(low, value)), float(max(high, value)), source)
