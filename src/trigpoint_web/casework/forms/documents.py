"""Adding a document."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.documents.kinds import KINDS


class DocumentForm(forms.Form):
    """A file, what it is, and a word about it."""

    title = forms.CharField(
        label=_("What the document is"), max_length=200, error_messages={"required": _("Say what the document is.")}
    )
    about = forms.CharField(
        label=_("About it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the action says so in its own words
        max_length=255,
        error_messages={"required": _("Choose a file.")},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)
    look = {"file": {"attributes": {"accept": ",".join(ending for kind in KINDS for ending in kind.endings)}}}
