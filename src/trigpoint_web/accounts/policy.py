"""Who may manage whose account."""

from __future__ import annotations

from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.refusals import NotThereError, RefusedError, allows


def check_manages_people(person: User) -> None:
    """Raise RefusedError unless the person manages their agency's accounts."""
    if person.role != Role.AGENCY_ADMINISTRATOR or not person.is_active:
        raise RefusedError(
            _("Your agency's administrator manages accounts."), rule="agency_administrator", thing="people"
        )


def check_manages(person: User, other: User) -> None:
    """Raise NotThereError where the other is of another agency, RefusedError where it is the person's own account."""
    check_manages_people(person)
    if other.agency_id != person.agency_id:
        raise NotThereError(thing="user", thing_id=other.pk)
    if other.pk == person.pk:
        raise RefusedError(
            _("Another administrator changes your own account."), rule="not_oneself", thing="user", thing_id=other.pk
        )


can_manage_people = allows(check_manages_people)
can_manage = allows(check_manages)
