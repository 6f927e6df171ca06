"""Pages of the governance officer: who read what, unusual reading, and the chain of the audit."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.audit.acting import Acting, PurposeNeededError, acting_in
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.chain import verify_chain
from trigpoint_web.audit.models import Act, AuditRow
from trigpoint_web.audit.overseeing.forms import AuditForm, DaysForm, ReviewForm
from trigpoint_web.audit.overseeing.presenting import audit_lines, tabs
from trigpoint_web.audit.overseeing.reviewing import review_unusual
from trigpoint_web.audit.overseeing.seen import Asked, chain_head, keys_of, one_pointed_out, pointed_out, rows_asked
from trigpoint_web.audit.policy import check_oversees
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.actions.access import emergencies_to_review
from trigpoint_web.casework.presenters.paging import Page, page_of

ROWS_A_PAGE: Final = 50
MOST_CHECKED: Final = 200_000  # rows that a page checks while somebody waits; more are checked by the command


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Who read what: the newest rows, or those that were looked for."""
    acting = _officer(request)
    form = AuditForm(request.GET)
    asked = form.asked()
    rows = rows_asked(acting, asked or Asked())
    found: Any = rows if asked else rows.none()  # no more is read of it than a page and one beyond
    page: Page[AuditRow] = page_of(found, request.GET, size=ROWS_A_PAGE)
    shown = {
        "form": form,
        "narrowed": asked is None or asked.anything,
        "page": page,
        "lines": audit_lines(page.items, keys_of(row.child_id for row in page.items)),
        "tabs": tabs("audit:overview", len(emergencies_to_review(acting.user))),
    }
    return render(request, "audit/overview.html", shown)


@require_safe
def unusual(request: HttpRequest) -> HttpResponse:
    """What stated rules point out; each can be asked about, and what was found is written down."""
    acting = _officer(request)
    form = DaysForm(request.GET)
    since, until = form.days()
    found = pointed_out(acting, since=since, until=until)
    shown = {"form": form, "found": found, "since": since, "until": until, "tabs": tabs("audit:unusual")}
    return render(request, "audit/unusual.html", shown)


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, rule: str, person_id: UUID, day: str) -> HttpResponse:
    """One thing that a rule pointed out: which records, and what the officer found."""
    acting = _officer(request)
    one = one_pointed_out(acting, rule=rule, person_id=person_id, day=_day(day))
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        review_unusual(acting, rule=rule, person=one.person, day=one.seen.day, **form.cleaned_data)
        messages.success(request, _("What you found is written down."))
        return redirect("audit:unusual")
    mine = any(said.by_id == acting.user.pk for said in one.reviews)
    shown = {"one": one, "form": form, "mine": mine, "own": one.person.pk == acting.user.pk}
    return render(request, "audit/review.html", shown | {"keys": sorted(keys_of(one.seen.children).values())})


@require_http_methods(["GET", "POST"])
def chain(request: HttpRequest) -> HttpResponse:
    """The state of the chain: how many rows, the last hash, and on asking whether every row is as it was written."""
    acting = _officer(request)
    head, last = chain_head(acting)
    shown = {"head": head, "hash": bytes(head.hash).hex(), "last": last, "tabs": tabs("audit:chain")}
    shown["here"] = head.seq <= MOST_CHECKED
    if request.method == "POST" and shown["here"]:
        checked = verify_chain()
        record(acting, Act.READ, thing="chain", detail={"rows": checked.rows, "holds": checked.broken is None})
        shown["checked"] = checked
    return render(request, "audit/chain.html", shown)


def _officer(request: HttpRequest) -> Acting:
    """The governance officer, with a purpose."""
    acting = acting_in(request)
    check_oversees(acting.user)
    if acting.purpose is None:
        raise PurposeNeededError(_("Say what you look into the audit for."))
    return acting


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise NotThereError(thing="unusual") from None
