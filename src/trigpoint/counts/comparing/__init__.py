"""Areas compared: rates on populations, honest intervals, funnels in place of league tables, small areas shrunk."""

from trigpoint.counts.comparing.areas import compare_areas
from trigpoint.counts.comparing.funnel import Funnel, funnel, limits
from trigpoint.counts.comparing.intervals import count_limits, rate, rate_limits, share_limits
from trigpoint.counts.comparing.populations import Population, of_year, read_populations
from trigpoint.counts.comparing.shrinking import Shrunk, shrink

__all__ = [
    "Funnel", "Population", "Shrunk", "compare_areas", "count_limits", "funnel", "limits", "of_year", "rate",
    "rate_limits", "read_populations", "share_limits", "shrink",
]  # fmt: skip
