"""Language, drafts, the page of components, and what is shown when something goes wrong."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST

from trigpoint_web.design.drafts import AT_MOST, Fields, can_be_kept, keep_draft
from trigpoint_web.design.showing import sections


@require_GET
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the language in a cookie. It wins over the browser's and over the account's."""
    if code not in dict(settings.LANGUAGES) or not check_for_language(code):
        raise Http404
    onward = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        onward = "/"
    response = redirect(onward)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=60 * 60 * 24 * 365, samesite="Lax", secure=request.is_secure()
    )
    return response


@require_POST
@login_required
def save_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is being typed. Answers 204, or 400 and 413 with a sentence."""
    if request.content_type == "multipart/form-data":  # read as a form already
        return JsonResponse({"error": "Not a draft"}, status=HTTPStatus.BAD_REQUEST)
    if len(request.body) > 4 * AT_MOST or len(key) > 120:
        return JsonResponse({"error": "Too long to keep as a draft"}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    fields = _read_fields(request.body)
    if fields is None:
        return JsonResponse({"error": "Not a draft"}, status=HTTPStatus.BAD_REQUEST)
    keep_draft(str(request.user.pk), key, fields)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _read_fields(body: bytes) -> Fields | None:
    try:
        fields = json.loads(body)["fields"]
        typed = {str(name): [str(value) for value in values] for name, values in fields.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return typed if can_be_kept(typed) else None


@require_GET
def show_components(request: HttpRequest) -> HttpResponse:
    """Every component on one page. In the demo and in tests alone."""
    if not (settings.DEMO or getattr(settings, "SHOW_COMPONENTS", False)):
        raise Http404
    return render(request, "design/components.html", {"sections": sections()})
