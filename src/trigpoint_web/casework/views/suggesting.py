"""Words that may blame a child, as somebody types."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from trigpoint_web.casework.forms.suggesting import suggested
from trigpoint_web.casework.language import LONGEST


@require_POST
def suggest_wording(request: HttpRequest) -> JsonResponse:
    """Suggestions for a text. The text is not kept, and no row of the audit holds it."""
    if request.content_type == "multipart/form-data":  # read as a form already
        return JsonResponse({"error": "Not a text"}, status=HTTPStatus.BAD_REQUEST)
    if len(request.body) > 4 * LONGEST:
        return JsonResponse({"error": "Too long to read"}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        text = json.loads(request.body)["text"]
    except (ValueError, KeyError, TypeError):
        text = None
    if not isinstance(text, str):
        return JsonResponse({"error": "Not a text"}, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse({"suggestions": suggested(text)})
