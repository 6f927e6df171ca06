"""Draw a page of one child within its frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_see_whole, children_visible_to
from trigpoint_web.casework.presenters.frame import frame
from trigpoint_web.casework.queries.access import own_emergency
from trigpoint_web.casework.queries.child_page import Headline, headline, missing_now_of


def render_child(
    request: HttpRequest,
    child: Child,
    template: str,
    *,
    tab: str,
    **shown: Any,
) -> HttpResponse:
    """The page `template` of the child, with `frame` and `top` (its headline) beside what is given."""
    user = acting_in(request).user
    top: Headline = shown.get("top") or headline(user, child)
    missing = list(missing_now_of(user, child)) if can_see_whole(user, child) else []
    made = frame(user, top, tab=tab, missing=missing, moved_to=_moved_to(request, child))
    context = {
        "frame": made,
        "top": top,
        "child": child,
        "missing_now": missing,
        "emergency": own_emergency(user, child),
    } | shown
    return render(request, template, context)


def _moved_to(request: HttpRequest, child: Child) -> str | None:
    """The key of the child's records now, where the person may see that child."""
    if child.superseded_by_id is None:
        return None
    seen = children_visible_to(acting_in(request).user).filter(pk=child.superseded_by_id)
    return seen.values_list("key", flat=True).first()
