"""Restricting a child's record, conflicts of interest, and emergency access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.forms.sending import one_of, words
from trigpoint_web.casework.models import EmergencyAccess
from trigpoint_web.casework.queries import access


class AloneForm(forms.Form):
    """A reason alone."""

    reason = words(_("Reason"), rows=4, missing=_("Give a reason."))


class RestrictForm(forms.Form):
    """Who goes on seeing the child, and why everybody else does not."""

    may_see = forms.MultipleChoiceField(
        label=_("Who of your agency goes on seeing the child?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    others = forms.CharField(
        label=_("People of other agencies"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Email addresses, one on a line"),
    )  # fmt: skip
    reason = words(_("Why is the record restricted?"), rows=4, missing=_("Give a reason."))

    def __init__(self, *given: Any, people: Sequence[User], **named: Any) -> None:
        super().__init__(*given, **named)
        self._people = {str(one.pk): one for one in people}
        self.fields["may_see"].choices = [(pk, one.full_name) for pk, one in self._people.items()]  # type: ignore[attr-defined]

    def clean_others(self) -> list[User]:
        """The people of the addresses. Raises ValidationError with the lines of which nobody may see children."""
        asked = [line.strip() for line in str(self.cleaned_data["others"]).splitlines() if line.strip()]
        found = access.people_at(asked)
        unknown = [line for line in asked if line.lower() not in found]
        if unknown:
            raise forms.ValidationError(
                said("Nobody who sees children here has this address: %(lines)s") % {"lines": ", ".join(unknown)}
            )
        return list(found.values())

    def chosen(self) -> list[User]:
        """Everybody who goes on seeing the child."""
        return [*(self._people[pk] for pk in self.cleaned_data["may_see"]), *self.cleaned_data["others"]]


class ConflictForm(forms.Form):
    """Whose conflict of interest, and how they know the child."""

    who = forms.ChoiceField(label=_("Who knows the child?"))
    reason = words(
        _("How is the child known?"), rows=3, hint=_("Kin, neighbour, own household, a friend's child"),
        missing=_("Give a reason."),
    )  # fmt: skip

    def __init__(self, *given: Any, people: Sequence[User], **named: Any) -> None:
        super().__init__(*given, **named)
        self.people = {str(one.pk): one for one in people}
        self.fields["who"].choices = [(pk, one.full_name) for pk, one in self.people.items()]  # type: ignore[attr-defined]


class EmergencyForm(forms.Form):
    """Why the record is needed now."""

    reason = words(
        _("Why is the child in danger now?"), rows=4, hint=_("Your supervisor and the governance officer read this."),
        missing=_("Give a reason."),
    )  # fmt: skip


class EmergencyReviewForm(forms.Form):
    """Whether an emergency access was justified."""

    outcome = one_of(
        _("Was the access justified?"), EmergencyAccess.Outcome.choices,
        missing=_("Say whether the access was justified."),
    )  # fmt: skip
    reason = words(_("Why?"), rows=4, missing=_("Give a reason."))
