"""Why these records are one child, with unlinking; questions of linkage side by side; cases whose key changed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reading, reading_list, reads_child
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_act_on, check_acts_on, check_role
from trigpoint_web.casework.views.framing import render_child
from trigpoint_web.review import queries
from trigpoint_web.review.actions import answer_key_question, answer_question, unlink_records
from trigpoint_web.review.forms import KeyForm, UnlinkForm, VerdictForm
from trigpoint_web.review.models import LinkQuestion
from trigpoint_web.review.policy import can_answer, check_answers, check_answers_key
from trigpoint_web.review.reasons import Why, two_sides, why_one

MOST = 100
Answer = HttpResponse


@require_safe
def show_list(request: HttpRequest) -> Answer:
    """The questions that wait, and those that were answered."""
    acting = acting_in(request)
    check_role(acting.user, "judge_records")
    answered = request.GET.get("list") == "answered"
    questions = list(queries.questions_for(acting.user, answered=answered)[: MOST + 1])
    keys = [] if answered else list(queries.key_questions_for(acting.user)[:MOST])
    shown = {child for one in questions for child in (one.child_a_id, one.child_b_id)}
    shown |= {child for one in keys for child in (one.old_id, one.new_id)}
    reading_list(acting, sorted(shown), page="review:list")
    context = {"questions": questions[:MOST], "more": len(questions) > MOST, "keys": keys, "answered": answered}
    return render(request, "review/list.html", context)


@require_http_methods(["GET", "POST"])
def show_question(request: HttpRequest, question_id: int) -> Answer:
    """Two records side by side with the rest of each child, what speaks for and against, and the answer."""
    acting = acting_in(request)
    check_role(acting.user, "judge_records")
    question = queries.questions_for(acting.user, answered=None).filter(pk=question_id).first()
    if question is None:
        raise NotThereError(thing="question", thing_id=question_id)
    for child in _once(question.child_a, question.child_b):
        reading(acting, child, page="review:question")
    said = list(queries.judgements_about(question))
    form = VerdictForm(request.POST or None, initial={"request_key": uuid4(), "seen": len(said)})
    changes: list[Any] = []
    if request.method == "POST":
        check_answers(acting.user, question)
        if form.is_valid():
            try:
                answer_question(acting, question, **form.cleaned_data)
            except ChangedMeanwhileError as changed:
                changes = changed.changes
                form = VerdictForm(initial=form.cleaned_data | {"seen": len(said)})
            except FaultyFormError as fault:
                _put(form, fault)
            else:
                messages.success(request, _("Written down. The next run follows your answer, and none overturns it."))
                return redirect("review:list")
    sides = two_sides(
        acting.user, children=(question.child_a, question.child_b), pair=(question.record_a, question.record_b)
    )
    context = {
        "question": question, "sides": sides, "said": said, "form": form, "changes": changes,
        "may_answer": can_answer(acting.user, question), "columns": _columns(question, sides),
    }  # fmt: skip
    return render(request, "review/question.html", context)


def _columns(question: LinkQuestion, sides: Any) -> list[tuple[Child, Any]]:
    both = [(question.child_a, sides.left), (question.child_b, sides.right)]
    return both[:1] if question.child_a_id == question.child_b_id else both


@require_http_methods(["GET", "POST"])
def show_key_question(request: HttpRequest, question_id: int) -> Answer:
    """A case hangs on a key whose records another child has now: does it move?"""
    acting = acting_in(request)
    check_role(acting.user, "judge_records")
    question = queries.key_questions_for(acting.user).filter(pk=question_id).first()
    if question is None:
        raise NotThereError(thing="key_question", thing_id=question_id)
    for child in _once(question.old, question.new):
        reading(acting, child, page="review:key")
    check_answers_key(acting.user, question)
    form = KeyForm(request.POST or None, initial={"request_key": uuid4()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            answer_key_question(acting, question, choice=given["choice"], reason=given["reason"])
        except ChangedMeanwhileError:
            messages.info(request, _("Somebody else answered this already. This is how it stands."))
            return redirect("review:list")
        except FaultyFormError as fault:
            _put(form, fault)
        else:
            messages.success(request, _("Written down."))
            return redirect("casework:child", (question.new if given["choice"] == "move" else question.old).key)
    return render(request, "review/key.html", {"question": question, "form": form})


@require_http_methods(["GET", "POST"])
@reads_child("identity")
def show_identity(request: HttpRequest, child: Child) -> Answer:
    """Which records are this child, why, with pictures; and saying that some are another child's."""
    acting = acting_in(request)
    why = why_one(acting.user, child)
    form = _unlink_form(request, why)
    if request.method == "POST":
        check_acts_on(acting.user, child, act="judge_records")
        if form is not None and form.is_valid() and _unlink(request, child, form, why=why):
            return redirect("review:identity", child.key)
    context = {
        "why": why, "form": form if can_act_on(acting.user, child, act="judge_records") else None,
        "judgements": list(queries.judgements_of_child(acting.user, child.pk)[:50]),
    }  # fmt: skip
    return render_child(request, child, "review/identity.html", tab="review:identity", **context)


def _unlink_form(request: HttpRequest, why: Why) -> UnlinkForm | None:
    if len(why.records) < 2:
        return None
    named = [(one.record_id, f"{one.agency} ({one.source}): {one.names}") for one in why.records]
    return UnlinkForm(request.POST or None, records=named, initial={"request_key": uuid4()})


def _unlink(request: HttpRequest, child: Child, form: UnlinkForm, *, why: Why) -> bool:
    given = form.cleaned_data
    stay = [one.record_id for one in why.records if one.record_id not in given["away"]]
    try:
        unlink_records(acting_in(request), child, away=given["away"], stay=stay, reason=given["reason"],
                       request_key=given["request_key"])  # fmt: skip
    except FaultyFormError as fault:
        _put(form, fault, {"records": "away"})
        return False
    messages.success(request, _("Written down. The next run keeps these records apart, and none joins them again."))
    return True


def _put(form: forms.Form, fault: FaultyFormError, fields: dict[str, str] | None = None) -> None:
    for name, sentence in fault.faults.items():
        at = (fields or {}).get(name, name)
        form.add_error(at if at in form.fields else None, sentence)


def _once(*children: Child) -> list[Child]:
    return list({child.pk: child for child in children}.values())
