"""What officers fill in."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.forms.sending import one_of, words
from trigpoint_web.design.forms import DateField
from trigpoint_web.rights.models import Answer, Hold, ItemDecision, Request
from trigpoint_web.rights.pack.exemptions import choices_for

KEY_HINT: Final = _("The child's key in Trigpoint. Whoever works with the child finds it at the end of the summary.")
# Why a request other than for access is refused or granted in part (UK GDPR Arts 12, 16, 17).
REFUSALS: Final = (
    ("accurate", _("What is held is accurate, or is somebody's opinion and marked as such")),
    ("needed", _("It is needed for a task in the public interest or a duty in law (UK GDPR Art 17(3)(b))")),
    ("claims", _("It is needed for legal claims (UK GDPR Art 17(3)(e))")),
    ("archive", _("It is needed for archiving or research in the public interest (UK GDPR Art 17(3)(d))")),
    ("excessive", _("The request is manifestly unfounded or excessive (UK GDPR Art 12(5))")),
    ("exempt", _("An exemption in the Data Protection Act 2018 applies")),
    ("not_entitled", _("Whoever asks may not act for the child, or it is against the child's interests")),
)


class ChosenForm(forms.Form):
    """Lines of a list that were ticked."""

    keys = forms.MultipleChoiceField(
        label=_("Records"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one record.")},
    )  # fmt: skip

    def __init__(self, *given: Any, choices: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["keys"].choices = choices  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    """A record that has to stay."""

    key = forms.CharField(label=_("Child"), max_length=20, help_text=KEY_HINT)
    ground = one_of(_("Why does it have to stay?"), Hold.Ground.choices, missing=_("Say why it has to stay."))
    reason = words(_("Reason"), rows=3, missing=_("Give a reason."))
    review_on = DateField(label=_("Look at it again on"))


class EndHoldForm(forms.Form):
    """Why a hold ends."""

    reason = words(_("Why does the hold end?"), rows=3, missing=_("Give a reason."))


class RequestForm(forms.Form):
    """A request that came."""

    key = forms.CharField(label=_("Child"), max_length=20, help_text=KEY_HINT)
    kind = one_of(_("What is asked for?"), Request.Kind.choices, missing=_("Say what is asked for."))
    asked_by = one_of(_("Who asks?"), Request.AskedBy.choices, missing=_("Say who asks."))
    received_on = DateField(label=_("When did it come?"))
    identity_on = DateField(
        label=_("Since when is it known who asks?"), required=False,
        help_text=_("Leave it empty while you wait for proof of identity: the clock starts with it."),
    )  # fmt: skip
    text = words(_("What they ask, in their words"), rows=4, required=False)
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class IdentityForm(forms.Form):
    """Since when it is known who asks."""

    identity_on = DateField(label=_("Since when is it known who asks?"))


class ExtensionForm(forms.Form):
    """Why more time is needed."""

    reason = words(_("Why is more time needed?"), rows=3, missing=_("Give a reason."))


class AnswerForm(forms.Form):
    """What is answered."""

    outcome = one_of(_("What is answered?"), Answer.Outcome.choices, missing=_("Say what is answered."))
    ground = forms.ChoiceField(label=_("Ground, where it is refused or done in part"), required=False)
    reason = words(_("Reason"), rows=4, hint=_("It is told to whoever asked."), missing=_("Give a reason."))

    def __init__(self, *given: Any, request: Request, **named: Any) -> None:
        super().__init__(*given, **named)
        grounds = choices_for(request) if request.kind == Request.Kind.ACCESS else list(REFUSALS)
        self.fields["ground"].choices = [("", _("None")), *grounds]  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """What becomes of one entry of a pack."""

    verdict = one_of(_("What becomes of it?"), ItemDecision.Verdict.choices, missing=_("Say what becomes of it."))
    left_out = forms.CharField(
        label=_("Words to leave out"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text=_("One on a line, as they stand in the entry"),
    )  # fmt: skip
    exemption = forms.ChoiceField(label=_("Ground, where something is withheld"), required=False)
    reason = words(_("Reason"), rows=3, hint=_("It stays here and is not disclosed."), missing=_("Give a reason."))

    def __init__(self, *given: Any, request: Request, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["exemption"].choices = [("", _("None")), *choices_for(request)]  # type: ignore[attr-defined]


class AsTheyAreForm(ChosenForm):
    """Entries that were read and are disclosed as they are."""

    keys = forms.MultipleChoiceField(
        label=_("Entries"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one entry.")},
    )  # fmt: skip
    reason = words(_("Why may they be disclosed as they are?"), rows=2, missing=_("Give a reason."))
