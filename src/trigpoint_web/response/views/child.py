"""The response to one child: overview, decisions, actions, notes, safety plan, return interview, referral check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reads_child
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.forms.sending import begin, carry_out
from trigpoint_web.casework.forms.suggesting import say_wording
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_do, check_role, check_sees_whole
from trigpoint_web.casework.presenters.markers import changes_said
from trigpoint_web.casework.queries.child_page import citations_of, markers_of
from trigpoint_web.casework.views.framing import render_child
from trigpoint_web.response.actions import meetings, referral, tasks, writing
from trigpoint_web.response.forms.responding import (
    ActionForm,
    ActionStepForm,
    AgendaForm,
    DecisionForm,
    InterviewFields,
    NoteForm,
    PlanForm,
    ReferralForm,
)
from trigpoint_web.response.models import Decision, ReferralCheck
from trigpoint_web.response.presenters import lines
from trigpoint_web.response.presenters.referral import known, summary_of
from trigpoint_web.response.queries.meetings import items_about, meeting_item
from trigpoint_web.response.queries.people import owners_for, planned_meetings
from trigpoint_web.response.queries.plans import (
    decisions_of,
    interview_clock,
    missing_episode,
    notes_of,
    plan_of,
    referral_checks_of,
    things_around,
)
from trigpoint_web.response.queries.tasks import action_about, actions_of

TAB = "response:child"
FORM = "response/child_form.html"
YES = {"yes": True, "no": False, "": None}


@require_safe
@reads_child("response")
def show_response(request: HttpRequest, child: Child) -> HttpResponse:
    """What is done for the child: plan, decisions, actions, meetings, notes, things around."""
    user = _user(request)
    check_sees_whole(user, child)
    plan = plan_of(user, child).first()
    checks = list(referral_checks_of(user, child))
    actions = list(actions_of(child))
    shown = {
        "plan": plan,
        "plan_rows": lines.plan_rows(plan) if plan else [],
        "decisions": lines.decision_lines(decisions_of(user, child), actions=actions),
        "actions": lines.action_lines(actions),
        "items": list(items_about(user, child)),
        "notes": list(notes_of(user, child)[:50]),
        "things": list(things_around(user, child)),
        "referral": summary_of(checks[-1] if checks else None),
        "may_write": can_do(user, "write") and child.superseded_by_id is None,
        "may_call": can_do(user, "call_discussion"),
    }
    return render_child(request, child, "response/child.html", tab=TAB, **shown)


@require_http_methods(["GET", "POST"])
@reads_child("decision")
def decide(request: HttpRequest, child: Child, item_id: int | None = None) -> HttpResponse:
    """Write down a decision, in a meeting (`item_id`) or outside one."""
    user = _user(request)
    item = None if item_id is None else meeting_item(user, child, item_id)
    return written(
        request,
        child,
        begin(DecisionForm, request, seen=0, draft=f"decide:{child.key}"),
        heading=_("Write down a decision"),
        draft=("decide", child.key),
        onward=lambda done: (
            redirect("response:give-decided-action", child.key, done.pk)
            if "then" in request.POST
            else _back(child, item)
        ),
        act=lambda given: meetings.decide(
            acting_in(request), child, kind=given["kind"], text=given["text"], reason=given["reason"],
            request_key=given["request_key"], item=item,
        ),
        then=_("Save and give an action"),
        meeting=item.meeting if item else None,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("action")
def give_action(request: HttpRequest, child: Child, decision_id: int | None = None) -> HttpResponse:
    """Give somebody something to do for the child."""
    user = _user(request)
    decision = None if decision_id is None else _decision(request, child, decision_id)
    owners = lines.owners_first(owners_for(user, child), user)
    return written(
        request,
        child,
        begin(ActionForm, request, seen=0, draft=f"action:{child.key}", owners=owners),
        heading=_("Give an action"),
        lead=decision.text if decision else "",
        draft=("action", child.key),
        onward=lambda _done: _back(child, decision.item if decision else None),
        act=lambda given: tasks.give_action(
            acting_in(request), child=child, decision=decision, what=given["what"], owner=given["owner"],
            due_on=given["due_on"], request_key=given["request_key"],
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("action")
def take_step(request: HttpRequest, child: Child, action_id: int) -> HttpResponse:
    """Say what became of an action."""
    user = _user(request)
    check_sees_whole(user, child)
    action = action_about(child, action_id)
    steps = list(action.steps.all())
    owners = lines.owners_first(owners_for(user, child), user)
    kinds = sorted(tasks.MAY_FOLLOW[tasks.Kind(steps[-1].kind)], key=list(tasks.Kind).index, reverse=False)
    return written(
        request,
        child,
        begin(ActionStepForm, request, seen=len(steps), draft=f"step:{action.pk}", owners=owners, kinds=kinds),
        heading=_("What became of this action?"),
        lead=action.what,
        draft=("step", action.pk),
        seen=len(steps),
        act=lambda given: tasks.take_step(
            acting_in(request), action, kind=given["kind"], seen=given["seen"], note=given["note"],
            owner=given["owner"], due_on=given["due_on"],
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("note")
def write_note(request: HttpRequest, child: Child, note_id: int | None = None) -> HttpResponse:
    """Keep a note, or correct one of the person's own agency."""
    corrects = None
    if note_id is not None:
        corrects = notes_of(_user(request), child).filter(pk=note_id).first()
        if corrects is None:
            raise NotThereError(thing="note", thing_id=note_id)
    return written(
        request,
        child,
        begin(NoteForm, request, seen=0, draft=f"note:{child.key}"),
        heading=_("Correct a note") if corrects else _("Write a note"),
        lead=_("It does not change once it is kept. To put something right, write a correction."),
        quoted=corrects.text if corrects else "",
        draft=("note", child.key),
        act=lambda given: writing.keep_note(
            acting_in(request), child, text=given["text"], happened_on=given["happened_on"], corrects=corrects,
            request_key=given["request_key"],
        ),
    )  # fmt: skip


@require_safe
@reads_child("plan")
def show_plan(request: HttpRequest, child: Child) -> HttpResponse:
    """The safety plan as it stands, to read out or to print, and its earlier versions."""
    versions = list(plan_of(_user(request), child))
    shown = {
        "plan": versions[0] if versions else None,
        "rows": lines.plan_rows(versions[0]) if versions else [],
        "earlier": [(one, lines.plan_rows(one)) for one in versions[1:]],
        "may_write": can_do(_user(request), "write") and child.superseded_by_id is None,
    }
    return render_child(request, child, "response/plan.html", tab=TAB, **shown)


@require_http_methods(["GET", "POST"])
@reads_child("plan")
def write_plan(request: HttpRequest, child: Child) -> HttpResponse:
    """Write the safety plan, beginning with what it says now."""
    user = _user(request)
    check_sees_whole(user, child)
    versions = list(plan_of(user, child))
    owners = lines.owners_first(owners_for(user, child), user)
    form = begin(
        PlanForm, request, seen=len(versions), draft=f"plan:{child.key}", owners=owners,
        initial={"owner": str(user.pk)} | PlanForm.like(versions[0] if versions else None),
    )  # fmt: skip
    return written(
        request,
        child,
        form,
        heading=_("Safety plan"),
        lead=_("Write it with the child and the people around them. Leave out what does not apply."),
        draft=("plan", child.key),
        seen=len(versions),
        onward=lambda _done: redirect("response:plan", child.key),
        act=lambda given: writing.write_plan(
            acting_in(request), child, sections=form.sections(), owner=given["owner"], review_on=given["review_on"],
            reason=given["reason"], seen=given["seen"], request_key=given["request_key"],
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("interview")
def keep_interview(request: HttpRequest, child: Child, episode_id: int) -> HttpResponse:
    """Say what became of the return interview of an episode."""
    episode = missing_episode(_user(request), child, episode_id)
    return written(
        request,
        child,
        begin(InterviewFields, request, seen=0, draft=f"interview:{episode.pk}"),
        heading=_("Return interview"),
        clock=interview_clock(episode, told=Agreement.of(_user(request).agency).tells_interviews),
        episode=episode,
        draft=("interview", episode.pk),
        act=lambda given: writing.keep_interview(
            acting_in(request), episode, form=_interview(given), request_key=given["request_key"]
        ),
    )


@require_http_methods(["GET", "POST"])
@reads_child("referral_check")
def check_referral(request: HttpRequest, child: Child) -> HttpResponse:
    """The check before a referral to the National Referral Mechanism."""
    user = _user(request)
    checks = list(referral_checks_of(user, child))
    last: ReferralCheck | None = checks[-1] if checks else None
    form = begin(
        ReferralForm, request, seen=len(checks), draft=f"referral:{child.key}",
        initial=dict(last.answers) if last else {},
    )  # fmt: skip
    rows = known(
        markers=markers_of(user, child), citations=citations_of(user, child), decisions=list(decisions_of(user, child)),
        born=child.face.birth_on if "person.birth_on" not in user.agency.hidden_columns else None,
    )  # fmt: skip
    return written(
        request,
        child,
        form,
        template="response/referral.html",
        heading=_("Before a referral to the National Referral Mechanism"),
        rows=rows,
        summary=summary_of(last),
        draft=("referral", child.key),
        seen=len(checks),
        act=lambda given: referral.keep_referral_check(
            acting_in(request), child, answers=form.answers(), note=given["note"], seen=given["seen"],
            request_key=given["request_key"],
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("agenda")
def put_on_agenda(request: HttpRequest, child: Child) -> HttpResponse:
    """Put the child on the agenda of a planned meeting."""
    user = _user(request)
    planned = list(planned_meetings(user))
    by_key = {str(one.pk): one for one in planned}
    return written(
        request,
        child,
        begin(AgendaForm, request, seen=0, draft=f"agenda:{child.key}", meetings=planned),
        heading=_("Put on the agenda of a meeting"),
        lead="" if planned else _("No meeting is planned to which your agency is invited."),
        closed=not planned,
        draft=("agenda", child.key),
        act=lambda given: meetings.add_to_agenda(
            acting_in(request), by_key[given["meeting"]], child=child, reasons=[], asked=given["asked"]
        ),
    )


def written(
    request: HttpRequest,
    child: Child,
    form: Any,
    *,
    act: Callable[[dict[str, Any]], Any],
    draft: tuple[str, object],
    seen: int = 0,
    onward: Callable[[Any], HttpResponse] | None = None,
    template: str = FORM,
    **page: Any,
) -> HttpResponse:
    """Show a form about the child; when it is sent, do what it asks for and go on."""
    check_role(_user(request), "write")
    check_sees_whole(_user(request), child)
    if request.method == "POST":
        done = carry_out(form, act, request=request, draft=f"{draft[0]}:{draft[1]}")
        if done is not None:
            say_wording(request, form.narrative())
            return onward(done) if onward else _back(child)
    if form.changes:
        form.stand_at(seen)
    page |= {"form": form, "draft": draft, "changes": changes_said(form.changes)}
    answer = render_child(request, child, template, tab=TAB, **page)
    answer.status_code = 409 if form.changes else 200
    return answer


def _back(child: Child, item: Any = None) -> HttpResponse:
    if item is not None:
        return redirect("response:meeting", item.meeting_id)
    return redirect(TAB, child.key)


def _interview(given: dict[str, Any]) -> writing.InterviewForm:
    return writing.InterviewForm(
        kind=given["kind"], on=given["on"], reason=given["reason"], text=given["text"],
        interviewer=given["interviewer"], independent=YES[given["independent"]], harm_told=YES[given["harm_told"]],
    )  # fmt: skip


def _decision(request: HttpRequest, child: Child, decision_id: int) -> Decision:
    found = decisions_of(_user(request), child).filter(pk=decision_id).first()
    if found is None:
        raise NotThereError(thing="decision", thing_id=decision_id)
    return found


def _user(request: HttpRequest) -> Any:
    return request.user
