"""Who keeps to the rights of people: information-governance officers, none of them alone, and never their own kin's."""

from __future__ import annotations

from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.acting import Acting, PurposeNeededError
from trigpoint_web.audit.refusals import NotThereError, RefusedError, allows
from trigpoint_web.rights.models import Erasure, Request


def check_keeps_rights(user: User) -> None:
    """Raise where the person is not an information-governance officer."""
    if user.role != Role.GOVERNANCE_OFFICER or not user.is_active:
        raise RefusedError(
            _("Only an information-governance officer deals with retention, erasure and requests."),
            rule="keeps_rights",
            thing="rights",
        )


def check_at_work(acting: Acting) -> None:
    """Raise where the person is not an officer, or has not said what for."""
    check_keeps_rights(acting.user)
    if acting.purpose is None:
        raise PurposeNeededError(_("Say what you need these children's records for."))


def check_confirms(user: User, erasure: Erasure) -> None:
    """Raise where the person decided it themselves: another officer confirms."""
    check_keeps_rights(user)
    if erasure.decided_by_id == user.pk:
        raise RefusedError(
            _("Another officer confirms what you decided."), rule="two_people", thing="erasure", thing_id=erasure.pk
        )


def request_of(user: User, request_id: int) -> Request:
    """The request of this number. The database shows none about a child with whom the officer has a conflict."""
    check_keeps_rights(user)
    found = Request.objects.select_related("by", "answer__by").filter(pk=request_id).first()
    if found is None:
        raise NotThereError(thing="rights_request", thing_id=request_id)
    return found


can_keep_rights = allows(check_keeps_rights)
can_confirm = allows(check_confirms)
