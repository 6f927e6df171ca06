"""What was found about a child, by which rule, and what was known on another day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trigpoint.errors import NotFoundError, StoreError
from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reads_child
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.forms.as_known import AsKnownForm
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.presenters import findings
from trigpoint_web.casework.queries import child_page
from trigpoint_web.casework.queries.rules import rules_said
from trigpoint_web.casework.views.framing import render_child

TAB = "casework:child-findings"


@require_safe
@reads_child("findings")
def show_findings(request: HttpRequest, child: Child) -> HttpResponse:
    """Every finding with its rule, and what is not known."""
    user = acting_in(request).user
    cited = child_page.citations_of(user, child)
    shown = findings.findings(cited, rules_said(one.citation.indicator for one in cited))
    not_known = findings.not_known(child_page.not_known_of(user, child))
    return render_child(
        request, child, "casework/findings.html", tab=TAB, findings=shown, not_known=not_known, form=AsKnownForm()
    )


@require_safe
@reads_child("as_known")
def show_as_known(request: HttpRequest, child: Child) -> HttpResponse:
    """What a run at the end of a day would have found, from what was known then."""
    user = acting_in(request).user
    form, shown, closed, older = AsKnownForm(request.GET), None, "", False
    if form.is_valid():
        try:
            replayed = child_page.replay_of(user, child, as_at=form.cleaned_data["on"])
        except (StoreError, NotFoundError) as fault:
            closed = fault.what
        else:
            standing, older = replayed.standing, replayed.older
            rows = [*standing.findings, *standing.unanswered]
            rules = rules_said(one["indicator"] for one in rows)
            shown = findings.replayed(standing, rules, agreement=Agreement.of(user.agency))
    given = {"form": form, "shown": shown, "closed": closed, "on": form.cleaned_data.get("on"), "older": older}
    return render_child(request, child, "casework/as_known.html", tab=TAB, **given)
