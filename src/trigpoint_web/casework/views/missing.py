"""A child's missing episodes: reading them, reporting the child missing, and found."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reads_child
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.actions.missing import Found, close_missing_episode, open_missing_episode
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.forms.missing import FoundForm, MissingForm
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.casework.policy import check_acts_on
from trigpoint_web.casework.presenters import missing
from trigpoint_web.casework.queries import child_page
from trigpoint_web.casework.views.framing import render_child

TAB = "casework:child-missing"


@require_safe
@reads_child("missing")
def show_missing(request: HttpRequest, child: Child) -> HttpResponse:
    """Every episode, how far from home, and the clock of each return interview."""
    user = acting_in(request).user
    shown = missing.episodes(list(child_page.missing_of(user, child)), agreement=Agreement.of(user.agency))
    given = {"episodes": shown, "distances": missing.distances(shown), "open_one": any(one.open for one in shown)}
    return render_child(request, child, "casework/missing.html", tab=TAB, **given)


@require_http_methods(["GET", "POST"])
@reads_child("missing")
def open_episode(request: HttpRequest, child: Child) -> HttpResponse:
    """Report the child missing. Afterwards the summary says at once which markers stand and whom to call."""
    acting = acting_in(request)
    check_acts_on(acting.user, child, act="post_event")
    form = MissingForm(request.POST) if request.method == "POST" else MissingForm(initial=_now())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            open_missing_episode(
                acting, child, since=given["moment"], risk=given["risk"], place=given["place"],
                request_key=given["request_key"],
            )  # fmt: skip
        except FaultyFormError as fault:
            add_faults(form, fault, {"since": "on"})
        except ChangedMeanwhileError:
            form.add_error(None, _("Your agency has an open report of this child already: close that one first."))
        else:
            messages.success(request, _("The missing report is open. Read below whom to call and what to mind."))
            return redirect("casework:child", child.key)
    return render_child(request, child, "casework/missing_form.html", tab=TAB, form=form)


@require_http_methods(["GET", "POST"])
@reads_child("missing")
def close_episode(request: HttpRequest, child: Child, episode_id: int) -> HttpResponse:
    """Write down that the child was found: the clock of the return interview starts."""
    acting = acting_in(request)
    check_acts_on(acting.user, child, act="post_event")
    episode = child_page.missing_of(acting.user, child).filter(pk=episode_id).first()
    if episode is None:
        raise NotThereError(thing="missing", thing_id=episode_id)
    form = FoundForm(request.POST) if request.method == "POST" else FoundForm(initial=_now())
    if request.method == "POST" and form.is_valid() and (answer := _close(request, episode, form)):
        return answer
    return render_child(
        request,
        child,
        "casework/found_form.html",
        tab=TAB,
        form=form,
        episode=missing.episodes([episode], agreement=Agreement.of(acting.user.agency))[0],
    )


def _close(request: HttpRequest, episode: MissingEpisode, form: FoundForm) -> HttpResponse | None:
    given = form.cleaned_data
    found = Found(given["moment"], place=given["place"], found_with=given["found_with"])
    try:
        close_missing_episode(acting_in(request), episode, found=found)
    except FaultyFormError as fault:
        add_faults(form, fault, {"found_at": "on"})
        return None
    except ChangedMeanwhileError:
        messages.info(request, _("Somebody else wrote this down already. This is how it stands."))
    else:
        messages.success(request, _("Written down. A return interview is due within 72 hours."))
    return redirect(TAB, episode.child.key)


def add_faults(form: forms.Form, fault: FaultyFormError, fields: dict[str, str]) -> None:
    """Put what an action says beside the fields; `fields` gives the form's name of an action's field."""
    for name, sentence in fault.faults.items():
        at = fields.get(name, name)
        form.add_error(at if at in form.fields else None, sentence)


def _now() -> dict[str, object]:
    now = timezone.localtime()
    return {"on": now.date(), "at": f"{now:%H:%M}", "request_key": uuid4()}
