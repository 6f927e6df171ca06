"""The marker's pages: a proposal and the decision on it, the marker and its steps."""

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
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.forms.markers import DisputeForm, MarkerFields, ReasonForm, like
from trigpoint_web.casework.forms.sending import WritingForm, begin, carry_out
from trigpoint_web.casework.forms.suggesting import say_wording
from trigpoint_web.casework.models import Child, MarkerStep
from trigpoint_web.casework.policy import can_do, check_role, check_sees_whole
from trigpoint_web.casework.presenters.evidence import evidence_lines, why_shown
from trigpoint_web.casework.presenters.markers import changes_said, rows_of, status_tag, steps_of
from trigpoint_web.casework.presenters.pack_words import form_title
from trigpoint_web.casework.presenters.wording import agencies
from trigpoint_web.casework.queries.child_page import (
    MarkerShown,
    ProposalShown,
    citations_of,
    headline,
    markers_of,
    not_known_of,
    proposals_of,
)
from trigpoint_web.casework.speech import speech
from trigpoint_web.casework.views.framing import render_child

Kind = MarkerStep.Kind
ACTS: dict[str, Callable[..., Any]] = {Kind.CHANGED: markers.change_marker, Kind.REVIEWED: markers.review_marker}
HEADINGS = {
    Kind.CHANGED: lambda: _("Change this marker"),
    Kind.REVIEWED: lambda: _("Review this marker"),
    Kind.CORRECTED: lambda: _("Correct this marker"),
}


@require_safe
@reads_child("proposal")
def show_proposal(request: HttpRequest, child: Child, proposal_id: int) -> HttpResponse:
    """A proposal: why it was made, what it stands on, what is not known, and what may be decided."""
    shown = _proposal(request, child, proposal_id)
    decision = next(iter(shown.proposal.decisions.all()), None)
    top = headline(_user(request), child)
    page = {
        "shown": shown,
        "form_title": form_title(shown.proposal.form),
        "agencies": agencies(shown.proposal.agencies),
        "why": why_shown(shown.proposal, shown.citations),
        "evidence": evidence_lines(shown.citations),
        "change": speech().change(shown.proposal.what_would_change),
        "decision": decision,
        "may_decide": _can(_user(request), child, "set_marker"),
        "unknown": [speech().title(one.title, indicator=one.indicator) for one in not_known_of(_user(request), child)],
        "standing": [{"pk": one.pk, "form": form_title(one.form)} for one in top.markers if one.status == "set"],
        "top": top,
    }
    return _page(request, child, "casework/proposal.html", page)


@require_http_methods(["GET", "POST"])
@reads_child("proposal")
def decline_proposal(request: HttpRequest, child: Child, proposal_id: int) -> HttpResponse:
    """Decline a proposal, with a reason."""
    shown = _proposal(request, child, proposal_id)
    _may(_user(request), child, "decline_proposal")
    return _reason_page(
        request,
        child,
        heading=_("Decline this proposal"),
        lead=_("It comes back only with findings that it does not have now. What you write stays with it."),
        label=_("Why is this not exploitation, or not for a marker?"),
        submit=_("Decline the proposal"),
        draft=f"decline:{proposal_id}",
        seen=markers.decisions_seen(child),
        act=lambda given: markers.decline_proposal(acting_in(request), shown.proposal, **given),
    )


@require_http_methods(["GET", "POST"])
@reads_child("marker")
def set_marker(request: HttpRequest, child: Child, proposal_id: int | None = None) -> HttpResponse:
    """Set a marker: on a proposal, or on what the person observed."""
    user = _user(request)
    _may(user, child, "set_marker")
    proposal = None if proposal_id is None else _proposal(request, child, proposal_id)
    seen = markers.decisions_seen(child)
    form = begin(
        MarkerFields, request, seen=seen, draft=f"marker:{child.key}", citations=citations_of(user, child),
        may_confirm=can_do(user, "confirm_marker"), initial=_proposed(proposal),
    )  # fmt: skip
    if request.method == "POST":
        proposals = [proposal.proposal] if proposal else []
        step = carry_out(
            form,
            lambda given: markers.set_marker(
                acting_in(request), child, form=form.filled(), proposals=proposals, seen=given["seen"],
                request_key=given["request_key"],
            ),
            request=request,
            draft=f"marker:{child.key}",
        )  # fmt: skip
        if step:
            return _done(request, form, step)
    page = {"form": form, "proposal": proposal, "heading": _("Set a marker"), "draft": ("marker", child.key)}
    return _asked_again(request, child, form, "casework/marker_form.html", page, seen=seen)


@require_safe
@reads_child("marker")
def show_marker(request: HttpRequest, child: Child, marker_id: int) -> HttpResponse:
    """One marker: what it says now, what it stands on, every step, and what may be done with it."""
    shown = _marker(request, child, marker_id)
    user = _user(request)
    cited = {citation.pk for step in shown.steps for citation in step.citations.all()}
    page = {
        "shown": shown,
        "form_title": form_title(shown.marker.form),
        "tag": status_tag(shown.standing),
        "rows": rows_of(shown.steps[-1], shown.marker.form, reason=shown.standing.reason),
        "evidence": evidence_lines(one for one in citations_of(user, child) if one.citation.pk in cited),
        "observations": [step for step in shown.steps if step.observation],
        "steps": steps_of(shown),
        "may_set": _can(user, child, "set_marker"),
        "may_end": _can(user, child, "end_marker"),
        "may_dispute": _can(user, child, "dispute_marker"),
    }
    return _page(request, child, "casework/marker.html", page)


@require_http_methods(["GET", "POST"])
@reads_child("marker")
def change_marker(request: HttpRequest, child: Child, marker_id: int, kind: str) -> HttpResponse:
    """Change a marker, or review it: say what it says from now on, and why."""
    shown = _marker(request, child, marker_id)
    return _fill_in(
        request, child, shown, kind=kind,
        act=lambda form, given: ACTS[kind](
            acting_in(request), shown.marker, form=form.filled(), seen=given["seen"], request_key=given["request_key"]
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("marker")
def correct_marker(request: HttpRequest, child: Child, marker_id: int, number: int) -> HttpResponse:
    """Say what should have stood instead of a step."""
    shown = _marker(request, child, marker_id)
    wrong = _step(shown, number)
    return _fill_in(
        request, child, shown, kind=Kind.CORRECTED, wrong=wrong,
        act=lambda form, given: markers.correct_marker(
            acting_in(request), wrong, form=form.filled(), seen=given["seen"], request_key=given["request_key"]
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("marker")
def end_marker(request: HttpRequest, child: Child, marker_id: int) -> HttpResponse:
    """End a marker, with the reason."""
    shown = _marker(request, child, marker_id)
    _may(_user(request), child, "end_marker")
    return _reason_page(
        request,
        child,
        heading=_("End this marker"),
        lead=_(
            "It is not shown as a marker any more, to any agency. What stood stays readable here, with your reason."
        ),
        label=_("Why does it end?"),
        submit=_("End the marker"),
        draft=f"end:{marker_id}",
        seen=len(shown.steps),
        act=lambda given: markers.end_marker(acting_in(request), shown.marker, **given),
    )


@require_http_methods(["GET", "POST"])
@reads_child("marker")
def answer_dispute(request: HttpRequest, child: Child, marker_id: int, number: int) -> HttpResponse:
    """Answer a dispute and leave the marker as it is."""
    shown = _marker(request, child, marker_id)
    _may(_user(request), child, "dispute_marker")
    dispute = _step(shown, number)
    return _reason_page(
        request,
        child,
        heading=_("Answer the dispute"),
        lead=_("“%(reason)s” To change what the marker says instead, correct it.") % {"reason": dispute.reason},
        label=_("Why does the marker stay as it is?"),
        submit=_("Answer the dispute"),
        draft=f"answer:{dispute.pk}",
        seen=len(shown.steps),
        act=lambda given: markers.answer_dispute(acting_in(request), dispute, **given),
    )


@require_http_methods(["GET", "POST"])
@reads_child("marker")
def dispute_marker(request: HttpRequest, child: Child, marker_id: int) -> HttpResponse:
    """Write down that the child, a parent or an agency says that the marker is wrong."""
    shown = _marker(request, child, marker_id)
    _may(_user(request), child, "dispute_marker")
    form = begin(DisputeForm, request, seen=len(shown.steps), draft=f"dispute:{marker_id}")
    if request.method == "POST":
        step = carry_out(
            form,
            lambda given: markers.dispute_marker(
                acting_in(request), shown.marker, by=given["disputed_by"], reason=given["reason"], seen=given["seen"],
                request_key=given["request_key"],
            ),
            request=request,
            draft=f"dispute:{marker_id}",
        )  # fmt: skip
        if step:
            return _done(request, form, step)
    page = {
        "form": form,
        "heading": _("Record a dispute"),
        "lead": _("It is shown beside the marker until somebody answers it or corrects the marker."),
        "submit": _("Record the dispute"),
        "draft": ("dispute", marker_id),
    }
    return _asked_again(request, child, form, "casework/reason_form.html", page, seen=len(shown.steps))


def _fill_in(
    request: HttpRequest,
    child: Child,
    shown: MarkerShown,
    *,
    kind: str,
    act: Callable[[MarkerFields, dict[str, Any]], MarkerStep],
    wrong: MarkerStep | None = None,
) -> HttpResponse:
    """The whole form of a marker once more, beginning with what it says now."""
    user = _user(request)
    _may(user, child, "set_marker")
    draft = f"{kind}:{shown.marker.pk}"
    form = begin(
        MarkerFields, request, seen=len(shown.steps), draft=draft, citations=citations_of(user, child), step_kind=kind,
        may_confirm=can_do(user, "confirm_marker"), initial=like(shown.steps[-1], shown.marker.form),
    )  # fmt: skip
    if request.method == "POST":
        step = carry_out(form, lambda given: act(form, given), request=request, draft=draft)
        if step:
            return _done(request, form, step)
    page = {
        "form": form, "shown": shown, "heading": HEADINGS[Kind(kind)](), "wrong": wrong,
        "draft": (kind, shown.marker.pk), "form_title": form_title(shown.marker.form),
        "rows": rows_of(wrong or shown.steps[-1], shown.marker.form, reason=(wrong or shown.standing).reason),
    }  # fmt: skip
    return _asked_again(request, child, form, "casework/marker_form.html", page, seen=len(shown.steps))


def _reason_page(
    request: HttpRequest,
    child: Child,
    *,
    act: Callable[[dict[str, Any]], Any],
    seen: int,
    draft: str,
    label: str,
    **page: Any,
) -> HttpResponse:
    """A page that asks for a reason alone."""
    form = begin(ReasonForm, request, seen=seen, draft=draft, label=label)
    if request.method == "POST":
        done = carry_out(form, act, request=request, draft=draft)
        if done is not None:
            return _done(request, form, done)
    kind, _sign, key = draft.partition(":")
    return _asked_again(
        request, child, form, "casework/reason_form.html", page | {"form": form, "draft": (kind, key)}, seen=seen
    )


def _asked_again(
    request: HttpRequest, child: Child, form: WritingForm, template: str, page: dict[str, Any], *, seen: int
) -> HttpResponse:
    """The form's page; where somebody else decided meanwhile, with what they did, standing at what stands now."""
    if form.changes:
        form.stand_at(seen)
    page["changes"] = changes_said(form.changes)
    return _page(request, child, template, page, status=409 if form.changes else 200)


def _done(request: HttpRequest, form: WritingForm, done: Any) -> HttpResponse:
    say_wording(request, form.narrative())
    if isinstance(done, MarkerStep):
        return redirect("casework:marker", done.marker.child.key, done.marker_id)
    return redirect("casework:proposal", done.proposal.child.key, done.proposal_id)


def _page(
    request: HttpRequest, child: Child, template: str, page: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    answer = render_child(request, child, template, tab="casework:child-markers", **page)
    answer.status_code = status
    return answer


def _may(user: Any, child: Child, act: str) -> None:
    """Raise where the person's role or agency may not. That they see the child was found out before."""
    check_role(user, act)
    check_sees_whole(user, child)


def _can(user: Any, child: Child, act: str) -> bool:
    return can_do(user, act) and child.superseded_by_id is None


def _proposal(request: HttpRequest, child: Child, proposal_id: int) -> ProposalShown:
    found = next((one for one in proposals_of(_user(request), child) if one.proposal.pk == proposal_id), None)
    if found is None:
        raise NotThereError(thing="proposal", thing_id=proposal_id)
    return found


def _proposed(shown: ProposalShown | None) -> dict[str, Any]:
    if shown is None:
        return {}
    one = shown.proposal
    return {
        "form": one.form,
        "online": "yes" if one.online else "unknown",
        "overlap": "yes" if one.overlap_cse else "unknown",
        "citations": [str(cited.citation.pk) for cited in shown.citations],
    }


def _marker(request: HttpRequest, child: Child, marker_id: int) -> MarkerShown:
    found = next((one for one in markers_of(_user(request), child) if one.marker.pk == marker_id), None)
    if found is None:
        raise NotThereError(thing="marker", thing_id=marker_id)
    return found


def _step(shown: MarkerShown, number: int) -> MarkerStep:
    found = next((step for step in shown.steps if step.number == number), None)
    if found is None:
        raise NotThereError(thing="step", thing_id=number)
    return found


def _user(request: HttpRequest) -> Any:
    return request.user
