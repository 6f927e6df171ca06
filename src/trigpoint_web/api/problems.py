"""What a system is told when there is no answer: what is wrong, where, and how to mend it. Never what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from trigpoint_web.audit.acting import AuditClosedError
from trigpoint_web.audit.refusals import RefusedError
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError

KNOWN: Final = ("literal", "missing", "string", "date", "timezone", "extra", "uuid", "value")
UNREAD: Final = "The request cannot be read."
DESCRIBED: Final = "Send JSON as /api/v1/openapi.json describes it."
OURS: Final = "Value error, "  # pydantic's words before a sentence of ours
Said = tuple[int, dict[str, Any]]


def say_problems(api: NinjaAPI) -> None:
    """Have every error answered in the shape `Problem`."""
    for kind, says in SAID.items():
        api.add_exception_handler(kind, _handler(api, says))


def _handler(api: NinjaAPI, says: Callable[[Any], Said]) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answered(request: HttpRequest, fault: Any) -> HttpResponse:
        status, said = says(fault)
        response = api.create_response(request, {"mend": "", "faults": []} | said, status=status)
        if status == 401:
            response["WWW-Authenticate"] = "Bearer"
        if isinstance(fault, Throttled) and fault.wait:
            response["Retry-After"] = str(fault.wait)
        return response

    return answered


def _not_known(_fault: AuthenticationError) -> Said:
    what = "The token is missing, not known, or has run out."
    return 401, {"what": what, "mend": "Fetch a token from /api/token and send it as: Authorization: Bearer"}


def _not_read(fault: ValidationError) -> Said:
    return 422, {"what": UNREAD, "mend": DESCRIBED, "faults": [_fault(one) for one in fault.errors]}


def _not_taken(fault: FaultyFormError) -> Said:
    faults = [{"where": where, "what": what} for where, what in fault.faults.items()]
    return 422, {"what": "The request cannot be taken.", "faults": faults}


def _refused(fault: RefusedError) -> Said:
    return fault.status, {"what": fault.what, "mend": fault.mend or ""}


def _changed(fault: ChangedMeanwhileError) -> Said:
    return 409, {"what": fault.what, "mend": "Send the request again."}


def _closed(fault: AuditClosedError) -> Said:
    return 503, {"what": fault.what, "mend": fault.mend or ""}


def _unreachable(_fault: Exception) -> Said:
    return 503, {"what": "The database does not answer. Nothing was half done.", "mend": "Send it again in a minute."}


def _too_many(_fault: Throttled) -> Said:
    return 429, {"what": "Too many calls.", "mend": "Wait as long as Retry-After says."}


def _other(fault: HttpError) -> Said:
    return fault.status_code, {"what": UNREAD, "mend": DESCRIBED}


SAID: Final[dict[type[Exception], Callable[[Any], Said]]] = {
    AuthenticationError: _not_known,
    ValidationError: _not_read,
    FaultyFormError: _not_taken,
    RefusedError: _refused,
    ChangedMeanwhileError: _changed,
    AuditClosedError: _closed,
    Throttled: _too_many,
    HttpError: _other,
    OperationalError: _unreachable,
    InterfaceError: _unreachable,
}


def _fault(one: dict[str, Any]) -> dict[str, str]:
    """Where, and which rule was broken; pydantic's own words name no value but the ones that are allowed."""
    first, *rest = (str(part) for part in one["loc"])
    where = ".".join([first, *(rest[1:] if first == "body" else rest)])  # within a body stands our function's argument
    known = one["type"].startswith(KNOWN)
    said = str(one["msg"]).removeprefix(OURS) if known else "It has not the shape that is described."
    return {"where": where[:200], "what": said}
