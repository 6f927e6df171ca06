"""What a marker says, worked out from its steps. Nothing here is stored: it cannot disagree with what was done.

The database has the same as a view, `MarkerStanding`, for lists; a test compares the two over random steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from trigpoint_web.casework.models import MarkerStep

Kind = MarkerStep.Kind


class Status(StrEnum):
    """What a marker is now."""

    NONE = "none"
    SET = "set"
    ENDED = "ended"
    EXPIRED = "expired"


# Steps that say something of another step, and nothing of why the marker stands.
OF_STEPS: Final = frozenset({Kind.DISPUTED, Kind.ANSWERED, Kind.FOLLOWED})
# Which step may follow in which standing. What is not here is refused.
MAY_FOLLOW: Final = {
    Status.NONE: frozenset({Kind.SET}),
    Status.SET: frozenset(
        {Kind.CHANGED, Kind.REVIEWED, Kind.ENDED, Kind.DISPUTED, Kind.ANSWERED, Kind.CORRECTED, Kind.FOLLOWED}
    ),
    # What has run out or ended may still be found wrong, and follows its child; to mark again is a new marker.
    Status.EXPIRED: frozenset({Kind.DISPUTED, Kind.ANSWERED, Kind.CORRECTED, Kind.FOLLOWED}),
    Status.ENDED: frozenset({Kind.DISPUTED, Kind.ANSWERED, Kind.CORRECTED, Kind.FOLLOWED}),
}


@dataclass(frozen=True)
class Standing:
    """A marker as its steps leave it on a day. `reason` is why it stands as it does, not what was said against it."""

    status: Status
    disputed: bool = False
    review_due: bool = False
    last: MarkerStep | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is shown as a marker on the child today."""
        return self.status is Status.SET


def standing_of(steps: Sequence[MarkerStep], *, on: date) -> Standing:
    """What the steps of one marker (in order) come to on a day."""
    if not steps:
        return Standing(Status.NONE)
    last = steps[-1]
    status = _status(steps, on=on)
    return Standing(
        status=status,
        disputed=bool(open_disputes(steps)),
        review_due=status is Status.SET and last.review_on <= on,
        last=last,
        reason=next((step.reason for step in reversed(steps) if step.kind not in OF_STEPS), ""),
    )


def open_disputes(steps: Sequence[MarkerStep]) -> list[MarkerStep]:
    """The disputes that nobody answered yet."""
    answered = {step.about_id for step in steps if step.kind in (Kind.ANSWERED, Kind.CORRECTED)}
    return [step for step in steps if step.kind == Kind.DISPUTED and step.pk not in answered]


def _status(steps: Sequence[MarkerStep], *, on: date) -> Status:
    if any(step.kind == Kind.ENDED for step in steps):
        return Status.ENDED
    return Status.EXPIRED if steps[-1].expires_on < on else Status.SET
