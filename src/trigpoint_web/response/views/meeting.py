"""Meetings: the list, calling one, the agenda from what is due, minutes, decisions, closing, printing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trigpoint_web.accounts.models import Agency
from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.reading import reading, reads_child
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.clocks import add_working_days, today
from trigpoint_web.casework.forms.sending import begin, carry_out
from trigpoint_web.casework.forms.suggesting import say_wording
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_do, check_role, check_sees, check_sees_whole
from trigpoint_web.casework.presenters.wording import moment
from trigpoint_web.casework.views.framing import render_child
from trigpoint_web.response.actions import meetings
from trigpoint_web.response.forms.meeting import CallForm, DiscussionForm, HoldForm, MinuteForm
from trigpoint_web.response.models import AgendaItem, Meeting, Minute
from trigpoint_web.response.policy import can_lead, check_leads, check_takes_part
from trigpoint_web.response.presenters import lines
from trigpoint_web.response.queries.meetings import agenda_of, due_for, meeting_of, meetings_of
from trigpoint_web.response.queries.people import agencies_for, agencies_of, areas_for

NEWEST = 60
ALWAYS = frozenset({"childrens_services", "police", "health"})  # who belongs in a strategy discussion (domain 10.1)


@require_safe
def list_meetings(request: HttpRequest) -> HttpResponse:
    """Meetings that the person's agency is invited to: those that are to come, then those that were."""
    check_role(_user(request), "write")
    found = list(meetings_of(_user(request))[:NEWEST])
    shown = {
        "coming": sorted((one for one in found if one.closed_at is None), key=lambda one: one.planned_for),
        "closed": [one for one in found if one.closed_at is not None],
        "may_call": can_do(_user(request), "hold_meeting"),
    }
    return render(request, "response/meetings.html", shown)


@require_http_methods(["GET", "POST"])
def call_meeting(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    user = _user(request)
    check_role(user, "hold_meeting")
    form = begin(CallForm, request, seen=0, draft="meeting:new", areas=areas_for(user), agencies=agencies_for(user))
    if request.method == "POST":
        made = carry_out(
            form, lambda _given: meetings.call_meeting(acting_in(request), **form.filled()), request=request,
            draft="meeting:new",
        )  # fmt: skip
        if made:
            return redirect("response:meeting", made.pk)
    page = {"form": form, "heading": _("Call a meeting"), "draft": ("meeting", "new"), "back": "response:meeting-list"}
    return render(request, "response/form.html", page)


@require_safe
def show_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A meeting: agenda with minutes, decisions and actions; who is due and not on it; who was there."""
    user = _user(request)
    meeting = meeting_of(user, meeting_id)
    check_takes_part(user, meeting)
    items = list(agenda_of(user, meeting))
    due = due_for(user, meeting) if meeting.closed_at is None and "print" not in request.GET else []
    _read(request, meeting, [one.child_id for one in items] + [one.child.pk for one in due])
    shown = {
        "meeting": meeting,
        "items": lines.item_lines(items),
        "due": [
            {"key": one.child.key, "name": lines.name_of(one.child.face), "reasons": lines.reasons_said(one.reasons),
             "codes": one.reasons}
            for one in due
        ],
        "present": _present(meeting),
        "open": meeting.closed_at is None,
        "leads": can_lead(user, meeting),
        "takes_part": True,
    }  # fmt: skip
    template = "response/meeting_print.html" if "print" in request.GET else "response/meeting.html"
    return render(request, template, shown)


@require_POST
def add_due(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Put the children who were ticked on the agenda, each with the reasons for which they are due."""
    user = _user(request)
    meeting = meeting_of(user, meeting_id)
    check_takes_part(user, meeting)
    asked = set(request.POST.getlist("child"))
    for one in due_for(user, meeting):
        if one.child.key in asked:
            meetings.add_to_agenda(acting_in(request), meeting, child=one.child, reasons=one.reasons)
    return redirect("response:meeting", meeting.pk)


@require_http_methods(["GET", "POST"])
def hold_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write down that the meeting was held, and who was there."""
    user = _user(request)
    meeting = meeting_of(user, meeting_id)
    check_leads(user, meeting)
    form = begin(HoldForm, request, seen=0, agencies=meeting.invited.all())
    if request.method == "POST":
        held = carry_out(
            form,
            lambda _given: meetings.hold_meeting(acting_in(request), meeting, present=form.present()) or True,  # type: ignore[func-returns-value]  # nothing comes back
            request=request,
        )  # fmt: skip
        if held or form.changes:  # somebody else wrote it down meanwhile: the page shows what they wrote
            return redirect("response:meeting", meeting.pk)
    page = {"form": form, "heading": _("Who was there?"), "lead": meeting.title, "meeting": meeting}
    return render(request, "response/form.html", page)


@require_POST
def close_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Close the meeting: minutes and decisions are complete."""
    meeting = meeting_of(_user(request), meeting_id)
    if meeting.closed_at is None:
        meetings.close_meeting(acting_in(request), meeting)
    return redirect("response:meeting", meeting.pk)


@require_http_methods(["GET", "POST"])
def write_minute(request: HttpRequest, meeting_id: int, item_id: int, minute_id: int | None = None) -> HttpResponse:
    """Write down what was said of a child, or correct a minute."""
    user = _user(request)
    meeting = meeting_of(user, meeting_id)
    item = _item(request, meeting, item_id)
    check_sees(user, item.child.key)
    reading(acting_in(request), item.child, page="minute")
    corrects = _minute(item, minute_id)
    draft = f"minute:{item.pk}"
    form = begin(MinuteForm, request, seen=0, draft=draft)
    if request.method == "POST":
        done = carry_out(
            form,
            lambda given: meetings.write_minute(
                acting_in(request), item, text=given["text"], request_key=given["request_key"], corrects=corrects
            ),
            request=request,
            draft=draft,
        )  # fmt: skip
        if done:
            say_wording(request, form.narrative())
            return redirect("response:meeting", meeting.pk)
    page = {
        "form": form, "meeting": meeting, "draft": ("minute", item.pk), "quoted": corrects.text if corrects else "",
        "heading": _("Correct a minute") if corrects else _("Write a minute"), "lead": lines.name_of(item.child.face),
    }  # fmt: skip
    return render(request, "response/form.html", page)


@require_http_methods(["GET", "POST"])
@reads_child("strategy")
def call_discussion(request: HttpRequest, child: Child) -> HttpResponse:
    """Call a strategy discussion about a child: a meeting with the child on its agenda."""
    user = _user(request)
    check_sees_whole(user, child)
    check_role(user, "call_discussion")
    draft = f"strategy:{child.key}"
    agencies = list(agencies_for(user))
    involved = set(child.involvements.values_list("agency_id", flat=True))
    always = {agency.pk for agency in agencies_of(child) if agency.kind in ALWAYS}
    chosen = [str(agency.pk) for agency in agencies if agency.pk in involved | always]
    usual = {"invited": chosen, "planned_on": add_working_days(today(), 1)}
    form = begin(DiscussionForm, request, seen=0, draft=draft, areas=[], agencies=agencies, initial=usual)
    if request.method == "POST":
        made = carry_out(
            form, lambda given: _discuss(request, child, form=form, given=given), request=request, draft=draft
        )
        if made:
            say_wording(request, form.narrative())
            return redirect("response:meeting", made.pk)
    page = {
        "form": form, "draft": ("strategy", child.key), "heading": _("Call a strategy discussion"),
        "lead": _("Children's services, police and health always; then school and whoever else knows the child."),
    }  # fmt: skip
    return render_child(request, child, "response/child_form.html", tab="response:child", **page)


def _discuss(request: HttpRequest, child: Child, *, form: DiscussionForm, given: dict[str, Any]) -> Meeting:
    acting = acting_in(request)
    area = child.area or areas_for(acting.user).first()
    if area is None:
        raise NotThereError(thing="area")
    made = meetings.call_meeting(
        acting, kind=Meeting.Kind.STRATEGY, area=area, planned_for=form.planned_for(), place=given["place"],
        title=_("Strategy discussion, %(when)s") % {"when": moment(form.planned_for())},
        invited=[form.agencies[one] for one in given["invited"]], request_key=given["request_key"],
    )  # fmt: skip
    meetings.add_to_agenda(acting, made, child=child, reasons=[], asked=given["asked"])
    return made


def _read(request: HttpRequest, meeting: Meeting, children: list[int]) -> None:
    """Record that these children were shown, by reading or by printing; each of them has the row in its log."""
    acting = acting_in(request)
    act = Act.PRINT if "print" in request.GET else Act.READ
    for child in children:
        record(acting, act, thing="meeting", thing_id=meeting.pk, child_id=child)


def _present(meeting: Meeting) -> list[tuple[Agency, str]]:
    by_agency: dict[Agency, list[str]] = {}
    for one in meeting.attendances.all():
        by_agency.setdefault(one.agency, []).append(one.name)
    return [(agency, ", ".join(names)) for agency, names in by_agency.items()]


def _item(request: HttpRequest, meeting: Meeting, item_id: int) -> AgendaItem:
    found = agenda_of(_user(request), meeting).filter(pk=item_id).first()
    if found is None:
        raise NotThereError(thing="item", thing_id=item_id)
    return found


def _minute(item: AgendaItem, minute_id: int | None) -> Minute | None:
    if minute_id is None:
        return None
    found = item.minutes.filter(pk=minute_id).first()
    if found is None:
        raise NotThereError(thing="minute", thing_id=minute_id)
    return found


def _user(request: HttpRequest) -> Any:
    return request.user
