"""What may be done to accounts: each in one transaction, by a named person, with its audit row."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from trigpoint_web.accounts import policy
from trigpoint_web.accounts.models import Team, User
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act, Purpose


@transaction.atomic
def state_purpose(acting: Acting, *, code: str, text: str = "") -> Purpose:
    """The purpose of the task that a person begins. The one before it ends now."""
    Purpose.objects.filter(user=acting.user, ended_at=None).update(ended_at=timezone.now())
    purpose = Purpose.objects.create(user=acting.user, code=code, text=text)
    record(Acting(acting.user, purpose), Act.WRITE, thing="purpose", thing_id=purpose.pk, detail={"code": code})
    return purpose


@transaction.atomic
def invite_person(
    acting: Acting, *, email: str, full_name: str, role: str, team: Team | None = None, language: str = "en"
) -> User:
    """A new person of the administrator's agency. They cannot sign in before they chose a password."""
    policy.check_manages_people(acting.user)
    person = User(
        email=email.lower(), full_name=full_name, agency=acting.user.agency, role=role, team=team, language=language
    )
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save()
    _record(acting, person, "invited", role=role)
    return person


@transaction.atomic
def place_person(acting: Acting, person: User, *, role: str, team: Team | None) -> None:
    """Another role or team."""
    person = _managed(acting, person)
    person.role, person.team = role, team
    person.full_clean(exclude=["password"])
    person.save(update_fields=["role", "team"])
    _record(acting, person, "placed", role=role, team=team.pk if team else None)


@transaction.atomic
def close_account(acting: Acting, person: User) -> None:
    """The person cannot sign in any more, and is signed out wherever they are. What they did keeps their name."""
    person = _managed(acting, person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _record(acting, person, "closed")


@transaction.atomic
def open_account(acting: Acting, person: User) -> None:
    """The person may sign in again, with a new password and a new second factor."""
    person = _managed(acting, person)
    person.is_active = True
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=person).delete()
    _record(acting, person, "opened")


@transaction.atomic
def reset_second_factor(acting: Acting, person: User) -> None:
    """The person lost their phone: they set up another at their next sign-in, and choose a new password first."""
    person = _managed(acting, person)
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    _record(acting, person, "factor_reset")


def _managed(acting: Acting, person: User) -> User:
    policy.check_manages(acting.user, person)
    return User.objects.select_for_update().get(pk=person.pk)


def _record(acting: Acting, person: User, what: str, **detail: object) -> None:
    record(acting, Act.WRITE, thing="user", thing_id=person.pk, detail={"what": what} | detail)
