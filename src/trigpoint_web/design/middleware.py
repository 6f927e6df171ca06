"""The button "Save draft": works on every form that asks for drafts, without a script and without help of its view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from trigpoint_web.design.drafts import SAVE, keep_for_owner


class DraftMiddleware:
    """Keeps what was sent with "Save draft", and shows the page again; the form's own view does not see it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_given: Any) -> HttpResponse | None:
        """Keep the draft where that was asked."""
        if request.method != "POST" or SAVE not in request.POST or not request.user.is_authenticated:
            return None
        if keep_for_owner(request.POST, only=str(request.user.pk)) is None:
            return None
        messages.success(request, _("Draft saved"))
        return redirect(request.get_full_path())
