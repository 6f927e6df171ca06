"""How usual a score is in ordinary talk: a conformal bound, calibrated on benign messages of a surface."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from trigpoint.scanner.answer import Usual
from trigpoint.scanner.message import SURFACES, Surface
from trigpoint.terms.located import read_yaml


@dataclass(frozen=True)
class _Talk:
    """Benign messages of a surface: how many were looked at, and the scores of those that had any, ascending."""

    looked_at: int
    corpus: str
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Calibration:
    """Benign scores by surface. A surface that has none is answered by direct messages, and says so."""

    talk: Mapping[Surface, _Talk]

    def usual(self, points: float, surface: Surface) -> Usual | None:
        """The bound for a score of `points`: at most this share of ordinary messages reaches it.

        With n exchangeable benign messages of which k reach it, the chance that the next one does is at most
        (k + 1) / (n + 1) (split conformal prediction, Vovk et al. 2005).
        """
        own = self.talk.get(surface)
        stands_in, talk = (surface, own) if own else ("direct", self.talk.get("direct"))
        if talk is None:
            return None
        reached = len(talk.scores) - bisect_left(talk.scores, round(points, 2))
        at_most = (reached + 1) / (talk.looked_at + 1)
        return Usual(
            cast(Surface, stands_in), at_most, talk.looked_at, talk.corpus, _said(at_most, talk, own is not None)
        )


def read_calibration(path: Path, /) -> Calibration:
    """Read the scores that `python -m benchmarks.scanner.calibrate` wrote. No file: nothing is said of how usual."""
    if not path.is_file():
        return Calibration({})
    surfaces = read_yaml(path).value["surfaces"]
    return Calibration(
        {
            cast(Surface, name): _Talk(one["looked_at"], one["corpus"], tuple(sorted(one["scores"])))
            for name, one in surfaces.items()
            if name in SURFACES
        }
    )


def _said(at_most: float, talk: _Talk, own: bool) -> str:
    share = f"at most {at_most * 1000:.2f} in 1,000"
    where = "" if own else " This surface has no calibration of its own: direct messages stand in for it."
    return f"Of {talk.looked_at:,} ordinary messages ({talk.corpus}), {share} would score as high.{where}"
