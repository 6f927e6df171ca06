"""Search, and making a child by hand. What is looked for is posted: names and numbers stand in no address."""

from __future__ import annotations

import time
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trigpoint_web.audit.acting import PurposeNeededError, acting_in
from trigpoint_web.casework.actions.children import NewChild, made_already, make_child
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.forms.search import NewChildForm, SearchForm
from trigpoint_web.casework.policy import can_do, check_role
from trigpoint_web.casework.presenters.search import ask_lines, hit_lines, surely_there
from trigpoint_web.casework.queries.search import Found, Terms, search_children
from trigpoint_web.casework.views.missing import add_faults

# What was looked for and is known of a child who is then made.
CARRIED = ("name", "birth_on-day", "birth_on-month", "birth_on-year")
SEARCHED, HOLDS = "searched_at", 60 * 60  # seconds for which a search allows making a child


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Look for a child; afterwards, and only then, a child who is not there can be made."""
    acting = acting_in(request)
    check_role(acting.user, "search")
    if acting.purpose is None:  # asked before anything is typed: what was typed would be lost on the way
        raise PurposeNeededError(_("Say what you need these children's records for."))
    form = SearchForm(request.POST) if request.method == "POST" else SearchForm()
    shown: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = search_children(acting, form.terms())
        request.session[SEARCHED] = int(time.time())
        shown |= _shown(request, found) | {"may_make": can_do(acting.user, "write"), "searched": True}
        shown["carried"] = [(name, request.POST[name]) for name in CARRIED if name in request.POST]
    return render(request, "casework/search.html", shown)


def _shown(request: HttpRequest, found: Found) -> dict[str, object]:
    user = acting_in(request).user
    return {"hits": hit_lines(user, found.hits), "ask": ask_lines(user, found.elsewhere), "more": found.more}


@require_http_methods(["GET", "POST"])
def new_child(request: HttpRequest) -> HttpResponse:
    """Make a child whom no extract holds yet. Without a search in the last hour, one searches first."""
    acting = acting_in(request)
    check_role(acting.user, "write")
    if time.time() - request.session.get(SEARCHED, 0) > HOLDS:
        messages.info(request, _("Search first: the child may be known already."))
        return redirect("casework:search")
    if request.method != "POST" or "begin" in request.POST:
        return render(request, "casework/new_child.html", {"form": NewChildForm(initial=_begun(request))})
    form = NewChildForm(request.POST)
    if form.is_valid():
        if done := made_already(acting, form.cleaned_data["request_key"]):
            return redirect("casework:child", done.key)
        found = search_children(acting, _terms(form))
        if alike := surely_there(found) or found.elsewhere:
            form = NewChildForm(request.POST, alike=True)
        if not alike or form.is_valid():
            return _made(request, form)
        return render(request, "casework/new_child.html", {"form": form, "alike": True} | _shown(request, found))
    return render(request, "casework/new_child.html", {"form": form})


def _begun(request: HttpRequest) -> dict[str, object]:
    """What was looked for, as the beginning of the form: the last word of the name as the last name."""
    given, _blank, family = request.POST.get("name", "").strip().rpartition(" ")
    parts = [request.POST.get(f"birth_on-{part}", "") for part in ("day", "month", "year")]
    return {
        "given_names": given or family,
        "surname": family if given else "",
        "birth_on": parts,
        "request_key": uuid4(),
    }


def _terms(form: NewChildForm) -> Terms:
    said = form.cleaned_data
    name = f"{said['given_names']} {said['surname']}"
    return Terms(name, said["birth_on"], said["nhs_number"] or said["upn"])


def _made(request: HttpRequest, form: NewChildForm) -> HttpResponse:
    said = {name: form.cleaned_data[name] for name in NewChild.__dataclass_fields__ if name in form.cleaned_data}
    area = form.cleaned_data["area"]
    try:
        child = make_child(
            acting_in(request), NewChild(**said, area_id=int(area) if area else None),
            request_key=form.cleaned_data["request_key"],
        )  # fmt: skip
    except FaultyFormError as fault:
        add_faults(form, fault, {})
        return render(request, "casework/new_child.html", {"form": form})
    messages.success(request, _("The child's record is made. It goes to the next run with what is written here."))
    return redirect("casework:child", child.key)
