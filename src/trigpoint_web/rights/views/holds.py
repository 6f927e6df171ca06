"""Pages of holds: what keeps a record from being deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.views.missing import add_faults
from trigpoint_web.rights import presenting, queries
from trigpoint_web.rights.actions import end_hold, put_on_hold
from trigpoint_web.rights.forms import EndHoldForm, HoldForm
from trigpoint_web.rights.policy import check_at_work
from trigpoint_web.rights.views.requests import child_not_found


@require_safe
def show_holds(request: HttpRequest) -> HttpResponse:
    """The holds, those that last first."""
    acting = acting_in(request)
    holds = list(queries.holds_of(acting))
    queries.looked(acting, "holds", [one.child_id for one in holds])
    return render(request, "rights/holds.html", {"holds": holds, "tabs": presenting.tabs("rights:holds")})


@require_http_methods(["GET", "POST"])
def new_hold(request: HttpRequest) -> HttpResponse:
    """Put a hold on a record."""
    acting = acting_in(request)
    check_at_work(acting)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        with child_not_found(form):
            try:
                put_on_hold(acting, given.pop("key"), **given)
            except FaultyFormError as fault:
                add_faults(form, fault, {})
        if form.is_valid():
            messages.success(request, _("The record stays until the hold is ended."))
            return redirect("rights:holds")
    return render(request, "rights/form.html", {
        "form": form, "heading": _("Put a hold on a record"), "submit": _("Put the hold on"), "back": "rights:holds"
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, hold_id: int) -> HttpResponse:
    """End a hold, with the reason."""
    acting = acting_in(request)
    hold = queries.hold_of(acting, hold_id)
    form = EndHoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            end_hold(acting, hold, reason=form.cleaned_data["reason"])
        except FaultyFormError as fault:
            add_faults(form, fault, {})
        except ChangedMeanwhileError:
            messages.info(request, _("Somebody else ended it already."))
            return redirect("rights:holds")
        else:
            messages.success(request, _("The hold is ended."))
            return redirect("rights:holds")
    lead = _("%(key)s: %(ground)s") % {"key": hold.child_key, "ground": hold.get_ground_display()}
    return render(request, "rights/form.html", {
        "form": form, "heading": _("End a hold"), "lead": lead, "submit": _("End the hold"), "back": "rights:holds"
    })  # fmt: skip
