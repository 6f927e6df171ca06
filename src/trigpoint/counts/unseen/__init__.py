"""Who is on no list: multiple systems estimation from lists that were linked.

Give it capture histories (`Histories`), take a `Report` (`appraise`) or what one method says (`estimate`). It stands
alone: arrays and data frames in, plain objects out, nothing of children or agencies in it, and no other room needed.

>>> from trigpoint.counts.unseen import Histories, estimate
>>> lists = Histories.of({"a": [1, 0, 1], "b": [0, 1, 1], "n": [40, 30, 10]})
>>> round(estimate(lists, "independent").total)
200
"""

from trigpoint.counts.unseen.checks.backtest import predict_lists
from trigpoint.counts.unseen.checks.dependence import depend
from trigpoint.counts.unseen.checks.linkage import relink
from trigpoint.counts.unseen.checks.merging import redraw
from trigpoint.counts.unseen.closed.models import closed_population, from_frequencies
from trigpoint.counts.unseen.columns import read_csv
from trigpoint.counts.unseen.estimate import Estimate, Limits, Settings
from trigpoint.counts.unseen.fitness import Fitness, Verdict, look
from trigpoint.counts.unseen.histories import Histories
from trigpoint.counts.unseen.methods import METHODS, USUAL, estimate
from trigpoint.counts.unseen.report import Report, appraise
from trigpoint.counts.unseen.saying import say
from trigpoint.counts.unseen.strata import by_part

__all__ = [
    "METHODS", "USUAL", "Estimate", "Fitness", "Histories", "Limits", "Report", "Settings", "Verdict", "appraise",
    "by_part", "closed_population", "depend", "estimate", "from_frequencies", "look", "predict_lists", "read_csv",
    "redraw", "relink", "say",
]  # fmt: skip
