"""Forms of sign-in, with plain labels; of the purpose; and of an agency's people."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from trigpoint_web.accounts.models import Agency, Language, Role, Team, User
from trigpoint_web.audit.models import Purpose


class LoginForm(account.LoginForm):  # type: ignore[misc]  # allauth carries no types
    """E-mail address and password. No "remember me": sessions are short, and drafts are kept."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Email address")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    """The old password and a new one."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _label(self, oldpassword=_("Current password"), password1=_("New password"), password2=_("New password again"))


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    """The address to which a link is sent."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _label(self, email=_("Email address"))


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, from the link that was sent."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _label(self, password1=_("New password"), password2=_("New password again"))


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    """The password again, before something that cannot be undone lightly."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _label(self, password=_("Password"))


class CodeForm(mfa.AuthenticateForm):  # type: ignore[misc]
    """The code of an authenticator app, or a recovery code."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _code(self)


class CodeAgainForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    """The code again."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _code(self)


class ActivateCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _code(self)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name for a new passkey."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _label(self, name=_("Name of this passkey"), passwordless=_("Sign in with this passkey alone"))
        if "passwordless" in self.fields:
            self.fields["passwordless"].help_text = ""


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _label(self, name=_("Name of this passkey"))


def _label(form: forms.Form, **labels: Any) -> None:
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].help_text = ""


def _code(form: forms.Form) -> None:
    _label(form, code=_("Code"))
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


ASKED_FOR_WORDS = frozenset({Purpose.Code.EMERGENCY, Purpose.Code.AUDIT, Purpose.Code.SUBJECT_ACCESS})


class PurposeForm(forms.Form):
    """What somebody needs children's records for, in this task."""

    code = forms.ChoiceField(
        label=_("What do you need these records for?"),
        choices=[(code.value, code.label) for code in Purpose.Code if code != Purpose.Code.EMERGENCY],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you need these records for")},
    )
    text = forms.CharField(
        label=_("In your words"),
        help_text=_(
            "Such as the reference of the meeting or the request. Do not name a child. You may leave it empty, "
            "but not where you check how information was used or answer a request."
        ),
        required=False,
        max_length=500,
    )

    def clean_text(self) -> str:
        """The words without white space around them. They are needed for purposes that a check would ask about."""
        text: str = self.cleaned_data["text"].strip()
        if not text and self.cleaned_data.get("code") in ASKED_FOR_WORDS:
            raise forms.ValidationError(_("Say in your words what is being checked or asked for"))
        return text


class LanguageForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when run
    """The language in which pages open."""

    class Meta:
        model = User
        fields = ["language"]
        widgets = {"language": forms.RadioSelect}


class InvitationForm(forms.Form):
    """A new person of the administrator's own agency."""

    email = forms.EmailField(label=_("Work email address"), max_length=254)
    full_name = forms.CharField(label=_("Full name"), max_length=200)
    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        choices=[(role.value, role.label) for role in Role if role != Role.SYSTEM_CLIENT],
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team")
    )
    language = forms.ChoiceField(
        label=_("Language"), widget=forms.RadioSelect, choices=Language.choices, initial=Language.ENGLISH
    )

    def __init__(self, *given: Any, agency: Agency, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["team"].queryset = agency.teams.all()  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """The address in lower case. Raises ValidationError where it has an account already."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody with this address has an account already"))
        return email


class PlaceForm(forms.Form):
    """Another team or role for somebody."""

    role = InvitationForm.base_fields["role"]
    team = InvitationForm.base_fields["team"]

    def __init__(self, *given: Any, agency: Agency, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["team"].queryset = agency.teams.all()  # type: ignore[attr-defined]
