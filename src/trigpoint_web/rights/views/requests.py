"""Pages of requests: received, whose clock runs until when, and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.accounts.step_up import step_up_required
from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.views.missing import add_faults
from trigpoint_web.rights import actions, presenting, queries
from trigpoint_web.rights.clocks import extendable_until
from trigpoint_web.rights.due import due_of
from trigpoint_web.rights.forms import AnswerForm, ExtensionForm, IdentityForm, RequestForm
from trigpoint_web.rights.models import Request
from trigpoint_web.rights.policy import check_at_work, request_of


@contextmanager
def child_not_found(form: forms.Form) -> Iterator[None]:
    """Say beside the field that there is no such child, unknown and forbidden alike."""
    try:
        yield
    except NotThereError:
        form.add_error("key", _("There is no child with this key."))


@require_safe
def show_requests(request: HttpRequest) -> HttpResponse:
    """All requests, the earliest due first."""
    acting = acting_in(request)
    lines = presenting.request_lines(queries.requests_of(acting))
    queries.looked(acting, "rights_requests", [one.request.child_id for one in lines])
    return render(request, "rights/requests.html", {"lines": lines, "tabs": presenting.tabs("rights:requests")})


@require_http_methods(["GET", "POST"])
def new_request(request: HttpRequest) -> HttpResponse:
    """Write down that a request came."""
    acting = acting_in(request)
    check_at_work(acting)
    form = RequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given, made = dict(form.cleaned_data), None
        with child_not_found(form):
            try:
                made = actions.receive_request(acting, given.pop("key"), **given)
            except FaultyFormError as fault:
                add_faults(form, fault, {})
        if made:
            messages.success(request, _("The request is written down."))
            return redirect("rights:request", made.pk)
    return render(request, "rights/form.html", {
        "form": form, "heading": _("A request came"), "submit": _("Write it down"), "back": "rights:requests"
    })  # fmt: skip


@require_safe
def show_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: who asks for what until when, what was done with it."""
    acting = acting_in(request)
    check_at_work(acting)
    found = request_of(acting.user, request_id)
    queries.looked(acting, "rights_request", [found.child_id])
    erasure = queries.erasure_of_request(acting, found)
    shown = {
        "found": found, "line": presenting.request_line(found), "extendable": extendable_until(found),
        "due": due_of(found.child_id), "disclosures": queries.disclosures_of(found),
        "answer": getattr(found, "answer", None), "access": found.kind == Request.Kind.ACCESS,
        "erasure": erasure, "erasure_state": presenting.state_of(erasure) if erasure else "",
    }  # fmt: skip
    return render(request, "rights/request.html", shown)


@require_http_methods(["GET", "POST"])
def confirm_identity(request: HttpRequest, request_id: int) -> HttpResponse:
    """Write down since when it is known who asks."""
    found = _open(request, request_id)
    form = IdentityForm(request.POST if request.method == "POST" else None)

    def act(given: dict[str, Any]) -> None:
        actions.confirm_identity(acting_in(request), found, on=given["identity_on"])

    return _carried_out(request, found, form, act, heading=_("It is known who asks"))


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take two months more."""
    found = _open(request, request_id)
    form = ExtensionForm(request.POST if request.method == "POST" else None)

    def act(given: dict[str, Any]) -> None:
        actions.extend(acting_in(request), found, reason=given["reason"])

    return _carried_out(request, found, form, act, heading=_("Take two months more"))


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer a request: asks again who it is before it takes the answer."""
    found = _open(request, request_id)
    if request.method == "POST":
        return _answer(request, found.pk)
    return _carried_out(request, found, AnswerForm(request=found), lambda _given: None, heading=_("Answer the request"))


@step_up_required
def _answer(request: HttpRequest, request_id: int) -> HttpResponse:
    found = _open(request, request_id)
    form = AnswerForm(request.POST, request=found)

    def act(given: dict[str, Any]) -> None:
        actions.answer_request(acting_in(request), found, **given)

    return _carried_out(request, found, form, act, heading=_("Answer the request"))


def _open(request: HttpRequest, request_id: int) -> Request:
    """A request that nobody answered yet. Raises NotThereError."""
    acting = acting_in(request)
    check_at_work(acting)
    found = request_of(acting.user, request_id)
    if hasattr(found, "answer"):
        raise NotThereError(thing="rights_request", thing_id=request_id)
    return found


def _carried_out(
    request: HttpRequest, found: Request, form: forms.Form, act: Callable[[dict[str, Any]], None], *, heading: str
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data)
        except FaultyFormError as fault:
            add_faults(form, fault, {"keys": ""})
        except ChangedMeanwhileError as changed:
            messages.info(request, changed.what)
            return redirect("rights:request", found.pk)
        else:
            messages.success(request, _("It is written down."))
            return redirect("rights:request", found.pk)
    lead = _("%(kind)s, %(key)s") % {"kind": found.get_kind_display(), "key": found.child_key}
    return render(request, "rights/form.html", {
        "form": form, "heading": heading, "lead": lead, "submit": _("Write it down"), "of_request": found.pk
    })  # fmt: skip
