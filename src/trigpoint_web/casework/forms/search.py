"""Looking for a child, and making one by hand after having looked."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.forms.chronology import not_in_future
from trigpoint_web.casework.forms.missing import codes
from trigpoint_web.casework.queries import choices
from trigpoint_web.casework.queries.search import Terms
from trigpoint_web.design.forms import DateField

POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}")


class SearchForm(forms.Form):
    """At least one of a name, a birthday and a number."""

    name = forms.CharField(
        label=_("Name"), required=False, max_length=200, strip=True,
        help_text=_("First name, last name or both, or a name that the child is also known by. Spelling may differ."),
    )  # fmt: skip
    birth_on = DateField(label=_("Date of birth"), required=False, validators=[not_in_future])
    number = forms.CharField(
        label=_("Number"), required=False, max_length=60,
        help_text=_("NHS number, UPN, or an agency's own number of the child"),
    )  # fmt: skip
    look = {"number": {"classes": "govuk-input--width-20"}}

    def clean(self) -> dict[str, Any]:
        """Something to look for."""
        given = super().clean() or {}
        if not self.errors and self.terms(given).empty:
            raise ValidationError(_("Enter a name, a date of birth or a number"))
        return given

    def terms(self, given: dict[str, Any] | None = None) -> Terms:
        """What is looked for."""
        said = self.cleaned_data if given is None else given
        return Terms(said.get("name") or "", said.get("birth_on"), said.get("number") or "")


class NewChildForm(forms.Form):
    """Who the child is, as far as it is known."""

    given_names = forms.CharField(label=_("First names"), max_length=200, required=False)
    surname = forms.CharField(label=_("Last name"), max_length=200, required=False)
    birth_on = DateField(label=_("Date of birth"), required=False, validators=[not_in_future])
    sex = forms.ChoiceField(label=_("Sex"), required=False, widget=forms.RadioSelect)
    area = forms.ChoiceField(label=_("Area"), required=False)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=10)
    nhs_number = forms.CharField(label=_("NHS number"), required=False, max_length=14)
    upn = forms.CharField(label=_("Unique pupil number (UPN)"), required=False, max_length=20)
    request_key = forms.UUIDField(widget=forms.HiddenInput)
    look = {name: {"classes": "govuk-input--width-10"} for name in ("postcode", "nhs_number", "upn")}

    def __init__(self, *given: Any, alike: bool = False, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["sex"].choices = codes("sex")  # type: ignore[attr-defined]  # each is a field with choices
        self.fields["area"].choices = [("", _("Not known")), *choices.areas()]  # type: ignore[attr-defined]
        if alike:
            self.fields["different"] = forms.BooleanField(
                label=_("I have looked: none of the children above is this child"),
                error_messages={"required": _("Look at the children above, and say whether one of them is this child")},
            )

    def clean_postcode(self) -> str:
        """A postcode in its usual spelling."""
        said = " ".join(str(self.cleaned_data["postcode"]).upper().split())
        if said and not POSTCODE.fullmatch(said):
            raise ValidationError(_("Enter a full postcode, such as RV1 2AB"))
        return said if " " in said or not said else f"{said[:-3]} {said[-3:]}"

    def clean_nhs_number(self) -> str:
        """Ten digits of which the last checks the others."""
        digits = re.sub(r"[ -]", "", self.cleaned_data["nhs_number"])
        if digits and not nhs_number_can_be(digits):
            raise ValidationError(_("Check the NHS number: it has ten digits, and these cannot be right"))
        return digits

    def clean_upn(self) -> str:
        """A UPN in capitals, without blanks."""
        return "".join(str(self.cleaned_data["upn"]).upper().split())

    def clean(self) -> dict[str, Any]:
        """A name at least."""
        given = super().clean() or {}
        if not given.get("given_names") and not given.get("surname"):
            self.add_error("given_names", _("Enter a first name or a last name"))
        return given


def nhs_number_can_be(digits: str) -> bool:
    """Whether ten digits pass the check of an NHS number (modulus 11, NHS Data Dictionary)."""
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    return (11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11) % 11 == int(digits[9])
