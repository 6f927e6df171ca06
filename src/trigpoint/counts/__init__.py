"""Counts: what is known, who records what, and tables that can be published.

`known` counts, `protect` makes tables fit to leave, and attacks them before it lets them go.
"""

from trigpoint.counts.dimensions import FRAME, NOT_KNOWN, OVERLAPPING, TOTAL
from trigpoint.counts.disclosure.cell_key import PTable, count_perturbed, p_table, record_keys
from trigpoint.counts.disclosure.dominance import PublishedSums, SumRule, protect_sums
from trigpoint.counts.disclosure.earlier import Earlier
from trigpoint.counts.disclosure.protect import PUBLISHED, Published, protect
from trigpoint.counts.disclosure.rounding import round_controlled
from trigpoint.counts.disclosure.rule import DFE, DFE_EXACT_TOTALS, SYMBOLS, Rule
from trigpoint.counts.disclosure.said import Loss, Note
from trigpoint.counts.rates import change, per_10_000, share
from trigpoint.counts.tables import known, to_publish

__all__ = [
    "DFE", "DFE_EXACT_TOTALS", "FRAME", "NOT_KNOWN", "OVERLAPPING", "PUBLISHED", "SYMBOLS", "TOTAL", "Earlier", "Loss",
    "Note", "PTable", "Published", "PublishedSums", "Rule", "SumRule", "change", "count_perturbed", "known", "p_table",
    "per_10_000", "protect", "protect_sums", "record_keys", "round_controlled", "share", "to_publish",
]  # fmt: skip
