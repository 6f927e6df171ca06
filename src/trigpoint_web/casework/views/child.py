"""A child's summary, markers, chronology, and who has looked."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.queries import NEWEST, access_log
from trigpoint_web.audit.reading import reads_child
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.forms.chronology import ChronologyForm
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_do, can_see_whole, check_sees_whole
from trigpoint_web.casework.presenters import chronology, evidence, summary
from trigpoint_web.casework.presenters.access_log import log_lines
from trigpoint_web.casework.presenters.paging import page_of
from trigpoint_web.casework.queries import child_page
from trigpoint_web.casework.views.framing import render_child

LOG_PAGE, LINES = 50, 60


@require_safe
@reads_child("child")
def show_summary(request: HttpRequest, child: Child) -> HttpResponse:
    """Whom to call, whether the child is missing, which markers stand, what waits and what is due."""
    user = acting_in(request).user
    top = child_page.headline(user, child)
    shown = {
        "contacts": summary.contacts(top.involvements),
        "markers": summary.marker_lines(top.markers),
        "about": summary.about(top),
    }
    if can_see_whole(user, child):
        episodes = list(child_page.missing_of(user, child)[:20])
        waiting = [one for one in child_page.proposals_of(user, child) if child_page.waits(one)]
        shown |= {
            "waiting": evidence.waiting_by_form(evidence.proposal_lines(waiting, may_decide=False)),
            "may_decide": can_do(user, "set_marker"),
            "away": [(one, summary.missing_line(one)) for one in episodes if one.found_at is None],
            "dues": summary.dues(top, episodes, told=Agreement.of(user.agency).tells_interviews),
            "times_missing": len(episodes),
            "whole": True,
        }
    return render_child(request, child, "casework/summary.html", tab="casework:child", top=top, **shown)


@require_safe
@reads_child("markers")
def show_markers(request: HttpRequest, child: Child) -> HttpResponse:
    """What is proposed, the markers with every step, and what each stands on."""
    user = acting_in(request).user
    proposals = child_page.proposals_of(user, child)
    citations = {one.citation.pk: one for one in child_page.citations_of(user, child)}
    shown = {
        "proposals": evidence.proposal_lines(proposals, may_decide=can_do(user, "set_marker")),
        "markers": evidence.marker_lines(child_page.markers_of(user, child), citations=citations),
    }
    return render_child(request, child, "casework/markers.html", tab="casework:child-markers", **shown)


@require_safe
@reads_child("chronology")
def show_chronology(request: HttpRequest, child: Child) -> HttpResponse:
    """What happened, over all agencies, with filters; with a day, as it was known then."""
    user = acting_in(request).user
    form = ChronologyForm(request.GET)
    cited = child_page.citation_of(user, child, request.GET.get("finding", ""))
    asked = form.asked()
    if cited:
        asked = replace(asked, events=frozenset(cited.citation.event_ids))
    read = child_page.events_of(user, child, as_at=asked.as_at)
    steps, episodes, posted = child_page.written_here(user, child)
    told = {one.event.event_id for one in read.events}
    reported = [one for one in episodes if one.event_id not in told]  # else it is in what the core tells
    lines = [*chronology.from_extracts(read.events), *chronology.from_here(steps, reported, posted)]
    form.offer(**chronology.offered(lines))
    kept = chronology.narrowed(lines, asked)
    shown = {
        "form": form,
        "asked": asked,
        "cited": cited,
        "page": page_of(kept, request.GET, size=LINES),
        "number": len(kept),
    }
    return render_child(
        request,
        child,
        "casework/chronology.html",
        tab="casework:child-chronology",
        closed=read.closed,
        older=read.older,
        **shown,
    )


@require_safe
@reads_child("access_log")
def show_access_log(request: HttpRequest, child: Child) -> HttpResponse:
    """Who read, searched, changed or printed this child's record, and for what purpose."""
    check_sees_whole(acting_in(request).user, child)
    before = request.GET.get("before", "")
    rows = access_log(child.pk, before=int(before) if before.isdecimal() and len(before) < 19 else NEWEST,
                      most=LOG_PAGE + 1)  # fmt: skip
    more = rows[LOG_PAGE - 1].seq if len(rows) > LOG_PAGE else None
    return render_child(
        request, child, "casework/access_log.html", tab="casework:child-access-log", more=more,
        rows=log_lines(rows[:LOG_PAGE]),
    )  # fmt: skip
