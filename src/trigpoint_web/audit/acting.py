"""Who acts, and why: what every action and every read is done under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trigpoint.errors import TrigpointError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from trigpoint_web.accounts.models import User
    from trigpoint_web.audit.models import Purpose


class PurposeNeededError(TrigpointError):
    """A child's record was asked for, and no purpose was given yet."""


class AuditClosedError(TrigpointError):
    """The audit cannot be written, so nothing may be read or changed."""


@dataclass(frozen=True)
class Acting:
    """A person at work: who, and the purpose that they gave for this task (None until they gave one)."""

    user: User
    purpose: Purpose | None = None


def acting_in(request: HttpRequest) -> Acting:
    """Who acts in a request: its person and the purpose that the session keeps."""
    return Acting(request.user, getattr(request, "purpose", None))  # type: ignore[arg-type]  # signed in by then
