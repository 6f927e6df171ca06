"""Counts: what is known, who records what, and tables that can be published.

`known` counts, `protect` makes tables fit to leave, and attacks them before it lets them go.
"""

from trigpoint.counts.dimensions import FRAME, NOT_KNOWN, OVERLAPPING, TOTAL
from trigpoint.counts.disclosure.earlier import Earlier
from trigpoint.counts.disclosure.protect import PUBLISHED, Published, protect
from trigpoint.counts.disclosure.rule import DFE, DFE_EXACT_TOTALS, SYMBOLS, Rule
from trigpoint.counts.disclosure.said import Loss, Note
from trigpoint.counts.rates import change, per_10_000, share
from trigpoint.counts.tables import known, to_publish

__all__ = [
    "DFE", "DFE_EXACT_TOTALS", "FRAME", "NOT_KNOWN", "OVERLAPPING", "PUBLISHED", "SYMBOLS", "TOTAL", "Earlier", "Loss",
    "Note", "Published", "Rule", "change", "known", "per_10_000", "protect", "share", "to_publish",
]  # fmt: skip
