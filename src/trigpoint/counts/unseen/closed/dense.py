"""Fit one Poisson regression with any columns, and say whether it has an estimate at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from trigpoint.counts.unseen.loglinear.existence import bounded
from trigpoint.counts.unseen.loglinear.lattice import Floats

SCALE = 1e-9


@dataclass(frozen=True)
class Regression:
    """Coefficients with their covariance, deviance with its degrees of freedom, and Akaike's and the Bayesian
    criterion. `exists` is False where the likelihood has no maximum: nothing else means anything then."""

    coefficients: Floats
    covariance: Floats
    deviance: float
    freedom: int
    aic: float
    bic: float
    exists: bool


def regress(counts: Floats, design: Floats, *, offset: Floats | float = 0.0) -> Regression:
    """Fit `counts` (cells,) to exp(offset + design beta) with `design` (cells, columns), the constant first."""
    rank = np.linalg.matrix_rank(design)
    if rank < design.shape[1] or not bounded(design, counts > 0):
        return _none(design)
    scale = np.maximum(np.abs(design).max(axis=0), 1e-12)  # 2^15 beside 1 would spoil the algebra
    scaled = design / scale
    beta, means, settled = _newton(counts, scaled, np.broadcast_to(np.asarray(offset, dtype=float), counts.shape))
    if not settled:
        return _none(design)
    covariance = np.linalg.inv(scaled.T @ (means[:, None] * scaled)) / np.outer(scale, scale)
    deviance = 2 * float((xlogy(counts, counts) - xlogy(counts, means) - counts + means).sum())
    likelihood = float((xlogy(counts, means) - means - gammaln(counts + 1)).sum())
    columns = design.shape[1]
    bic = -2 * likelihood + columns * float(np.log(counts.sum()))
    return Regression(
        beta / scale, covariance, deviance, len(counts) - columns, -2 * likelihood + 2 * columns, bic, exists=True
    )


def _newton(counts: Floats, design: Floats, offset: Floats) -> tuple[Floats, Floats, bool]:
    smooth = np.log(counts + 0.5) - offset
    weights = counts + 0.5
    beta: Floats = np.asarray(
        np.linalg.lstsq(design * np.sqrt(weights)[:, None], smooth * np.sqrt(weights), rcond=None)[0], dtype=float
    )
    means: Floats = np.exp(np.minimum(offset + design @ beta, 60.0))
    gained = float((xlogy(counts, means) - means).sum())
    for _ in range(200):
        score = design.T @ (counts - means)
        matrix = design.T @ (means[:, None] * design)
        step = np.linalg.solve(matrix + SCALE * 1e-3 * np.eye(len(beta)) * np.trace(matrix) / len(beta), score)
        decrement, size = abs(float(step @ score)), 1.0
        while True:
            tried = np.exp(np.minimum(offset + design @ (beta + size * step), 60.0))
            there = float((xlogy(counts, tried) - tried).sum())
            if there >= gained - 1e-9 * (1 + abs(gained)) or size < 1e-9:
                break
            size /= 2
        beta, means, gained = beta + size * step, tried, there
        if decrement < SCALE:
            return beta, means, True
    return beta, means, False


def _none(design: Floats) -> Regression:
    nothing = np.full(design.shape[1], np.nan)
    return Regression(nothing, np.diag(nothing), np.nan, 0, np.inf, np.inf, exists=False)
