"""The health check: for a load balancer or a watchman. Says whether the database answers; names nobody."""

from __future__ import annotations

from http import HTTPStatus

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from trigpoint_web.audit.middleware import open_without_audit


@require_safe
@never_cache
def _health(_request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"healthy": False, "database": "does not answer"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"healthy": True, "database": "answers"})


health = open_without_audit(_health)
