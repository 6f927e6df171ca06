from __future__ import annotations

import pytest

from trigpoint.counts import change, per_10_000, share


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [("12", "48", "25.0"), ("c", "48", "c"), ("0", "48", "0.0"), ("4", "5", "c"), ("0", "0", "z"), ("12", "k", ":")],
)
def test_a_share_never_gives_back_a_hidden_count(part: str, whole: str, expected: str) -> None:
    assert share(part, whole) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"), [("100", "113", "+13"), ("50", "48", "-4"), ("c", "9", ":"), ("0", "9", "z")]
)
def test_change(before: str, after: str, expected: str) -> None:
    assert change(before, after) == expected


@pytest.mark.parametrize(
    ("count", "population", "expected"), [("120", 40_000, "30.0"), ("c", 40_000, "c"), ("7", 4, "c"), ("7", 0, "z")]
)
def test_a_rate_on_a_population(count: str, population: int, expected: str) -> None:
    assert per_10_000(count, population) == expected
