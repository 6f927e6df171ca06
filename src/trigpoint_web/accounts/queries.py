"""Reads of accounts, each scoped to who asks."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from trigpoint_web.accounts import policy
from trigpoint_web.accounts.models import User
from trigpoint_web.audit.refusals import NotThereError


def people_managed_by(person: User) -> QuerySet[User]:
    """The people of the administrator's agency, by name."""
    policy.check_manages_people(person)
    return User.objects.filter(agency=person.agency_id).select_related("team", "agency").order_by("full_name", "email")


def person_managed_by(person: User, other_id: UUID) -> User:
    """One of them. Raises NotThereError where there is none, or of another agency."""
    found = people_managed_by(person).filter(pk=other_id).first()
    if found is None:
        raise NotThereError(thing="user", thing_id=other_id)
    return found


def second_factors(person: User) -> list[str]:
    """The kinds of second factor that the person has set up: "totp", "webauthn"."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return sorted(set(Authenticator.objects.filter(user=person, type__in=kinds).values_list("type", flat=True)))
