"""How long until: Kaplan and Meier's estimate, which takes in the children who are waiting still."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy

MARKS: Final = (30, 90, 180, 365)
LEVEL: Final = 0.95
FEW: Final = 5


def waiting(days: npt.ArrayLike, ended: npt.ArrayLike, *, marks: Sequence[int] = MARKS) -> dict[str, Any]:
    """How the share of children for whom it has happened grows with the days, as plain data.

    `days` are whole days from 0 on, `ended` whether it happened on the last of them (else the child was waiting
    still when last looked at: censored). Gives `children`, `ended`, `curve` (day, share, low, high, at_risk: a step
    for each day on which it happened), `median` in days with its limits (None: not reached), and for each of `marks`
    the share by then. The estimate is that of Kaplan and Meier (1958), its limits those on the log-log scale
    (Kalbfleisch and Prentice 1980) from `scipy.stats.ecdf`. Fewer than five children give no curve.
    """
    time, done = np.asarray(days, float), np.asarray(ended, bool)
    made: dict[str, Any] = {"children": len(time), "ended": int(done.sum()), "curve": [], "at": []}
    if len(time) < FEW or not done.any():
        return {**made, "median": None, "median_low": None, "median_high": None}
    steps = _steps(time, done)
    made["curve"] = steps
    made["at"] = [{"day": mark, **_share_by(steps, mark)} for mark in marks if mark <= time.max()]
    # The share's lower limit is the last to reach a half, and so bounds the median from above.
    for name, bound in (("median", "share"), ("median_low", "high"), ("median_high", "low")):
        made[name] = next((step["day"] for step in steps if step[bound] >= 0.5), None)
    return made


def _steps(time: npt.NDArray[np.float64], done: npt.NDArray[np.bool_]) -> list[dict[str, Any]]:
    curve = scipy.stats.ecdf(scipy.stats.CensoredData(time[done], right=time[~done])).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # none at all and all have no limits by this formula
        limits = curve.confidence_interval(LEVEL, method="log-log")
    happened = set(time[done].tolist())
    low = np.nan_to_num(1 - limits.high.probabilities, nan=0.0)
    high = np.nan_to_num(1 - limits.low.probabilities, nan=1.0)
    return [
        {
            "day": int(day), "share": float(1 - curve.probabilities[i]), "low": float(low[i]),
            "high": float(high[i]), "at_risk": int((time >= day).sum()),
        }
        for i, day in enumerate(curve.quantiles.tolist())
        if day in happened
    ]  # fmt: skip


def _share_by(steps: list[dict[str, Any]], mark: int) -> dict[str, Any]:
    last = next((step for step in reversed(steps) if step["day"] <= mark), None)
    return {name: last[name] if last else 0.0 for name in ("share", "low", "high")}
