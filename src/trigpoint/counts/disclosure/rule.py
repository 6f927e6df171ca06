"""The rule by which a table of children is made fit to leave: what is hidden, what is rounded, which symbols say so.

The default is the rule that the Department for Education states for its children-in-need and looked-after tables
(Explore Education Statistics, Children in need, methodology): local counts of 1 to 5 shown as `c`, further cells
hidden where these could otherwise be worked out, totals to the nearest 10, `k` for what rounds to nought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CONFIDENTIAL: Final = "c"
NOT_APPLICABLE: Final = "z"
NOT_AVAILABLE: Final = ":"
ROUNDS_TO_NOUGHT: Final = "k"

SYMBOLS: Final = {
    CONFIDENTIAL: "confidential: hidden so that no child can be recognised",
    NOT_APPLICABLE: "not applicable",
    NOT_AVAILABLE: "not available: withheld with its line, where the noughts would have told too much",
    ROUNDS_TO_NOUGHT: "more than nought, but rounds to 0",
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of disclosure control.

    `hide_from` to `hide_to` are the counts that are never shown; nought is shown. `width` is the protection: after
    publication at least `width + 1` whole numbers must remain possible for every hidden count, also for someone who
    knows which cells were hidden for being small. `round_totals_to` rounds every margin (half up); None leaves
    margins exact.
    """

    name: str
    hide_from: int = 1
    hide_to: int = 5
    width: int = 2
    round_totals_to: int | None = 10
    source: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.hide_from <= self.hide_to:
            raise ValueError("hide_from must be at least 1 and not above hide_to")
        if not 1 <= self.width <= self.hide_to - self.hide_from:
            raise ValueError("width must be at least 1 and less than the number of counts that are hidden")
        if self.round_totals_to is not None and self.round_totals_to < 2:
            raise ValueError("round_totals_to must be 2 or more, or None")

    def small(self, count: int) -> bool:
        """Whether a count is never shown."""
        return self.hide_from <= count <= self.hide_to

    def rounded(self, count: int) -> int:
        """The count to the nearest `round_totals_to`, half up; unchanged without rounding."""
        base = self.round_totals_to
        return count if base is None else (count + base // 2) // base * base

    def rounded_from(self, shown: int) -> tuple[int, int]:
        """The least and the greatest count that is shown as the rounded number `shown` (`k` counts as 0)."""
        base = self.round_totals_to
        if base is None:
            return shown, shown
        return max(1, shown - base // 2), shown + base - 1 - base // 2


DFE: Final = Rule(
    name="DfE",
    source="https://explore-education-statistics.service.gov.uk/find-statistics/children-in-need",
)
DFE_EXACT_TOTALS: Final = Rule(name="DfE, totals not rounded", round_totals_to=None, source=DFE.source)
