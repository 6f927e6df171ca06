"""The dashboard: what waits, how long decisions take, what each agency contributes, and for whom."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.refusals import RefusedError
from trigpoint_web.response.presenters import dashboards as shown
from trigpoint_web.response.queries import dashboards
from trigpoint_web.response.queries.tasks import overdue_actions

OVERSEES: Final = frozenset({Role.GOVERNANCE_OFFICER})
READS: Final = frozenset({Role.PRACTITIONER, Role.SUPERVISOR, Role.PANEL_CHAIR, Role.ANALYST})


@require_safe
def show_dashboard(request: HttpRequest) -> HttpResponse:
    """Counts alone. Whoever sees no children gets the equality view, which names and singles out nobody."""
    user: Any = request.user
    if user.role not in READS | OVERSEES or user.agency.headline_only:
        raise RefusedError(_("Your role has no dashboard."), rule="dashboard", thing="dashboard")
    record(acting_in(request), Act.READ, thing="dashboard")
    page: dict[str, Any] = {"equality": shown.equality_tables(dashboards.equality_counts())}
    if user.role in READS:
        counts, overdue = dashboards.Counts(user), list(overdue_actions(user))
        now = counts.waiting(overdue)
        page |= {
            "now": now,
            "tiles": shown.tiles(now),
            "forms": shown.forms_table(counts.markers_by_form()),
            "deciding": shown.deciding_said(counts.deciding()),
            "overdue": shown.overdue_table(dashboards.overdue_by_agency(overdue)),
            "agencies": shown.agencies_table(counts.agencies()),
            "gaps": shown.gaps_table(counts.gaps()),
        }
    return render(request, "response/dashboard.html", page)
