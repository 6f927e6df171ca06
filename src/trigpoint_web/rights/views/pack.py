"""Pages of a pack: its entries, what is pointed out in them, what is decided, and the file that leaves."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trigpoint.errors import StoreError
from trigpoint_web.accounts.step_up import step_up_required
from trigpoint_web.audit.acting import Acting, acting_in
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.documents.keeping import path_of
from trigpoint_web.casework.presenters.paging import page_of
from trigpoint_web.casework.views.missing import add_faults
from trigpoint_web.rights import presenting
from trigpoint_web.rights.forms import AsTheyAreForm, ItemForm
from trigpoint_web.rights.models import Request
from trigpoint_web.rights.pack.deciding import Decided, decide_item, disclose_as_they_are, with_decisions
from trigpoint_web.rights.pack.gathering import gather
from trigpoint_web.rights.pack.third_parties import WHYS
from trigpoint_web.rights.pack.writing import make_pack
from trigpoint_web.rights.policy import check_at_work, request_of

A_PAGE: Final = 25


@require_http_methods(["GET", "POST"])
def show_pack(request: HttpRequest, request_id: int) -> HttpResponse:
    """The entries: those to be decided on, or all of them. Some may be disclosed as they are together."""
    acting, found = _asked(request, request_id)
    try:
        decided = _decided(acting, found)
    except StoreError as fault:
        return render(request, "rights/pack.html", {"found": found, "fault": fault})
    everything = request.GET.get("show") == "all"
    page: Any = page_of([one for one in decided if everything or one.waits], request.GET, size=A_PAGE)
    form = AsTheyAreForm(
        request.POST if request.method == "POST" else None,
        choices=[(one.item.key, presenting.item_line(one)) for one in page.items],
    )
    if request.method == "POST" and form.is_valid():
        chosen = [one.item for one in page.items if one.item.key in form.cleaned_data["keys"]]
        number = disclose_as_they_are(acting, found, chosen, reason=form.cleaned_data["reason"])
        messages.success(request, ngettext(
            "%(number)s entry is disclosed as it is.", "%(number)s entries are disclosed as they are.", number)
            % {"number": number})  # fmt: skip
        return redirect(request.get_full_path())
    shown = {
        "found": found, "form": form, "page": page, "everything": everything, "number": len(decided),
        "waiting": sum(one.waits for one in decided), "lines": [_line(found, one) for one in page.items],
    }  # fmt: skip
    return render(request, "rights/pack.html", shown)


@require_http_methods(["GET", "POST"])
def show_item(request: HttpRequest, request_id: int) -> HttpResponse:
    """One entry whole, what is pointed out in it, and what becomes of it."""
    acting, found = _asked(request, request_id)
    one = _one(_decided(acting, found), request.GET.get("key", ""))
    words = [word for flag in one.item.flags for word in flag.words]
    form = ItemForm(
        request.POST if request.method == "POST" else None, request=found, initial={"left_out": "\n".join(words)}
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            decide_item(acting, found, one.item, words=given.pop("left_out").splitlines(), **given)
        except FaultyFormError as fault:
            add_faults(form, fault, {"words": "left_out"})
        else:
            messages.success(request, _("It is decided."))
            return redirect("rights:pack", found.pk)
    shown = {"found": found, "one": one, "form": form, "line": _line(found, one)}
    return render(request, "rights/pack_item.html", shown)


@require_safe
def open_file(request: HttpRequest, request_id: int) -> Any:
    """The file of a document, for the officer to read whole before they decide."""
    acting, found = _asked(request, request_id)
    one = _one(_decided(acting, found), request.GET.get("key", ""))
    if not one.item.stored_as:
        raise NotThereError(thing="pack", thing_id=request_id)
    try:
        file = path_of(UUID(one.item.stored_as)).open("rb")
    except StoreError as fault:
        messages.error(request, fault.what)
        return redirect("rights:pack", found.pk)
    answer = FileResponse(file, as_attachment=True, filename=one.item.fields.get("file_name", "document"))
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def download(request: HttpRequest, request_id: int) -> HttpResponse:
    """The pack as a file. Asks again who it is; that it left is written down."""
    _asked(request, request_id)
    return _download(request, request_id)


@step_up_required
def _download(request: HttpRequest, request_id: int) -> HttpResponse:
    acting, found = _asked(request, request_id)
    try:
        pack = make_pack(acting, found, _decided(acting, found))
    except FaultyFormError as fault:
        messages.error(request, fault.what)
        return redirect("rights:pack", found.pk)
    response = HttpResponse(pack.body, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="request-{found.pk}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _asked(request: HttpRequest, request_id: int) -> tuple[Acting, Request]:
    """A request for a copy, of somebody of whom it is known who they are."""
    acting = acting_in(request)
    check_at_work(acting)
    found = request_of(acting.user, request_id)
    if found.kind != Request.Kind.ACCESS or found.identity_on is None:
        raise NotThereError(thing="pack", thing_id=request_id)
    return acting, found


def _decided(acting: Acting, found: Request) -> list[Decided]:
    record(acting, Act.READ, thing="pack", thing_id=found.pk, child_id=found.child_id)
    return with_decisions(found, gather(found))


def _one(decided: list[Decided], key: str) -> Decided:
    for each in decided:
        if each.item.key == key:
            return each
    raise NotThereError(thing="pack", thing_id="")


def _line(found: Request, one: Decided) -> dict[str, Any]:
    flags = [(str(WHYS[flag.why]), ", ".join(flag.words)) for flag in one.item.flags]
    at = f"{reverse('rights:pack-item', args=[found.pk])}?{urlencode({'key': one.item.key})}"
    file = f"{reverse('rights:pack-file', args=[found.pk])}?{urlencode({'key': one.item.key})}"
    return {
        "one": one,
        "flags": flags,
        "at": at,
        "file": file if one.item.stored_as else "",
        "tag": presenting.verdict_of(one),
    }
