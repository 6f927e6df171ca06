"""The link with which an invited person chooses their first password: that of a forgotten password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from trigpoint_web.accounts.models import User


def password_address(person: User) -> str:
    """The path of the page. It works once, and for three days (PASSWORD_RESET_TIMEOUT)."""
    given = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return reverse("account_reset_password_from_key", kwargs=given)
