"""The operations of the API, version 1."""

from __future__ import annotations

from typing import Any

from ninja import Header, NinjaAPI, Path, Status

from trigpoint_web.api.asking.answering import answer_for, marker_of, who_is_known
from trigpoint_web.api.asking.caller import SystemToken, for_purpose
from trigpoint_web.api.asking.identify import who_is_meant
from trigpoint_web.api.asking.posting import take_event
from trigpoint_web.api.asking.shapes import Answer, Event, Idempotency, Key, LookUp, Posted, Problem
from trigpoint_web.api.policy import LOOK_UP, POST
from trigpoint_web.api.problems import say_problems
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.reading import reading, searching
from trigpoint_web.casework.policy import check_role, check_sees

PROBLEMS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 422, 429, 503), Problem)
MISSING: dict[Any, Any] = {404: Problem}
CHANGED: dict[Any, Any] = {409: Problem}

api = NinjaAPI(
    title="Trigpoint",
    version="1.0.0",
    urls_namespace="api-1",
    description="The marker on other agencies' systems. See docs/api.md.",
    docs_url=None,  # its page would load a script from elsewhere
    openapi_url="/openapi.json",
    auth=SystemToken(),
)
say_problems(api)


@api.post("/look-up", response={200: Answer} | PROBLEMS, summary="Is there a marker on this child?")
@for_purpose(LOOK_UP)
def look_up(acting: Acting, asked: LookUp) -> Answer:
    """Yes, no, or ask; since when; whom to call; what to consider now. Nothing is written but that you asked."""
    check_role(acting.user, "search")
    meant = who_is_meant(asked.person)
    given = {name: str(value) for name, value in asked.person.model_dump(exclude_defaults=True).items()}
    known = who_is_known(acting.user, meant)
    searching(acting, given, found=[known.pk] if known else [], elsewhere=len(meant.unseen))
    if known:
        reading(acting, known, page="api:look-up")
    return answer_for(acting.user, meant, known=known, happening=asked.happening)


@api.get("/children/{child}/marker", response={200: Answer} | PROBLEMS | MISSING, summary="The marker of a known child")
@for_purpose(LOOK_UP)
def marker(acting: Acting, child: Path[Key]) -> Answer:
    """Ask again by the key that an answer or a notice gave. A key that is not yours to know is answered as unknown."""
    known = reading(acting, check_sees(acting.user, child), page="api:marker")
    return marker_of(acting.user, known)


@api.post(
    "/events",
    response={200: Posted, 201: Posted} | PROBLEMS | CHANGED,
    summary="A child is missing, was found, was arrested",
)
@for_purpose(POST)
def post_event(acting: Acting, sent: Event, same: Header[Idempotency]) -> Status[Posted]:
    """Linked at once where one child is surely meant, and answered with the marker; kept for the next run where not."""
    taken = take_event(acting, sent, key=same.idempotency_key)
    known = who_is_known(acting.user, taken.meant)
    if known:
        reading(acting, known, page="api:event")
    said = answer_for(acting.user, taken.meant, known=known, happening=sent.kind)
    posted = Posted(event=taken.name, linked=taken.linked, repeated=taken.repeated, answer=said)
    return Status(200 if taken.repeated else 201, posted)
