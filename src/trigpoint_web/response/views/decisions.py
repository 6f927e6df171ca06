"""One decision about a child: what it says, what stands in its place, and replacing it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reads_child
from trigpoint_web.casework.forms.sending import begin
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_do
from trigpoint_web.casework.views.framing import render_child
from trigpoint_web.response.actions import meetings
from trigpoint_web.response.forms.responding import DecisionForm
from trigpoint_web.response.presenters import lines
from trigpoint_web.response.queries.plans import decision_of, decisions_of
from trigpoint_web.response.views.child import TAB, written


@require_safe
@reads_child("decision")
def show_decision(request: HttpRequest, child: Child, decision_id: int) -> HttpResponse:
    """What was decided, by whom and why; which decision it replaced, and which replaced it."""
    user = acting_in(request).user
    found = decision_of(user, child, decision_id)
    known = decisions_of(user, child)
    earlier = lines.decision_lines(known.filter(pk=found.replaces_id or 0), actions=())
    shown = {
        "line": lines.decision_lines([found], actions=())[0],
        "later": lines.decision_lines(known.filter(replaces=found.pk), actions=()),
        "earlier": earlier[0] if earlier else None,
        "may_write": can_do(user, "write") and child.superseded_by_id is None,
    }
    return render_child(request, child, "response/decision.html", tab=TAB, **shown)


@require_http_methods(["GET", "POST"])
@reads_child("decision")
def replace_decision(request: HttpRequest, child: Child, decision_id: int) -> HttpResponse:
    """Write down a decision in place of an earlier one, which stays to be read."""
    found = decision_of(acting_in(request).user, child, decision_id)
    return written(
        request,
        child,
        begin(DecisionForm, request, seen=0, draft=f"replace:{found.pk}", initial={"kind": found.kind}),
        heading=_("Replace a decision"),
        lead=_("The earlier decision stays to be read, and says that this one stands in its place."),
        draft=("replace", found.pk),
        onward=lambda done: redirect("response:decision", child.key, done.pk),
        act=lambda given: meetings.decide(
            acting_in(request), child, kind=given["kind"], text=given["text"], reason=given["reason"],
            request_key=given["request_key"], replaces=found,
        ),
    )  # fmt: skip
