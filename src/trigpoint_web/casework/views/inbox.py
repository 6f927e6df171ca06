"""The inbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reading_list
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.forms.inbox import InboxForm
from trigpoint_web.casework.policy import SEES_CHILDREN
from trigpoint_web.casework.presenters import inbox
from trigpoint_web.casework.presenters.paging import page_of

FIRST, PAGE = 5, 25  # rows of each list together; rows where one list is opened


@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """What waits: every list from its beginning, or with `list` one of them in pages.

    This is where everybody arrives who opens casework: whoever has no inbox is sent on to their own first page.
    """
    acting = acting_in(request)
    if acting.user.role not in SEES_CHILDREN:
        return redirect("accounts:home")
    form = InboxForm(request.GET, user=acting.user)
    filters = form.filters()
    shown: dict[str, object] = {"form": form, "filtered": any(vars(filters).values())}
    if section := inbox.section_named(request.GET.get("list", "")):
        page = page_of(section.query(acting.user, filters), request.GET, size=PAGE)
        lists = [inbox.List(section, inbox.rows(section, page.items, Agreement.of(acting.user.agency)), False)]
        shown |= {"page": page, "one": section}
    else:
        lists = inbox.first_of_each(acting.user, filters, most=FIRST)
    reading_list(acting, sorted({row.child_id for one in lists for row in one.rows}), page="inbox")
    rest = request.GET.copy()
    for name in ("list", "page"):
        rest.pop(name, None)
    return render(request, "casework/inbox.html", shown | {"lists": lists, "rest": rest.urlencode()})
