"""Emergency access: take it at once, and review what somebody took."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.accounts.models import Role
from trigpoint_web.accounts.step_up import step_up_required
from trigpoint_web.audit.acting import PurposeNeededError, acting_in
from trigpoint_web.audit.overseeing.presenting import tabs
from trigpoint_web.casework.actions.access import (
    emergencies_to_review,
    review_emergency_access,
    take_emergency_access,
)
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.forms.access import EmergencyForm, EmergencyReviewForm
from trigpoint_web.casework.models import EmergencyAccess
from trigpoint_web.casework.policy import check_role, check_takes_emergency_access, children_visible_to
from trigpoint_web.casework.queries import access
from trigpoint_web.casework.views.missing import add_faults


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a child's record because the child is in danger now. Asks again who it is, then opens at once."""
    acting = acting_in(request)
    check_takes_emergency_access(acting.user)
    if children_visible_to(acting.user).filter(key=key).exists():  # seen already, or sent twice
        return redirect("casework:child", key)
    return _take(request, key)


@step_up_required
def _take(request: HttpRequest, key: str) -> HttpResponse:
    """The page is the same for every key, so that it tells nobody whether there is such a child."""
    acting = acting_in(request)
    if acting.purpose is None:
        raise PurposeNeededError(_("Say what you need this child's record for."))
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            take_emergency_access(acting, key, reason=form.cleaned_data["reason"])
        except FaultyFormError as fault:
            add_faults(form, fault, {})
        else:
            return redirect("casework:child", key)
    return render(request, "casework/emergency.html", {"form": form})


@require_safe
def list_waiting(request: HttpRequest) -> HttpResponse:
    """Emergency accesses that nobody has reviewed yet, oldest first."""
    user = acting_in(request).user
    check_role(user, "review_emergency")
    waiting = emergencies_to_review(user)
    keys = access.keys_overseen(waiting)
    shown: dict[str, Any] = {"waiting": [(one, keys.get(one.child_id, "")) for one in waiting]}
    if user.role == Role.GOVERNANCE_OFFICER:
        shown["tabs"] = tabs("casework:emergencies", len(waiting))
    return render(request, "casework/emergencies.html", shown)


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, access_id: int) -> HttpResponse:
    """One emergency access: who, when, why; and whether it was justified."""
    acting = acting_in(request)
    taken = access.emergency_to_review(acting.user, access_id)
    form = EmergencyReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (answer := _review(request, taken, form)):
        return answer
    shown = {
        "taken": taken,
        "form": form,
        "key": access.keys_overseen([taken]).get(taken.child_id, ""),
        "own": taken.user_id == acting.user.pk,
        "officer": acting.user.role == Role.GOVERNANCE_OFFICER,
    }
    return render(request, "casework/emergency_review.html", shown)


def _review(request: HttpRequest, taken: EmergencyAccess, form: EmergencyReviewForm) -> HttpResponse | None:
    said = form.cleaned_data
    try:
        review_emergency_access(acting_in(request), taken, outcome=said["outcome"], note=said["reason"])
    except FaultyFormError as fault:
        add_faults(form, fault, {})
        return None
    except ChangedMeanwhileError:
        messages.info(request, _("Somebody else reviewed this already. This is what they said."))
        return redirect("casework:review-emergency", taken.pk)
    messages.success(request, _("Your review is written down."))
    return redirect("casework:emergencies")
