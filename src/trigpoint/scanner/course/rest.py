"""What the rest of a conversation reads like by the second opinion, for and against what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trigpoint.scanner.course import points
from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.course.weave import Found

_FROM = 4  # other messages with anything in them, without which nothing is said of the rest
_NEAREST = 12


def rest_of(entries: Mapping[str, Sequence[Entry]], best: Found, /) -> float:
    """Points for or against `best` by the mean opinion on the nearest other messages of anybody; nought for too few.

    One more message of which nothing is thought is counted in, so that few messages say little.
    """
    own = {entry.reference for entry, _ in best.parts}
    others = [entry for many in entries.values() for entry in many if entry.reference not in own and not entry.heard]
    if len(others) < _FROM:
        return 0.0
    when = best.last.order
    near = sorted(others, key=lambda e: (abs(e.at - when[0]), abs(e.reference - when[1]), e.order))[:_NEAREST]
    mean = sum(entry.opinion for entry in near) / (len(near) + 1) / 100
    counted = (mean - points.REST_EVEN) * points.REST_SLOPE
    return max(-points.REST_LESS, min(points.REST_MORE, counted))
