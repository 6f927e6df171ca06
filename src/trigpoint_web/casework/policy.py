"""Who may see what, and who may do what.

Access follows from facts: which agencies are involved with a child, which areas a team serves, what the agreement
lets an agency see, whether a child is restricted, whether a person has a conflict of interest, whether there is an
emergency. `check_x` raises with the sentence that a person reads; `can_x` wraps it. The database holds the same rule
as a second wall (migrations/0002_walls.py).
"""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.refusals import NotThereError, RefusedError, allows
from trigpoint_web.casework.models import Child, ConflictOfInterest, EmergencyAccess, Involvement, Restriction

SEES_CHILDREN: Final = frozenset(
    {Role.PRACTITIONER, Role.SUPERVISOR, Role.PANEL_CHAIR, Role.ANALYST, Role.SYSTEM_CLIENT}
)
# Who sees the children of the areas that their team serves, whether their agency is involved already or not.
SERVES_AREAS: Final = frozenset({Role.PANEL_CHAIR, Role.ANALYST})
SERVES_AREAS_IN: Final = {"childrens_services": frozenset({Role.PRACTITIONER, Role.SUPERVISOR})}

DECIDES: Final = frozenset({Role.PRACTITIONER, Role.SUPERVISOR, Role.PANEL_CHAIR})
# What each role may do to a child whom it sees, and the sentence for whoever may not.
ROLE_MAY: Final = {
    "set_marker": (DECIDES, gettext_noop("Practitioners, supervisors and panel chairs set markers.")),
    "confirm_marker": (
        frozenset({Role.SUPERVISOR, Role.PANEL_CHAIR}),
        gettext_noop("Only a supervisor or a panel chair may call a marker confirmed."),
    ),
    "end_marker": (
        frozenset({Role.SUPERVISOR, Role.PANEL_CHAIR}),
        gettext_noop("Only a supervisor or a panel chair may end a marker."),
    ),
    "dispute_marker": (DECIDES, gettext_noop("Practitioners, supervisors and panel chairs record a dispute.")),
    "decline_proposal": (DECIDES, gettext_noop("Practitioners, supervisors and panel chairs decline proposals.")),
    "write": (DECIDES, gettext_noop("Practitioners, supervisors and panel chairs write to a child's record.")),
    "judge_records": (
        DECIDES | {Role.ANALYST},
        gettext_noop("Analysts, practitioners, supervisors and panel chairs say who is one child."),
    ),
    "restrict_child": (
        frozenset({Role.SUPERVISOR, Role.PANEL_CHAIR}),
        gettext_noop("Only a supervisor or a panel chair may restrict a child's record."),
    ),
    "take_emergency_access": (
        frozenset({Role.PRACTITIONER, Role.SUPERVISOR}),
        gettext_noop("Practitioners and supervisors may take emergency access."),
    ),
    "review_emergency": (
        frozenset({Role.SUPERVISOR, Role.GOVERNANCE_OFFICER}),
        gettext_noop("A supervisor or the information-governance officer reviews emergency access."),
    ),
    "export": (
        frozenset({Role.ANALYST, Role.SUPERVISOR, Role.PANEL_CHAIR}),
        gettext_noop("Analysts, supervisors and panel chairs may export."),
    ),
    "post_event": (
        DECIDES | {Role.SYSTEM_CLIENT},
        gettext_noop("Practitioners, supervisors, panel chairs and agencies' systems post events."),
    ),
    "search": (SEES_CHILDREN, gettext_noop("Your role does not look for children.")),
    "call_discussion": (
        DECIDES,
        gettext_noop("Practitioners, supervisors and panel chairs call a strategy discussion."),
    ),
    "hold_meeting": (
        frozenset({Role.PANEL_CHAIR, Role.SUPERVISOR}),
        gettext_noop("Panel chairs and supervisors call and lead meetings."),
    ),
}


def children_visible_to(user: User) -> QuerySet[Child]:
    """The children whom a person may see, the headline at least. The only door to children for pages."""
    if not user.is_authenticated or not user.is_active or user.role not in SEES_CHILDREN:
        return Child.objects.none()
    this = {"child": OuterRef("pk")}
    shut = Restriction.objects.filter(**this, ended_at=None)
    involved = Exists(Involvement.objects.filter(**this, agency=user.agency_id))
    emergency = Exists(
        EmergencyAccess.objects.filter(**this, user=user, until__gt=timezone.now()).exclude(outcome="not_justified")
    )
    return (
        Child.objects.filter(Q(involved) | _served(user) | Q(emergency))
        .filter(~Exists(shut) | Exists(shut.filter(may_see=user)))
        .exclude(Exists(ConflictOfInterest.objects.filter(**this, user=user, ended_at=None)))
    )


def _served(user: User) -> Q:
    roles = SERVES_AREAS | SERVES_AREAS_IN.get(user.agency.kind, frozenset())
    if user.role not in roles or user.team_id is None:
        return Q(pk__in=[])
    return Q(area__in=user.team.areas.values("pk"))  # type: ignore[union-attr]  # there is a team


def check_sees(user: User, key: str) -> Child:
    """The child of `key`. Raises NotThereError alike where there is none and where this person may not see it."""
    child = children_visible_to(user).select_related("face", "superseded_by", "area").filter(key=key).first()
    if child is None:
        raise NotThereError(thing="child", thing_id=key[:20])
    return child


def check_sees_whole(user: User, child: Child) -> None:
    """Raise where the person's agency takes part with headlines alone."""
    if user.agency.headline_only:
        raise RefusedError(
            _("Your agency takes part with headlines alone: it sees that there is a marker, and whom to call."),
            rule="headline_only",
            thing="child",
            thing_id=child.key,
        )


def check_role(user: User, act: str, /) -> None:
    """Raise with the sentence of ROLE_MAY where the person's role may not do `act`."""
    roles, sentence = ROLE_MAY[act]
    if not user.is_active or user.role not in roles:
        raise RefusedError(_(sentence), rule=act, thing="role", thing_id=user.role)


def check_acts_on(user: User, child: Child, *, act: str) -> None:
    """Raise where this person may not do `act` to this child: not seen, headline alone, wrong role, key superseded."""
    if not children_visible_to(user).filter(pk=child.pk).exists():
        raise NotThereError(thing="child", thing_id=child.key)
    check_role(user, act)
    check_sees_whole(user, child)
    if child.superseded_by_id is not None:
        raise RefusedError(
            _("This key was superseded: the child's records stand under another one now."),
            rule="superseded",
            thing="child",
            thing_id=child.key,
        )


def check_takes_emergency_access(user: User) -> None:
    """Raise where this person's role may not take emergency access."""
    check_role(user, "take_emergency_access")


def check_reviews_emergency(user: User, access: EmergencyAccess) -> None:
    """Raise where this person may not review that access: wrong role, another agency's, or their own."""
    check_role(user, "review_emergency")
    if access.user_id == user.pk:
        raise RefusedError(_("Nobody reviews their own emergency access."), rule="own_emergency", thing="emergency")
    if user.role != Role.GOVERNANCE_OFFICER and access.user.agency_id != user.agency_id:
        raise NotThereError(thing="emergency", thing_id=access.pk)


can_see_whole = allows(check_sees_whole)
can_act_on = allows(check_acts_on)
can_do = allows(check_role)
can_take_emergency_access = allows(check_takes_emergency_access)
can_review_emergency = allows(check_reviews_emergency)
