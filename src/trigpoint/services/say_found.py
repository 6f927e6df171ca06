"""What a look-up found, in plain words. It names keys and reasons, and no name, date or number of anybody."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.linkage.explaining.wording import odds_words, probability_words
from trigpoint.linkage.lookup.finding import Candidate, Found


def say_found(found: Found) -> Iterator[str]:
    """Lines: the answer, then each candidate with how sure it is and what speaks for and against it."""
    yield found.why
    for candidate in found.candidates:
        yield from _said(candidate)


def _said(candidate: Candidate) -> Iterator[str]:
    sure = f"probability {probability_words(candidate.probability)}"
    yield f"\nChild {candidate.child_key}: {sure} (by itself odds of {odds_words(candidate.weight)})"
    if candidate.reason:
        yield f"  Mind: {candidate.reason}."
    for item in sorted(candidate.evidence, key=lambda each: -abs(each.weight)):
        yield f"  {item}"
    if candidate.not_compared:
        yield f"  not compared, since one side is silent: {', '.join(candidate.not_compared)}"
    yield f"  compared with record {candidate.record_id}"
