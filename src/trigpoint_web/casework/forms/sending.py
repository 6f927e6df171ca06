"""What every form that writes to a child's record carries, and how what an action says comes back to the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.design.drafts import drop_draft
from trigpoint_web.design.forms import start_form

Done = TypeVar("Done")
FormKind = TypeVar("FormKind", bound="WritingForm")


class WritingForm(forms.Form):
    """A form that is sent once (`request_key`), by somebody who saw what stood then (`seen`).

    `narratives` names the fields that are read for blaming words.
    """

    narratives: tuple[str, ...] = ()
    request_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.changes: list[Model] = []
        """What somebody else did since the page was made."""

    def stand_at(self, seen: int) -> None:
        """Say from what the person decides now, under a key of its own."""
        fresh: dict[str, Any] = {"request_key": str(uuid4()), "seen": seen}
        self.initial.update(fresh)
        if self.is_bound:
            sent: Any = self.data
            self.data = sent.copy()
            sent = self.data
            sent.update({name: str(value) for name, value in fresh.items()})

    def narrative(self) -> str:
        """What was written in words, to be read for blaming words."""
        return "\n\n".join(str(self.cleaned_data.get(name) or "") for name in self.narratives)


def begin(kind: type[FormKind], request: HttpRequest, *, seen: int, draft: str = "", **named: Any) -> FormKind:
    """The form of this request. A form that is only asked for stands at `seen`, whatever a draft had kept."""
    form = start_form(kind, request, draft=draft, **named)
    if not form.is_bound:
        form.stand_at(seen)
    return form


def carry_out(
    form: WritingForm, act: Callable[[dict[str, Any]], Done], *, request: HttpRequest, draft: str = ""
) -> Done | None:
    """Do what the form asks for. None where it is not to be done: the form then says why, by field."""
    if not form.is_valid():
        return None
    try:
        done = act(form.cleaned_data)
    except FaultyFormError as fault:
        for field, sentence in fault.faults.items():
            form.add_error(field if field in form.fields else None, sentence)
        return None
    except ChangedMeanwhileError as changed:
        form.changes = changed.changes
        form.add_error(None, changed.what)
        return None
    if draft:
        drop_draft(request, draft)
    return done


def words(label: Any, *, hint: Any = "", rows: int = 5, required: bool = True, **more: Any) -> forms.CharField:
    """A field of many lines."""
    return forms.CharField(
        label=label, help_text=hint, required=required, widget=forms.Textarea({"rows": rows}),
        error_messages={"required": more.pop("missing", _("Write something."))}, **more,
    )  # fmt: skip


def narrative(label: Any, **more: Any) -> forms.CharField:
    """A field of many lines that is read for blaming words as it is typed."""
    field = words(label, **more)
    field.widget.attrs |= {"data-wording": True}
    return field


def one_of(label: Any, choices: Any, *, missing: Any, hint: Any = "", required: bool = True) -> forms.ChoiceField:
    """A field of which one choice is taken."""
    return forms.ChoiceField(
        label=label, choices=choices, help_text=hint, required=required, widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )  # fmt: skip
