"""What an action says when it cannot be done: faults of a form by field, and what somebody else changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from trigpoint.errors import TrigpointError

if TYPE_CHECKING:
    from django.db.models import Model

LONGEST_TEXT: Final = 15_000  # characters, as in the NRM form


class FaultyFormError(TrigpointError):
    """What was filled in cannot be taken. `faults` holds one sentence a field; nothing was written."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


class ChangedMeanwhileError(TrigpointError):
    """Somebody else decided since the page was opened. `changes` are their rows, for the person to read first."""

    def __init__(self, changes: Sequence[Model]) -> None:
        super().__init__(_("Somebody else changed this while you were working. Read what they did, then decide."))
        self.changes = list(changes)


def check_text(value: str, *, field: str, missing: str, faults: dict[str, str]) -> str:
    """The text without outer blanks; a fault is noted where it is empty, too long, or holds a null character."""
    text = value.strip()
    if not text:
        faults[field] = missing
    elif len(text) > LONGEST_TEXT:
        faults[field] = _("Use %(most)s characters or fewer.") % {"most": f"{LONGEST_TEXT:,}"}
    elif "\x00" in text:
        faults[field] = _("Remove the characters that cannot be shown.")
    return text
