"""Answering a question about identity, parting records, saying whether a case moves with its key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trigpoint_web.review.models import Judgement, KeyAnswer


def _reason(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, widget=forms.Textarea(attrs={"rows": 4}), max_length=15_000,
        error_messages={"required": _("Give a reason.")},
    )  # fmt: skip


class _Once(forms.Form):
    """A form that is carried out once, however often it is sent."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)


class VerdictForm(_Once):
    """Are these two records one child? `seen` is how many answers the person had read."""

    verdict = forms.ChoiceField(
        label=_("Are these the same child?"),
        choices=Judgement.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether these are the same child.")},
    )
    reason = _reason(_("How do you know?"), _("Such as: twins, seen at both schools; or the school rang the family."))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000)


class UnlinkForm(_Once):
    """Which records are another child's."""

    away = forms.MultipleChoiceField(
        label=_("Which records are not this child's?"),
        help_text=_("Leave at least one. Those that you choose stay apart from the others in every later run."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the records that are another child's, and leave some.")},
    )
    reason = _reason(_("How do you know?"), _("Such as: a brother's arrests stand under this child's number."))

    def __init__(self, *given: Any, records: Iterable[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["away"].choices = list(records)  # type: ignore[attr-defined]


class KeyForm(_Once):
    """Does the case move to the new key?"""

    choice = forms.ChoiceField(
        label=_("Does the case move?"),
        choices=KeyAnswer.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the case moves.")},
    )
    reason = _reason(_("Why?"), _("What the new records say, in plain words."))
