"""Pages of what is due, what waits for a second officer, and the proofs of what was erased."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trigpoint_web.accounts.step_up import step_up_required
from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.presenters.paging import page_of
from trigpoint_web.casework.views.missing import add_faults
from trigpoint_web.rights import presenting, queries
from trigpoint_web.rights.due import due_records
from trigpoint_web.rights.erasing import deciding
from trigpoint_web.rights.forms import ChosenForm
from trigpoint_web.rights.policy import check_at_work

A_PAGE: Final = 50


@require_http_methods(["GET", "POST"])
def show_due(request: HttpRequest) -> HttpResponse:
    """Records whose time is over; those that are chosen go to a second officer."""
    check_at_work(acting_in(request))
    return _decide_due(request) if request.method == "POST" else _due_page(request, None)


@step_up_required
def _decide_due(request: HttpRequest) -> HttpResponse:
    due = [one for one in due_records(before=timezone.localdate()) if one.may_go]
    form = ChosenForm(request.POST, choices=[(one.child_key, "") for one in due])
    if form.is_valid():
        try:
            made = deciding.decide_retention(acting_in(request), form.cleaned_data["keys"])
        except FaultyFormError as fault:
            add_faults(form, fault, {})
        else:
            messages.success(request, ngettext(
                "%(number)s record waits for another officer now.",
                "%(number)s records wait for another officer now.", len(made)) % {"number": len(made)})  # fmt: skip
            return redirect("rights:waiting")
    return _due_page(request, form)


def _due_page(request: HttpRequest, form: ChosenForm | None) -> HttpResponse:
    due = due_records(before=timezone.localdate())
    page: Any = page_of([one for one in due if one.may_go], request.GET, size=A_PAGE)
    held = [one for one in due if one.held]
    queries.looked(acting_in(request), "due", [one.child_number for one in [*page.items, *held]])
    choices = [(one.child_key, presenting.due_line(one)) for one in page.items]
    shown = form or ChosenForm(choices=choices)
    shown.fields["keys"].choices = choices  # type: ignore[attr-defined]
    agreements = queries.agreements_due()
    return render(request, "rights/due.html", {
        "form": shown, "page": page, "held": held, "agreements": agreements,
        "agreements_due": sum(one.rows_due for one in agreements), "tabs": presenting.tabs("rights:due"),
    })  # fmt: skip


@require_POST
def decide_agreements(request: HttpRequest) -> HttpResponse:
    """Decide that the store keeps to the agreements; another officer confirms it."""
    check_at_work(acting_in(request))
    return _decide_agreements(request)


@step_up_required
def _decide_agreements(request: HttpRequest) -> HttpResponse:
    deciding.decide_agreements(acting_in(request))
    messages.success(request, _("It waits for another officer now."))
    return redirect("rights:waiting")


@require_http_methods(["GET", "POST"])
def show_waiting(request: HttpRequest) -> HttpResponse:
    """What one officer decided and another has to confirm."""
    check_at_work(acting_in(request))
    return _confirm(request) if request.method == "POST" else _waiting_page(request, None)


@step_up_required
def _confirm(request: HttpRequest) -> HttpResponse:
    acting = acting_in(request)
    form = ChosenForm(request.POST, choices=[(str(one.pk), "") for one in queries.waiting_of(acting)])
    if form.is_valid():
        back = "back" in request.POST
        act = deciding.send_back if back else deciding.confirm_erasures
        try:
            act(acting, form.cleaned_data["keys"])
        except FaultyFormError as fault:
            add_faults(form, fault, {})
        else:
            done = _("Sent back: it is not carried out.") if back else (
                _("Confirmed. It is carried out by the next “trigpoint web erase”."))  # fmt: skip
            messages.success(request, done)
            return redirect("rights:erasures")
    return _waiting_page(request, form)


def _waiting_page(request: HttpRequest, form: ChosenForm | None) -> HttpResponse:
    acting = acting_in(request)
    waiting = queries.waiting_of(acting)
    queries.looked(acting, "erasures", [one.child_number for one in waiting if one.child_number])
    others = [one for one in waiting if one.decided_by_id != acting.user.pk]
    own = [one for one in waiting if one.decided_by_id == acting.user.pk]
    choices = [(str(one.pk), presenting.erasure_line(one)) for one in others]
    shown = form or ChosenForm(choices=choices)
    shown.fields["keys"].choices = choices  # type: ignore[attr-defined]
    lines = [presenting.erasure_line(one) for one in own]
    return render(request, "rights/waiting.html", {
        "form": shown, "others": others, "own": lines, "tabs": presenting.tabs("rights:waiting")
    })  # fmt: skip


@require_safe
def show_erasures(request: HttpRequest) -> HttpResponse:
    """What was confirmed: carried out, waiting, or stopped."""
    acting = acting_in(request)
    found: Any = queries.erasures_of(acting)  # no more is read of it than a page and one beyond
    page: Any = page_of(found, request.GET, size=A_PAGE)
    queries.looked(acting, "erasures", [one.child_number for one in page.items if one.child_number])
    lines = [(one, presenting.state_of(one)) for one in page.items]
    shown = {"lines": lines, "page": page, "tabs": presenting.tabs("rights:erasures")}
    return render(request, "rights/erasures.html", shown)


@require_safe
def show_erasure(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """The proof of one erasure: when, by whom, on which ground, how much."""
    acting = acting_in(request)
    one = queries.erasures_of(acting).filter(pk=erasure_id).first()
    if one is None:
        raise NotThereError(thing="erasure", thing_id=erasure_id)
    queries.looked(acting, "erasure", [one.child_number] if one.child_number else [])
    shown = {
        "one": one, "state": presenting.state_of(one), "rule": presenting.rule_of(one),
        "counts": presenting.counts_of(one), "hashes": sorted(one.hashes.items()),
    }  # fmt: skip
    return render(request, "rights/erasure.html", shown)
