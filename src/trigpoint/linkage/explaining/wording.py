"""How sure, in words that claim no more than the model can know."""

from __future__ import annotations

ALMOST = 0.9999


def probability_words(probability: float) -> str:
    """'over 0.9999', 'under 0.0001', else four figures: no rounding turns nearly sure into sure."""
    if probability > ALMOST:
        return f"over {ALMOST}"
    if probability < 1 - ALMOST:
        return f"under {1 - ALMOST:.4f}"
    return f"{probability:.4f}".rstrip("0").rstrip(".")


def odds_words(weight: float) -> str:
    """A weight in bits as odds: 'about 500 to 1 for', '8 to 1 against', 'even'."""
    if abs(weight) < 0.5:
        return "about even"
    odds = 2.0 ** min(abs(weight), 40.0)
    size = f"{odds:.0f}" if odds < 20 else f"{float(f'{odds:.1g}'):,.0f}"
    said = f"more than {2.0**40:.0e}" if abs(weight) > 40 else f"about {size}"
    return f"{said} to 1 {'for' if weight > 0 else 'against'}"


def verdict_words(verdict: str) -> str:
    """What became of a pair."""
    return {
        "join": "joined",
        "ask": "not joined; a person is asked",
        "apart": "kept apart",
        "none": "not joined",
    }[verdict]
