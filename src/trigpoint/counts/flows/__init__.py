"""What is known, over time: flows, waits, who saw first, agreement, chances that were missed, referrals again."""

from trigpoint.counts.flows.agreement import coefficients, pairs
from trigpoint.counts.flows.chances import EARLIER, chances, referred_again
from trigpoint.counts.flows.months import FLOWS, flows, flows_by_year
from trigpoint.counts.flows.told import ENDS, first_seen, own_marks, waits
from trigpoint.counts.flows.waiting import waiting

__all__ = [
    "EARLIER", "ENDS", "FLOWS", "chances", "coefficients", "first_seen", "flows", "flows_by_year", "own_marks", "pairs",
    "referred_again", "waiting", "waits",
]  # fmt: skip
