"""Pages of one's own account, of the purpose, and of an agency's people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trigpoint_web.accounts import actions, policy, queries
from trigpoint_web.accounts.forms import InvitationForm, LanguageForm, PlaceForm, PurposeForm
from trigpoint_web.accounts.middleware import PURPOSE
from trigpoint_web.accounts.models import User
from trigpoint_web.accounts.signing_in.invitations import password_address
from trigpoint_web.accounts.step_up import step_up_required
from trigpoint_web.audit.acting import acting_in
from trigpoint_web.design.navigation import menu


@require_safe
def go_home(request: HttpRequest) -> HttpResponse:
    """The first page of this person's menu; their account where there is none."""
    shown = menu(request)
    return redirect(shown[0]["href"] if shown else "accounts:me")


@require_http_methods(["GET", "POST"])
def show_me(request: HttpRequest) -> HttpResponse:
    """Who I am here, my language, my ways of signing in."""
    form = LanguageForm(_posted(request), instance=_person(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("design:language", code=form.cleaned_data["language"])
    return render(request, "accounts/me.html", {"form": form, "factors": queries.second_factors(_person(request))})


@require_http_methods(["GET", "POST"])
def ask_purpose(request: HttpRequest) -> HttpResponse:
    """What are the records needed for? Asked once a task; kept until it is changed or the day is over."""
    onward = _onward(request)
    form = PurposeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        purpose = actions.state_purpose(acting_in(request), **form.cleaned_data)
        request.session[PURPOSE] = purpose.pk
        return redirect(onward)
    return render(request, "accounts/purpose.html", {"form": form, "next": onward})


@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    """The people of the administrator's own agency."""
    policy.check_manages_people(_person(request))
    return render(request, "accounts/people.html", {"people": queries.people_managed_by(_person(request))})


@require_http_methods(["GET", "POST"])
@step_up_required
def invite(request: HttpRequest) -> HttpResponse:
    """A new person of the agency."""
    me = _person(request)
    policy.check_manages_people(me)
    form = InvitationForm(_posted(request), agency=me.agency)
    if request.method == "POST" and form.is_valid():
        person = actions.invite_person(acting_in(request), **form.cleaned_data)
        return _invited(request, person)
    return render(request, "accounts/invite.html", {"form": form})


def _invited(request: HttpRequest, person: User) -> HttpResponse:
    """Send the link with which the person chooses a password. The demo sends no mail, and shows it."""
    address = request.build_absolute_uri(password_address(person))
    with override(person.language):
        words = render_to_string("accounts/invitation.txt", {"person": person, "address": address})
        title = _("Your account for Trigpoint casework")
    if not settings.DEMO:
        send_mail(title, words, None, [person.email])
    return render(request, "accounts/invited.html", {"person": person, "address": address if settings.DEMO else None})


@require_safe
def show_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person of the agency, and what may be done with their account."""
    return _show(request, queries.person_managed_by(_person(request), person_id))


def _show(request: HttpRequest, person: User, form: PlaceForm | None = None) -> HttpResponse:
    current = {"role": person.role, "team": person.team_id}
    shown = {
        "person": person,
        "form": form or PlaceForm(initial=current, agency=person.agency),
        "factors": queries.second_factors(person),
        "may_change": policy.can_manage(_person(request), person),
    }
    return render(request, "accounts/person.html", shown)


@require_POST
@step_up_required
def place(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Another role or team for the person."""
    person = queries.person_managed_by(_person(request), person_id)
    form = PlaceForm(request.POST, agency=person.agency)
    if not form.is_valid():
        return _show(request, person, form)
    actions.place_person(acting_in(request), person, **form.cleaned_data)
    return redirect("accounts:person", person_id)


@require_POST
@step_up_required
def close(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The person cannot sign in any more."""
    actions.close_account(acting_in(request), queries.person_managed_by(_person(request), person_id))
    return redirect("accounts:person", person_id)


@require_POST
@step_up_required
def open_again(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The person may sign in again, and is sent a link to choose a password."""
    person = queries.person_managed_by(_person(request), person_id)
    actions.open_account(acting_in(request), person)
    return _invited(request, person)


@require_POST
@step_up_required
def reset_factor(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The person lost their second factor: they begin anew."""
    person = queries.person_managed_by(_person(request), person_id)
    actions.reset_second_factor(acting_in(request), person)
    return _invited(request, person)


def _person(request: HttpRequest) -> User:
    person: Any = request.user
    assert isinstance(person, User) or person.is_authenticated  # noqa: S101 - the middleware let nobody else in
    return person  # type: ignore[no-any-return]


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, though it be nothing at all; None where the form is only asked for."""
    return request.POST if request.method == "POST" else None


def _onward(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or reverse("accounts:home")
    return (
        asked
        if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
        else reverse("accounts:home")
    )
