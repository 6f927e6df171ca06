"""Attributes share columns: no kind of event has more than a few, so the timeline need not have one for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from trigpoint.engines.duckdb.steps import listed, quoted


@dataclass(frozen=True)
class Slots:
    """Which column of the timeline holds an attribute, and how each column is filled from the events."""

    held_by: Mapping[str, str]
    filled: Mapping[str, str]

    def column(self, attribute: str) -> str:
        """The column that holds the attribute, for the kinds that need it; NULL where the events have none."""
        return self.held_by.get(attribute, "NULL")

    @classmethod
    def given(cls, columns: Mapping[str, set[str]], *, types: Mapping[str, str], numbers: Mapping[str, int]) -> Slots:
        """Give each attribute the first column of its type that no attribute of the same kinds has."""
        taken: dict[str, list[str]] = {}
        held_by: dict[str, str] = {}
        for name in sorted(columns, key=lambda one: (-len(columns[one]), one)):
            if name in types:
                held_by[name] = _free(name, columns, types[name], taken)
        filled = {slot: _case(names, columns, numbers) for slot, names in taken.items()}
        return cls(held_by, filled)


def _free(name: str, columns: Mapping[str, set[str]], type_: str, taken: dict[str, list[str]]) -> str:
    for n in count(1):
        slot = f"{type_.lower()}_{n}"
        if not any(columns[name] & columns[other] for other in taken.get(slot, [])):
            taken.setdefault(slot, []).append(name)
            return slot
    raise AssertionError("there is always another number")


def _case(names: list[str], columns: Mapping[str, set[str]], numbers: Mapping[str, int]) -> str:
    each = [f"WHEN k IN ({listed(sorted(numbers[kind] for kind in columns[one]))}) THEN {quoted(one)}" for one in names]
    return f"CASE {' '.join(each)} END"
