"""Figures that others publish, as context: read in the layouts in which they are published, kept with their source."""

from trigpoint.counts.national.cells import meaning
from trigpoint.counts.national.figures import ALL, NATIONAL, SERIES, change, kinds_of_period
from trigpoint.counts.national.periods import PERIOD_TYPES, Period, read_period
from trigpoint.counts.national.reading import read_national

__all__ = [
    "ALL",
    "NATIONAL",
    "PERIOD_TYPES",
    "SERIES",
    "Period",
    "change",
    "kinds_of_period",
    "meaning",
    "read_national",
    "read_period",
]
