"""What every write of response begins and ends with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.refused import FaultyFormError, check_text


def check_texts(texts: Mapping[str, str], missing: Mapping[str, str]) -> dict[str, str]:
    """The texts without outer blanks. Raises FaultyFormError; `missing` has the sentence of each that must be there."""
    faults: dict[str, str] = {}
    clean = {}
    for field, text in texts.items():
        needed = field in missing or bool(text.strip())
        clean[field] = check_text(text, field=field, missing=missing.get(field, ""), faults=faults) if needed else ""
    if faults:
        raise FaultyFormError(faults)
    return clean


def wrote(acting: Acting, thing: str, *, thing_id: object, child_id: int | None, **detail: Any) -> None:
    """Record a write."""
    record(acting, Act.WRITE, thing=thing, thing_id=thing_id, child_id=child_id, detail=detail)


def needed(field: str) -> str:
    """The sentence for a field that must be filled in."""
    return {
        "text": _("Write something."),
        "what": _("Say what is to be done."),
        "reason": _("Give a reason."),
        "name": _("Give it a name."),
        "how": _("Say how this is known."),
        "title": _("Give it a title."),
    }[field]
