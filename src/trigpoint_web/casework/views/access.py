"""Who may see a child: restrict the record and lift that, declare a conflict of interest and end it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reads_child
from trigpoint_web.casework.actions.access import declare_conflict, end_conflict, end_restriction, restrict_child
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.forms.access import AloneForm, ConflictForm, RestrictForm
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_act_on, can_do, check_acts_on, check_sees_whole, children_visible_to
from trigpoint_web.casework.queries import access
from trigpoint_web.casework.views.framing import render_child
from trigpoint_web.casework.views.missing import add_faults

TAB = "casework:child-access-log"


@require_safe
@reads_child("access")
def show_access(request: HttpRequest, child: Child) -> HttpResponse:
    """Whether the record is restricted and to whom, conflicts of interest, and what may be done about both."""
    user = acting_in(request).user
    check_sees_whole(user, child)
    shown = {
        "restriction": access.restriction_of(child),
        "conflicts": access.conflicts_of(user, child),
        "may_restrict": can_act_on(user, child, act="restrict_child"),
    }
    return render_child(request, child, "casework/access.html", tab=TAB, **shown)


@require_http_methods(["GET", "POST"])
@reads_child("access")
def restrict(request: HttpRequest, child: Child) -> HttpResponse:
    """Choose who goes on seeing the child; to everybody else there is no such child from then on."""
    acting = acting_in(request)
    check_acts_on(acting.user, child, act="restrict_child")
    people = access.colleagues(acting.user)
    form = RestrictForm(_sent(request), people=people, initial={"may_see": [str(acting.user.pk)]})

    def act() -> str:
        restrict_child(acting, child, may_see=form.chosen(), reason=form.cleaned_data["reason"])
        return _("The record is restricted. Nobody else sees that there is such a child.")

    return _asked(
        request, child, form, act,
        late=_("The record is restricted already. This is how it stands."),
        heading=_("Restrict this child's record"),
        lead=_("To everybody whom you do not choose there is no such child: not in lists, not in a search."),
        submit=_("Restrict the record"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("access")
def lift(request: HttpRequest, child: Child, restriction_id: int) -> HttpResponse:
    """Let the facts decide again who sees the child."""
    acting = acting_in(request)
    check_acts_on(acting.user, child, act="restrict_child")
    restriction = access.one_restriction(child, restriction_id)
    form = AloneForm(_sent(request))

    def act() -> str:
        end_restriction(acting, restriction, reason=form.cleaned_data["reason"])
        return _("The restriction is lifted.")

    return _asked(
        request, child, form, act,
        late=_("Somebody else lifted the restriction already."),
        heading=_("Lift the restriction"),
        lead=_("Then the agencies that are involved, and those who serve the area, see the child again."),
        submit=_("Lift the restriction"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("access")
def declare(request: HttpRequest, child: Child) -> HttpResponse:
    """Say that somebody knows the child from elsewhere: they do not see the record any more."""
    acting = acting_in(request)
    check_sees_whole(acting.user, child)
    form = ConflictForm(_sent(request), people=_whose(acting.user))

    def act() -> str:
        who = form.people[form.cleaned_data["who"]]
        declare_conflict(acting, child, user=who, reason=form.cleaned_data["reason"])
        return _("Written down. %(name)s does not see this record now.") % {"name": who}

    return _asked(
        request, child, form, act,
        heading=_("Declare a conflict of interest"),
        lead=_("Whoever knows the child from elsewhere stops seeing the record at once. A supervisor can end it."),
        submit=_("Declare the conflict of interest"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reads_child("access")
def end(request: HttpRequest, child: Child, conflict_id: int) -> HttpResponse:
    """Say that a conflict of interest of somebody else in the agency has ended."""
    acting = acting_in(request)
    check_acts_on(acting.user, child, act="restrict_child")
    conflict = access.one_conflict(acting.user, child, conflict_id)
    form = AloneForm(_sent(request))

    def act() -> str:
        end_conflict(acting, conflict, reason=form.cleaned_data["reason"])
        return _("The conflict of interest has ended.")

    return _asked(
        request, child, form, act,
        heading=_("End the conflict of interest of %(name)s") % {"name": conflict.user},
        lead=_("What the facts allow, this person sees again."),
        submit=_("End the conflict of interest"),
    )  # fmt: skip


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _asked(
    request: HttpRequest, child: Child, form: Form, act: Callable[[], str], *, late: str | None = None, **words: str
) -> HttpResponse:
    """The page of a form; once it is sent and right, do what it asks, say so and go on.

    `act` gives what to say. `late` is said where somebody else was quicker; without it that is an error as elsewhere.
    """
    if form.is_valid():
        try:
            messages.success(request, act())
        except FaultyFormError as fault:
            add_faults(form, fault, {})
        except ChangedMeanwhileError:
            if late is None:
                raise
            messages.info(request, late)
            return _onward(request, child)
        else:
            return _onward(request, child)
    return render_child(request, child, "casework/access_form.html", tab=TAB, form=form, **words)


def _whose(user: User) -> list[User]:
    """Everybody declares their own; a supervisor or a panel chair, that of anybody in the agency."""
    return access.colleagues(user) if can_do(user, "restrict_child") else [user]


def _onward(request: HttpRequest, child: Child) -> HttpResponse:
    """To the page of access, or to the inbox where the person does not see the child any more."""
    sees = children_visible_to(acting_in(request).user).filter(pk=child.pk).exists()
    return redirect("casework:access", child.key) if sees else redirect("casework:inbox")
