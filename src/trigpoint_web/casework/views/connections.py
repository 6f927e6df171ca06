"""What a child shares with other children."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reading_list, reads_child
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.presenters import connections
from trigpoint_web.casework.presenters.wording import called
from trigpoint_web.casework.queries.child_page import headline
from trigpoint_web.casework.queries.connections import connections_of
from trigpoint_web.casework.views.framing import render_child

DRAWN = 25  # things; a drawing of more is a thicket


@require_safe
@reads_child("connections")
def show_connections(request: HttpRequest, child: Child) -> HttpResponse:
    """People, places, phones, handles and accounts that other children have too. The others are read as well."""
    acting = acting_in(request)
    read = connections_of(acting.user, child)
    others = sorted({other.child.pk for one in read.connections for other in one.others})
    if others:
        reading_list(acting, others, page="connections")
    top = headline(acting.user, child)
    lines = connections.connection_lines(read.connections)
    shown = {"lines": lines, "drawing": connections.drawing(called(top.face), lines[:DRAWN]) if lines else None}
    return render_child(
        request, child, "casework/connections.html", tab="casework:child-connections", top=top, closed=read.closed,
        older=read.older, **shown,
    )  # fmt: skip
