"""Advice on thresholds without labels: what the model itself expects of each, and where a person's look pays.

Where probabilities are calibrated, the pairs at or above a threshold hold as many true ones as their probabilities
add up to; so the expected precision, recall and F1 of every threshold follow without anybody labelling anything
(Fellegi and Sunter 1969; Lipton, Elkan and Naryanaswamy 2014 for the threshold with the best expected F1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Advice:
    """Thresholds (probabilities) and what to expect of them, as shares of the pairs that were compared.

    `join`: the best expected F1. `band`: from where to where a person's look changes most for the fewest pairs
    (`band_pairs`); below it a pair is more likely two people, above it nine in ten hold. Blocking may have lost pairs
    that no threshold can bring back: they are not in `recall`.
    """

    join: float
    precision: float
    recall: float
    f1: float
    band: tuple[float, float]
    band_pairs: int

    def __str__(self) -> str:
        low, high = self.band
        return (
            f"join from {self.join:.2f}: of the pairs joined {self.precision:.1%} are expected to be true, of the true "
            f"pairs compared {self.recall:.1%} to be joined (F1 {self.f1:.3f}); {self.band_pairs:,} pairs lie from "
            f"{low:.2f} to {high:.2f}, where a person's look pays"
        )


def advise(probabilities: np.ndarray, *, sure_from: float = 0.9) -> Advice:
    """Advice from the probabilities of all compared pairs, whatever their verdict; raises ValueError without any."""
    if not len(probabilities):
        raise ValueError("no pairs were compared")
    falling = np.sort(np.asarray(probabilities, float))[::-1]
    expected, taken = np.cumsum(falling), np.arange(1, len(falling) + 1)
    f1 = 2 * expected / (taken + expected[-1])
    best = int(np.argmax(f1))
    join = float(falling[best])
    low, high = min(join, 0.5), max(join, sure_from)
    return Advice(
        join=join,
        precision=float(expected[best] / taken[best]),
        recall=float(expected[best] / expected[-1]),
        f1=float(f1[best]),
        band=(low, high),
        band_pairs=int(((falling >= low) & (falling < high)).sum()),
    )
