"""Notes, safety plans, return interviews; things and the children around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Area, User
from trigpoint_web.audit.acting import Acting
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.locks import done_before, lock_child
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.casework.policy import check_acts_on, check_role
from trigpoint_web.response.actions.begin import check_texts, needed, wrote
from trigpoint_web.response.actions.tasks import check_owner
from trigpoint_web.response.models import Note, PlanVersion, ReturnInterview, SafetyPlan, Thing, ThingChild
from trigpoint_web.response.sections import SECTIONS


def keep_note(
    acting: Acting,
    child: Child,
    *,
    text: str,
    request_key: UUID,
    happened_on: date | None = None,
    corrects: Note | None = None,
) -> Note:
    """Keep a note about a child. It does not change afterwards; a correction names it."""
    with transaction.atomic():
        if done := done_before(Note, acting.user, request_key):
            return done
        check_acts_on(acting.user, child, act="write")
        said = check_texts({"text": text}, {"text": needed("text")})
        if happened_on and happened_on > today():
            raise FaultyFormError({"happened_on": _("Give a day that is not later than today.")})
        if corrects is not None and (corrects.child_id != child.pk or corrects.agency_id != acting.user.agency_id):
            raise FaultyFormError(
                {"": _("Only your own agency corrects its notes. Write a note of your own beside it.")}
            )
        made = Note.objects.create(
            child=child, text=said["text"], happened_on=happened_on, corrects=corrects, by=acting.user,
            agency=acting.user.agency, request_key=request_key,
        )  # fmt: skip
        wrote(acting, "note", thing_id=made.pk, child_id=child.pk)
        return made


def write_plan(
    acting: Acting,
    child: Child,
    *,
    sections: Mapping[str, str],
    owner: User,
    review_on: date,
    reason: str,
    seen: int,
    request_key: UUID,
) -> PlanVersion:
    """Write the child's safety plan as a whole. `seen` is the number of versions that the person saw."""
    with transaction.atomic():
        if done := done_before(PlanVersion, acting.user, request_key):
            return done
        check_acts_on(acting.user, child, act="write")
        if unknown := set(sections) - set(SECTIONS):
            raise FaultyFormError({name: _("There is no such section.") for name in unknown})
        said = check_texts(dict(sections) | {"reason": reason}, {"reason": needed("reason")})
        reason = said.pop("reason")
        if not any(said.values()):
            raise FaultyFormError({"danger": _("Write at least one section.")})
        if review_on <= today():
            raise FaultyFormError({"review_on": _("Give a day after today.")})
        check_owner(owner, child)
        lock_child(child.pk)
        plan = SafetyPlan.objects.filter(child=child).order_by("pk").first() or SafetyPlan.objects.create(child=child)
        versions = list(plan.versions.select_related("by"))
        if len(versions) != seen:
            raise ChangedMeanwhileError(versions[seen:])
        made = PlanVersion.objects.create(
            plan=plan, number=seen + 1, sections=said, owner=owner, review_on=review_on, reason=reason, by=acting.user,
            request_key=request_key,
        )  # fmt: skip
        wrote(acting, "plan", thing_id=plan.pk, child_id=child.pk, version=made.number)
        return made


@dataclass(frozen=True)
class InterviewForm:
    """What is said of a return interview. `independent`: by somebody who is not the child's carer."""

    kind: str
    on: date
    reason: str = ""
    text: str = ""
    interviewer: str = ""
    independent: bool | None = None
    harm_told: bool | None = None


def keep_interview(
    acting: Acting, episode: MissingEpisode, *, form: InterviewForm, request_key: UUID
) -> ReturnInterview:
    """Write down that a return interview was offered, declined, held, or not offered with the reason."""
    with transaction.atomic():
        if done := done_before(ReturnInterview, acting.user, request_key):
            return done
        check_acts_on(acting.user, episode.child, act="write")
        faults = _interview_faults(episode, form)
        if faults:
            raise FaultyFormError(faults)
        missing = {"reason": needed("reason")} if form.kind == ReturnInterview.Kind.NOT_OFFERED else {}
        said = check_texts({"reason": form.reason, "text": form.text}, missing)
        made = ReturnInterview.objects.create(
            episode=episode, kind=form.kind, on=form.on, interviewer=form.interviewer[:200],
            independent=form.independent, harm_told=form.harm_told, by=acting.user, request_key=request_key, **said,
        )  # fmt: skip
        wrote(acting, "interview", thing_id=made.pk, child_id=episode.child_id, kind=form.kind)
        return made


def make_thing(
    acting: Acting,
    *,
    kind: str,
    name: str,
    request_key: UUID,
    describes: str = "",
    area: Area | None = None,
    postcode: str = "",
) -> Thing:
    """Make a place, group, line or online space a thing of its own."""
    with transaction.atomic():
        if done := done_before(Thing, acting.user, request_key):
            return done
        check_role(acting.user, "write")
        if kind not in Thing.Kind.values:
            raise FaultyFormError({"kind": _("Choose a place, a group, a line or an online space.")})
        said = check_texts({"name": name, "describes": describes}, {"name": needed("name")})
        made = Thing.objects.create(
            kind=kind, name=said["name"][:200], describes=said["describes"], area=area, postcode=postcode[:10],
            by=acting.user, agency=acting.user.agency, request_key=request_key,
        )  # fmt: skip
        wrote(acting, "thing", thing_id=made.pk, child_id=None, kind=kind)
        return made


def put_child_around(acting: Acting, thing: Thing, *, child: Child, how: str, since: date | None = None) -> ThingChild:
    """Say that a child is around a thing, and how that is known."""
    with transaction.atomic():
        check_acts_on(acting.user, child, act="write")
        said = check_texts({"how": how}, {"how": needed("how")})
        if done := ThingChild.objects.filter(thing=thing, child=child, ended_at=None).first():
            return done
        made = ThingChild.objects.create(thing=thing, child=child, how=said["how"], since=since, by=acting.user)
        wrote(acting, "thing", thing_id=thing.pk, child_id=child.pk)
        return made


def take_child_away(acting: Acting, around: ThingChild, *, reason: str) -> None:
    """Say that a child is not around a thing any more, or never was."""
    with transaction.atomic():
        check_acts_on(acting.user, around.child, act="write")
        said = check_texts({"reason": reason}, {"reason": needed("reason")})
        ThingChild.objects.filter(pk=around.pk, ended_at=None).update(
            ended_at=timezone.now(), ended_by=acting.user, ended_reason=said["reason"]
        )
        wrote(acting, "thing", thing_id=around.thing_id, child_id=around.child_id, ended=True)


def _interview_faults(episode: MissingEpisode, form: InterviewForm) -> dict[str, str]:
    faults = {}
    if form.kind not in ReturnInterview.Kind.values:
        faults["kind"] = _("Say what happened.")
    if episode.found_at is None:
        faults[""] = _("The child has not returned yet.")
    elif not timezone.localtime(episode.found_at).date() <= form.on <= today():
        faults["on"] = _("Give a day after the return and not later than today.")
    return faults
