"""What an agency's system may ask for. Whom it may see, and how much of them, follows from the agency (casework)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.refusals import RefusedError, allows

LOOK_UP: Final = "marker:read"
POST: Final = "event:write"
EXPORT: Final = "marker:export"
SCOPES: Final = {
    LOOK_UP: "Ask whether there is a marker on a child",
    POST: "Post that a child is missing, was found or was arrested",
    EXPORT: "Be sent nightly files and notices of changed markers",
}


def check_system(user: User | None) -> None:
    """Raise unless this is the account of an agency's system, and open."""
    if user is None or not user.is_active or user.role != Role.SYSTEM_CLIENT:
        raise RefusedError(_("This account is not open to systems."), rule="system_client", thing="client")


def check_scope(scopes: Collection[str], scope: str) -> None:
    """Raise where the token does not carry the scope."""
    if scope not in scopes:
        raise RefusedError(
            _("The token does not carry the scope that this needs: %(scope)s.") % {"scope": scope},
            rule="scope",
            thing="client",
        )


can_be_system = allows(check_system)
