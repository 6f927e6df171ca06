"""How the page on what is known says shares, limits and names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def percent(share: float | None) -> str:
    """A share from 0 to 1 as 34 %; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def between(low: float | None, high: float | None) -> str:
    """Limits of a share: 21 % to 49 %."""
    return "–" if low is None else f"{percent(low)} to {'no limit' if high is None else percent(high)}"


def times(ratio: float | None, *, none: str = "–") -> str:
    """A ratio to two figures: 0.62."""
    return none if ratio is None else f"{ratio:.2f}"


def named(known: Mapping[str, Any], of: str, code: str) -> str:
    """The plain name of an agency, area or kind; the code itself, without underlines, where none is given."""
    return str(known["words"][of].get(code, code.replace("_", " ")))
