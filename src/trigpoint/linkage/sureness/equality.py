"""Do links fail some children more than others: both rates and F1 by group, where the truth is known.

A true pair belongs to the group of its child. A false link belongs to the group of either child: both are harmed by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class GroupRates:
    """Pairwise rates of one group: `true_pairs` pairs are one child, `joined` pairs with a record of it were joined."""

    group: str
    true_pairs: int
    joined: int
    right: int

    @property
    def false_links(self) -> float:
        """The share of joined pairs that are two children."""
        return 1 - self.right / self.joined if self.joined else 0.0

    @property
    def missed_links(self) -> float:
        """The share of true pairs that were not joined."""
        return 1 - self.right / self.true_pairs if self.true_pairs else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.true_pairs + self.joined) if self.true_pairs + self.joined else 1.0


def rates_by_group(
    found: Mapping[str, str], truth: Mapping[str, str], groups: Mapping[str, str]
) -> dict[str, GroupRates]:
    """Rates by group and, under "all", of the whole: from child keys and true children of records, groups of children.

    Records without a true child are left out; true children without a group are in "all" alone.
    """
    true, joined, right = Counter[str](), Counter[str](), Counter[str]()
    for child, size in Counter(truth[record] for record in found if record in truth).items():
        _add(true, {groups.get(child), "all"}, size * (size - 1) // 2)
    of_key: dict[str, list[str]] = {}
    for record, key in found.items():
        if record in truth:
            of_key.setdefault(key, []).append(truth[record])
    for children in of_key.values():
        for one, other in combinations(children, 2):
            _add(joined, {groups.get(one), groups.get(other), "all"}, 1)
            if one == other:
                _add(right, {groups.get(one), "all"}, 1)
    return {group: GroupRates(group, true[group], joined[group], right[group]) for group in true | joined}


def _add(counts: Counter[str], groups: Iterable[str | None], number: int) -> None:
    for group in groups:
        if group is not None:
            counts[group] += number
