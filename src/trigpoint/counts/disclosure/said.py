"""What was done to tables, in words and numbers, for their feet and for the quality report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.counts.disclosure.rule import Rule


@dataclass(frozen=True)
class Loss:
    """The information lost: of `cells`, those that are gone; of what inner cells count, what stood in those.

    `mean_rounding` is the mean distance of a rounded number from its count. A number may stand in several inner
    cells (tables by different things), and is then counted as often.
    """

    cells_gone: int = 0
    cells: int = 0
    counted_gone: int = 0
    counted: int = 0
    mean_rounding: float = 0.0

    def __str__(self) -> str:
        share = 100 * self.cells_gone / self.cells if self.cells else 0.0
        counted = 100 * self.counted_gone / self.counted if self.counted else 0.0
        return (
            f"{share:.1f}% of cells are not shown, with {counted:.1f}% of what the inner cells count; "
            f"rounding moves a total by {self.mean_rounding:.1f} on average"
        )


@dataclass(frozen=True)
class Note:
    """What was done, for the foot of the tables: the rule and numbers of distinct cells.

    `least`: the search for the fewest ended. `compared_with`: the earlier releases that were joined in, of which
    `open_before` cells lay open already, whatever is published now. `how`: what was done instead of hiding.
    """

    rule: Rule
    cells: int
    small: int
    also_hidden: int
    withheld: int
    rounded: int
    rounds: int
    least: bool = True
    loss: Loss = Loss()
    compared_with: tuple[str, ...] = ()
    open_before: int = 0
    how: str = ""

    def __str__(self) -> str:
        first = [f"Rule {self.rule.name}: {self.how}"] if self.how else [self._rule(), self._hidden()]
        return "; ".join([*first, *self._further()]) + "."

    def _rule(self) -> str:
        return (
            f"Rule {self.rule.name}: counts of {self.rule.hide_from} to {self.rule.hide_to} are hidden "
            f"({self.small} of {self.cells} cells)"
        )

    def _hidden(self) -> str:
        said = f"{self.also_hidden} more are hidden so that none can be worked out by subtraction"
        if not self.least:
            said += " (the search for the fewest was broken off; these are safe, and may be more than needed)"
        return said

    def _further(self) -> list[str]:
        parts = []
        if self.rule.round_totals_to:
            parts.append(f"totals are rounded to the nearest {self.rule.round_totals_to}")
        if self.withheld:
            parts.append(f"{self.withheld} are withheld with their noughts, which would have told too much")
        if self.compared_with:
            parts.append(f"attacked together with what was published before ({', '.join(self.compared_with)})")
        if self.open_before:
            parts.append(f"{self.open_before} numbers could be worked out from earlier releases alone")
        return parts


def say_table(note: Note, *, why: Sequence[str | None]) -> str:
    """What was done to one table, from the reasons of its cells."""
    tally = Counter(why)
    parts = [f"{tally['hidden']} of {len(why)} numbers are hidden (c)" if tally["hidden"] else "No number is hidden"]
    if tally["withheld"]:
        parts.append(f"{tally['withheld']} are withheld (:)")
    if tally["rounded"]:
        base = note.rule.round_totals_to
        parts.append(note.how or f"{tally['rounded']} totals are rounded to the nearest {base}")
    if note.compared_with:
        parts.append(f"compared with {', '.join(note.compared_with)}")
    return "; ".join(parts) + "."
