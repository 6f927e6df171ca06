"""Who may see what, and who may do what.

Access follows from facts: which agencies are involved with a child, which areas a team serves, what the agreement
lets an agency see, whether a child is restricted, whether a person has a conflict of interest, whether there is an
emergency. `check_x` raises with the sentence that a person reads; `can_x` wraps it. The database holds the same rule
as a second wall (migrations/0002_walls.py).
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import BooleanField, Func, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.refusals import NotThereError, RefusedError, allows
from trigpoint_web.casework.models import Child, EmergencyAccess

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


# Whether a person may see a child. It stands here as SQL because every page asks several times: put together by
# Django's expressions, it took three milliseconds of a processor each time.
INVOLVED: Final = """
    exists (select 1 from casework_involvement i where i.child_id = {child} and i.agency_id = %s)
"""
SERVED: Final = """
    {area} in (select t.area_id from accounts_team_areas t where t.team_id = %s)
"""
IN_AN_EMERGENCY: Final = """
    exists (select 1 from casework_emergencyaccess e
            where e.child_id = {child} and e.user_id = %s and e.until > %s and e.outcome <> 'not_justified')
"""
NOT_SHUT: Final = """
    (not exists (select 1 from casework_restriction r where r.child_id = {child} and r.ended_at is null)
     or exists (select 1 from casework_restriction r join casework_restriction_may_see m on m.restriction_id = r.id
                where r.child_id = {child} and r.ended_at is null and m.user_id = %s))
"""
NO_CONFLICT: Final = """
    not exists (select 1 from casework_conflictofinterest c
                where c.child_id = {child} and c.user_id = %s and c.ended_at is null)
"""


class SeenBy(Func):
    """Whether a person may see the child of a row: by the ids of the agency and of the person, and by a team's areas.

    `team` is None for those who do not see the children of the areas that their team serves.
    """

    output_field = BooleanField()

    def __init__(self, user: User, *, team: int | None) -> None:
        super().__init__("pk", "area", agency=user.agency_id, me=user.pk, team=team, now=timezone.now())

    def as_sql(  # type: ignore[override]  # Django gives no more than these
        self,
        compiler: Any,
        connection: Any,  # noqa: ARG002  one is PostgreSQL's like the other
    ) -> tuple[str, list[Any]]:
        """The rule about the row's child, and the values for its places in their order."""
        child, area = (compiler.compile(one)[0] for one in self.get_source_expressions())
        agency, me, team, now = (self.extra[name] for name in ("agency", "me", "team", "now"))
        ways = [(INVOLVED, [agency]), (IN_AN_EMERGENCY, [me, now])] + ([(SERVED, [team])] if team is not None else [])
        rule = f"(({' or '.join(way for way, _given in ways)}) and {NOT_SHUT} and {NO_CONFLICT})"
        return rule.format(child=child, area=area), [one for _way, given in ways for one in given] + [me, me]


def children_visible_to(user: User) -> QuerySet[Child]:
    """The children whom a person may see, the headline at least. The only door to children for pages."""
    if not user.is_authenticated or not user.is_active or user.role not in SEES_CHILDREN:
        return Child.objects.none()
    serving = SERVES_AREAS | SERVES_AREAS_IN.get(user.agency.kind, frozenset())
    return Child.objects.filter(SeenBy(user, team=user.team_id if user.role in serving else None))


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
