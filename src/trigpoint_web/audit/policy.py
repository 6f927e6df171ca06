"""Who may look into the audit."""

from __future__ import annotations

from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.refusals import RefusedError, allows


def check_oversees(user: User) -> None:
    """Raise where the person is not an information-governance officer."""
    if user.role != Role.GOVERNANCE_OFFICER or not user.is_active:
        raise RefusedError(
            _("Only an information-governance officer sees who read what across agencies."),
            rule="oversees",
            thing="audit",
        )


can_oversee = allows(check_oversees)
