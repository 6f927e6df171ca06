"""Restrict a child's record, declare a conflict of interest, take and review emergency access."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.acting import Acting, PurposeNeededError
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.actions.marker_form import reason_alone
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.models import Child, ConflictOfInterest, EmergencyAccess, Restriction
from trigpoint_web.casework.policy import check_acts_on, check_reviews_emergency, check_takes_emergency_access

EMERGENCY_HOURS: Final = 4
TARGET: Final = "select casework_emergency_target(%s)"


def restrict_child(acting: Acting, child: Child, *, may_see: Collection[User], reason: str) -> Restriction:
    """Hide the child from everybody but `may_see`; to all others there is no such child from now on.

    Whoever restricts must stay among them. Raises RefusedError, FaultyFormError, ChangedMeanwhileError.
    """
    with transaction.atomic():
        check_acts_on(acting.user, child, act="restrict_child")
        said = reason_alone(reason)
        if acting.user not in may_see:
            raise FaultyFormError({"may_see": _("Choose at least yourself: somebody has to go on seeing the child.")})
        if earlier := Restriction.objects.filter(child=child, ended_at=None).first():
            raise ChangedMeanwhileError([earlier])
        # The row of the act comes first: afterwards fewer people see the child.
        record(
            acting, Act.WRITE, thing="restriction", child_id=child.pk, detail={"may_see": [str(u.pk) for u in may_see]}
        )
        made = Restriction.objects.create(child=child, reason=said, by=acting.user)
        made.may_see.set(may_see)
        return made


def end_restriction(acting: Acting, restriction: Restriction, *, reason: str) -> None:
    """Let the facts decide again who sees the child."""
    with transaction.atomic():
        check_acts_on(acting.user, restriction.child, act="restrict_child")
        said = reason_alone(reason)
        ended = Restriction.objects.filter(pk=restriction.pk, ended_at=None).update(
            ended_at=timezone.now(), ended_by=acting.user, ended_reason=said
        )
        if not ended:
            raise ChangedMeanwhileError([Restriction.objects.get(pk=restriction.pk)])
        record(acting, Act.WRITE, thing="restriction", thing_id=restriction.pk, child_id=restriction.child_id,
               detail={"ended": True})  # fmt: skip


def declare_conflict(acting: Acting, child: Child, *, user: User, reason: str) -> ConflictOfInterest:
    """Keep a person from a child whom they know from elsewhere. Anybody declares their own; a supervisor, a team's."""
    with transaction.atomic():
        if user.pk != acting.user.pk:
            if user.agency_id != acting.user.agency_id:
                raise NotThereError(thing="user", thing_id=user.pk)
            check_acts_on(acting.user, child, act="restrict_child")
        said = reason_alone(reason)
        record(acting, Act.WRITE, thing="conflict", child_id=child.pk, detail={"user": str(user.pk)})
        made = ConflictOfInterest.objects.filter(child=child, user=user, ended_at=None).first()
        return made or ConflictOfInterest.objects.create(child=child, user=user, reason=said, by=acting.user)


def end_conflict(acting: Acting, conflict: ConflictOfInterest, *, reason: str) -> None:
    """Say that a conflict of interest has ended. A supervisor does, of somebody else in the agency."""
    with transaction.atomic():
        said = reason_alone(reason)
        if conflict.user_id == acting.user.pk or conflict.user.agency_id != acting.user.agency_id:
            raise NotThereError(thing="conflict", thing_id=conflict.pk)
        check_acts_on(acting.user, conflict.child, act="restrict_child")
        record(acting, Act.WRITE, thing="conflict", thing_id=conflict.pk, child_id=conflict.child_id,
               detail={"ended": True, "characters": len(said)})  # fmt: skip
        ConflictOfInterest.objects.filter(pk=conflict.pk).update(ended_at=timezone.now(), ended_by=acting.user)


def take_emergency_access(acting: Acting, key: str, *, reason: str) -> EmergencyAccess:
    """See a child at once, for four hours, because the child is in danger now. Shown to everybody, and reviewed.

    Restricted children and conflicts of interest stay shut: their keys are answered as not there, like unknown ones.
    Step-up sign-in is the page's to ask for. Raises RefusedError, FaultyFormError, PurposeNeededError.
    """
    with transaction.atomic():
        check_takes_emergency_access(acting.user)
        if acting.purpose is None:
            raise PurposeNeededError(_("Say what you need this child's record for."))
        said = reason_alone(reason)
        with connection.cursor() as cursor:
            cursor.execute(TARGET, [key[:20]])
            (child_id,) = cursor.fetchone() or (None,)
        if child_id is None:
            raise NotThereError(thing="child", thing_id=key[:20])
        taken = EmergencyAccess.objects.create(
            child_id=child_id, user=acting.user, reason=said, until=timezone.now() + timedelta(hours=EMERGENCY_HOURS)
        )
        record(acting, Act.EMERGENCY, thing="emergency", thing_id=taken.pk, child_id=child_id)
        return taken


def review_emergency_access(acting: Acting, access: EmergencyAccess, *, outcome: str, note: str) -> EmergencyAccess:
    """Say whether an emergency access was justified. Where it was not, it ends at once."""
    with transaction.atomic():
        check_reviews_emergency(acting.user, access)
        said = reason_alone(note)
        if outcome not in EmergencyAccess.Outcome.values:
            raise FaultyFormError({"outcome": _("Say whether the access was justified.")})
        changed = EmergencyAccess.objects.filter(pk=access.pk, reviewed_at=None).update(
            reviewed_by=acting.user, reviewed_at=timezone.now(), outcome=outcome, review_note=said
        )
        access.refresh_from_db()
        if not changed:
            raise ChangedMeanwhileError([access])
        record(acting, Act.WRITE, thing="emergency", thing_id=access.pk, detail={"outcome": outcome})
        return access


def emergencies_to_review(user: User) -> list[EmergencyAccess]:
    """Emergency accesses that nobody has reviewed, oldest first, for whoever may review them."""
    waiting = EmergencyAccess.objects.filter(reviewed_at=None).exclude(user=user)
    if user.role == Role.SUPERVISOR:
        waiting = waiting.filter(user__agency=user.agency_id)
    elif user.role != Role.GOVERNANCE_OFFICER:
        return []
    return list(waiting.select_related("user__agency").order_by("at"))
