"""Who is missed: recognition by group beside others with the same findings, and what agencies do not record."""

from trigpoint.counts.recognised.gaps import not_said, silent_months
from trigpoint.counts.recognised.groups import BY, RECOGNISED, children_with_findings, recognition
from trigpoint.counts.recognised.stratified import Ratio, recognised_ratio

__all__ = [
    "BY", "RECOGNISED", "Ratio", "children_with_findings", "not_said", "recognised_ratio", "recognition",
    "silent_months",
]  # fmt: skip
