"""Places, groups, lines and online spaces, each with the children around it; and what one has to do oneself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reading_list, reads_child
from trigpoint_web.audit.refusals import NotThereError, RefusedError
from trigpoint_web.casework.forms.markers import ReasonForm
from trigpoint_web.casework.forms.sending import begin, carry_out
from trigpoint_web.casework.forms.suggesting import say_wording
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_do, check_role, check_sees_whole
from trigpoint_web.casework.presenters.markers import changes_said
from trigpoint_web.casework.views.framing import render_child
from trigpoint_web.response.actions import tasks, writing
from trigpoint_web.response.forms.responding import ActionForm, ActionStepForm
from trigpoint_web.response.forms.things import AroundForm, ThingForm
from trigpoint_web.response.models import Thing, ThingChild
from trigpoint_web.response.presenters import lines
from trigpoint_web.response.queries.people import areas_for, owners_for_thing
from trigpoint_web.response.queries.plans import children_around, thing_for, things_for
from trigpoint_web.response.queries.tasks import action_about_thing, actions_about_thing, my_actions, open_actions

MOST = 200
FORM = "response/form.html"


@require_safe
def list_actions(request: HttpRequest) -> HttpResponse:
    """What the person has to do, and what is open on the children whom they see."""
    user = _user(request)
    check_role(user, "write")
    mine = list(my_actions(user)[:MOST])
    others = list(open_actions(user).exclude(owner_id=user.pk)[:MOST])
    reading_list(acting_in(request), [one.child_id for one in [*mine, *others] if one.child_id], page="actions")
    shown = {"mine": lines.action_lines(mine, whose=True), "others": lines.action_lines(others, whose=True)}
    return render(request, "response/actions.html", shown)


@require_safe
def list_things(request: HttpRequest) -> HttpResponse:
    """Places, groups, lines and online spaces around which the person sees a child, or that their agency made."""
    user = _user(request)
    check_role(user, "search")
    _whole(user)
    shown = {"things": list(things_for(user)[:MOST]), "may_write": can_do(user, "write")}
    return render(request, "response/things.html", shown)


@require_http_methods(["GET", "POST"])
def make_thing(request: HttpRequest) -> HttpResponse:
    """Make a place, group, line or online space a thing of its own."""
    user = _user(request)
    check_role(user, "write")
    _whole(user)
    form = begin(ThingForm, request, seen=0, draft="thing:new", areas=areas_for(user))
    if request.method == "POST":
        made = carry_out(
            form, lambda _given: writing.make_thing(acting_in(request), **form.filled()), request=request,
            draft="thing:new",
        )  # fmt: skip
        if made:
            say_wording(request, form.narrative())
            return redirect("response:thing", made.pk)
    page = {"form": form, "heading": _("A place, group, line or online space"), "draft": ("thing", "new")}
    return render(request, FORM, page | {"back": "response:things"})


@require_safe
def show_thing(request: HttpRequest, thing_id: int) -> HttpResponse:
    """A thing: what is known of it, the children around it whom the person sees, what is done about it."""
    user = _user(request)
    _whole(user)
    thing = thing_for(user, thing_id)
    around = list(children_around(user, thing))
    reading_list(acting_in(request), [one.child_id for one in around], page="thing")
    shown = {
        "thing": thing,
        "around": [
            {"pk": one.pk, "key": one.child.key, "name": lines.name_of(one.child.face), "how": one.how,
             "since": one.since, "by": f"{one.by.full_name}, {one.by.agency.name}"}
            for one in around
        ],
        "actions": lines.action_lines(actions_about_thing(thing)),
        "may_write": can_do(user, "write"),
    }  # fmt: skip
    return render(request, "response/thing.html", shown)


@require_http_methods(["GET", "POST"])
def give_action(request: HttpRequest, thing_id: int) -> HttpResponse:
    """Give somebody something to do about a thing."""
    user = _user(request)
    check_role(user, "write")
    _whole(user)
    thing = thing_for(user, thing_id)
    owners = lines.owners_first(owners_for_thing(user, thing), user)
    draft = f"thing-action:{thing.pk}"
    form = begin(ActionForm, request, seen=0, draft=draft, owners=owners)
    if request.method == "POST":
        done = carry_out(
            form,
            lambda given: tasks.give_action(
                acting_in(request), thing=thing, what=given["what"], owner=given["owner"], due_on=given["due_on"],
                request_key=given["request_key"],
            ),
            request=request,
            draft=draft,
        )  # fmt: skip
        if done:
            say_wording(request, form.narrative())
            return redirect("response:thing", thing.pk)
    page = {"form": form, "heading": _("Give an action"), "lead": thing.name, "draft": ("thing-action", thing.pk)}
    return render(request, FORM, page | {"thing": thing})


@require_http_methods(["GET", "POST"])
def take_step(request: HttpRequest, thing_id: int, action_id: int) -> HttpResponse:
    """Say what became of an action about a thing."""
    user = _user(request)
    check_role(user, "write")
    _whole(user)
    thing = thing_for(user, thing_id)
    action = action_about_thing(thing, action_id)
    steps = list(action.steps.all())
    kinds = sorted(tasks.MAY_FOLLOW[tasks.Kind(steps[-1].kind)], key=list(tasks.Kind).index)
    owners = lines.owners_first(owners_for_thing(user, thing), user)
    draft = f"step:{action.pk}"
    form = begin(ActionStepForm, request, seen=len(steps), draft=draft, owners=owners, kinds=kinds)
    if request.method == "POST":
        done = carry_out(
            form,
            lambda given: tasks.take_step(
                acting_in(request), action, kind=given["kind"], seen=given["seen"], note=given["note"],
                owner=given["owner"], due_on=given["due_on"],
            ),
            request=request,
            draft=draft,
        )  # fmt: skip
        if done:
            say_wording(request, form.narrative())
            return redirect("response:thing", thing.pk)
    if form.changes:
        form.stand_at(len(steps))
    page = {
        "form": form, "heading": _("What became of this action?"), "lead": action.what, "thing": thing,
        "draft": ("step", action.pk), "changes": changes_said(form.changes),
    }  # fmt: skip
    return render(request, FORM, page, status=409 if form.changes else 200)


@require_http_methods(["GET", "POST"])
@reads_child("thing")
def put_child_around(request: HttpRequest, child: Child) -> HttpResponse:
    """Say that the child is around a place, group, line or online space."""
    user = _user(request)
    check_role(user, "write")
    check_sees_whole(user, child)
    things = list(things_for(user)[:MOST])
    draft = f"around:{child.key}"
    asked = request.GET.get("thing", "")
    form = begin(AroundForm, request, seen=0, draft=draft, things=things, initial={"thing": asked})
    if request.method == "POST":
        done = carry_out(
            form,
            lambda given: writing.put_child_around(
                acting_in(request), form.things[given["thing"]], child=child, how=given["how"], since=given["since"]
            ),
            request=request,
            draft=draft,
        )  # fmt: skip
        if done:
            say_wording(request, form.narrative())
            return redirect("response:thing", done.thing_id)
    page = {
        "form": form, "heading": _("Around a place, group, line or online space"), "draft": ("around", child.key),
        "lead": "" if things else _("There is none yet. Make one first."), "make": True,
    }  # fmt: skip
    return render_child(request, child, "response/child_form.html", tab="response:child", **page)


@require_http_methods(["GET", "POST"])
def take_child_away(request: HttpRequest, thing_id: int, around_id: int) -> HttpResponse:
    """Say that a child is not around a thing any more, or never was."""
    user = _user(request)
    _whole(user)
    thing = thing_for(user, thing_id)
    around = _around(user, thing, around_id)
    check_role(user, "write")
    reading_list(acting_in(request), [around.child_id], page="thing")
    form = begin(ReasonForm, request, seen=0, label=_("Why not any more?"))
    if request.method == "POST":
        done = carry_out(
            form,
            lambda given: writing.take_child_away(acting_in(request), around, reason=given["reason"]) or True,  # type: ignore[func-returns-value]  # nothing comes back
            request=request,
        )  # fmt: skip
        if done:
            return redirect("response:thing", thing.pk)
    name = lines.name_of(around.child.face)
    page = {"form": form, "heading": _("Not around it any more"), "lead": f"{name}: {thing.name}", "thing": thing}
    return render(request, FORM, page)


def _around(user: Any, thing: Thing, around_id: int) -> ThingChild:
    found = children_around(user, thing).filter(pk=around_id).first()
    if found is None:
        raise NotThereError(thing="around", thing_id=around_id)
    return found


def _whole(user: Any) -> None:
    """Agencies that take part with headlines alone do not see what children share."""
    if user.agency.headline_only:
        raise RefusedError(_("Your agency takes part with headlines alone."), rule="headline_only", thing="thing")


def _user(request: HttpRequest) -> Any:
    return request.user
