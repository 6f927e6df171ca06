"""The day for which it is asked what was known."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.forms.chronology import not_in_future
from trigpoint_web.design.forms import DateField


class AsKnownForm(forms.Form):
    """A day in the past, in the address of the page."""

    on = DateField(
        label=_("What was known on"),
        validators=[not_in_future],
        help_text=_("Such as the day of a decision. Later facts and corrections are left out."),
    )
