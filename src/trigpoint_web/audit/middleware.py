"""Every page runs as its person, in one transaction that holds what was read and the audit rows of reading it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from trigpoint_web.audit.acting import AuditClosedError, PurposeNeededError, acting_in
from trigpoint_web.audit.actions import drop_waiting, record, writing_at_the_end
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.refusals import RefusedError

View = Callable[..., HttpResponse]
PURPOSE_PAGE = "/purpose/"


class PersonMiddleware:
    """Stands last in MIDDLEWARE. A view marked `open_without_audit` (health, static files) is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the work is done around the view itself."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Run the view as the request's person. No audit, no page."""
        if getattr(view, "open_without_audit", False):
            return None
        try:
            if not getattr(settings, "AUDIT_ON", True):
                raise AuditClosedError("The audit is switched off.")
            with writing_at_the_end(), working_as(request.user, savepoint=False):
                return _answer(request, lambda: view(request, *args, **kwargs))
        except AuditClosedError as closed:
            return render(request, "audit/closed.html", {"closed": closed}, status=503)


def open_without_audit(view: View) -> View:
    """Mark a view that shows nothing of anybody, such as the health check."""
    view.open_without_audit = True  # type: ignore[attr-defined]  # a mark on the function, as Django's own are
    return view


def _answer(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """What the view answers, rendered; what it did is undone where it was refused."""
    try:
        with transaction.atomic():
            response = view()
            if callable(render_it := getattr(response, "render", None)):
                response = render_it()  # templates read too: they do so inside the transaction
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response
    except PurposeNeededError:
        drop_waiting()
        return HttpResponseRedirect(f"{PURPOSE_PAGE}?{urlencode({'next': request.get_full_path()})}")
    except RefusedError as refused:
        drop_waiting()
        record(
            acting_in(request),
            Act.REFUSE,
            thing=refused.thing,
            thing_id=refused.thing_id,
            detail={"rule": refused.rule},
        )
        return render(request, f"audit/{refused.page}.html", {"refused": refused}, status=refused.status)
