"""Where a system fetches a token with its credentials, and gives one back. django-allauth does the work."""

from __future__ import annotations

from collections.abc import Callable

from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc import views
from allauth.idp.oidc.models import Client
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from ninja.throttling import AnonRateThrottle

from trigpoint_web.api.policy import can_be_system
from trigpoint_web.audit.acting import Acting, AuditClosedError
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.person import working_as

TOKENS_A_MINUTE = "30/min"  # from one address


def for_systems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that shows its own token: it needs no session, and runs as the system, not as a person."""
    view.for_systems = view.open_without_audit = view.csrf_exempt = True  # type: ignore[attr-defined]  # marks
    return view


@for_systems
@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A token for the client whose id and secret came along (OAuth 2, client credentials); recorded either way."""
    if not AnonRateThrottle(TOKENS_A_MINUTE).allow_request(request):
        return JsonResponse({"error": "slow_down"}, status=429, headers={"Retry-After": "60"})
    if any("\x00" in (one or "") for one in (*request.POST.values(), *extract_basic_auth(request.headers))):
        return JsonResponse({"error": "invalid_request"}, status=400)
    try:
        with transaction.atomic():
            answer: HttpResponse = views.token(request)
            _record(request, granted=answer.status_code == 200)
            return answer
    except AuditClosedError:
        return JsonResponse({"error": "temporarily_unavailable"}, status=503)


@for_systems
@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Give a token back: it is worth nothing from then on."""
    answer: HttpResponse = views.revoke(request)
    return answer


def _record(request: HttpRequest, *, granted: bool) -> None:
    given = extract_basic_auth(request.headers)[0] or request.POST.get("client_id", "")
    client = Client.objects.filter(pk=given[:100]).select_related("owner").first()
    owner = client.owner if client and can_be_system(client.owner) else None
    act = Act.SIGN_IN if granted else Act.REFUSE
    with working_as(owner) if owner else transaction.atomic():
        record(Acting(owner) if owner else None, act, thing="client", detail={"rule": "credentials"})
