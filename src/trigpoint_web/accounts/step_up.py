"""Asking again who it is, before something that cannot be taken back: an export, emergency access, an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse

View = Callable[..., HttpResponse]


def step_up_required(view: View) -> View:
    """The person confirms who they are (passkey, code or password) unless they did so in the last five minutes.

    What they had sent is held meanwhile and carried out afterwards: nobody types it twice.
    """
    wrapped: Any = reauthentication_required(view)
    return wrapped  # type: ignore[no-any-return]  # allauth carries no types
