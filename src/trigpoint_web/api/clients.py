"""Open and close the accounts of agencies' systems, and the addresses of their notices. For the operator's commands."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from trigpoint.errors import NotFoundError, SettingsError
from trigpoint_web.accounts.models import Agency, Role, User
from trigpoint_web.api.models import Subscription
from trigpoint_web.api.policy import SCOPES
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act

LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Credentials:
    """What the agency is given, once: the secret is kept as a hash alone."""

    client: Client
    secret: str


def open_client(
    agency_code: str, *, name: str, scopes: Collection[str], sends_extract: bool = False, own_numbers: str = ""
) -> Credentials:
    """Open an account for a system of the agency. `sends_extract`: its events come in the agency's extracts too.

    `own_numbers` is the source whose numbers of children are the agency's own: nightly files carry them.

    Raises NotFoundError for an agency that is not there, SettingsError for a scope that is not known.
    """
    agency = Agency.objects.filter(code=agency_code).first()
    if agency is None:
        raise NotFoundError(f"There is no agency '{agency_code}'.", mend="Give the code of an agency of casework.")
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise SettingsError(f"These scopes are not known: {', '.join(unknown)}.", mend=f"Use: {', '.join(SCOPES)}.")
    secret = secrets.token_urlsafe(32)  # needs no escaping in a form
    with transaction.atomic():
        client = Client(
            name=name[:100], type=Client.Type.CONFIDENTIAL, grant_types=Client.GrantType.CLIENT_CREDENTIALS,
            response_types="none", data={"sends_extract": sends_extract, "own_numbers": own_numbers},
        )  # fmt: skip
        client.set_scopes(sorted(scopes))
        client.set_default_scopes(sorted(scopes))
        client.set_secret(secret)
        client.owner = User.objects.create_user(
            f"{client.pk}@systems.invalid", full_name=name, agency=agency, role=Role.SYSTEM_CLIENT
        )
        client.save(force_insert=True)
        record(None, Act.WRITE, thing="client", thing_id=client.pk, detail={"scopes": sorted(scopes)})
    return Credentials(client, secret)


def close_client(client_id: str) -> None:
    """Close the account: its tokens are worth nothing from now on, and no notice goes out."""
    with transaction.atomic():
        client = _client(client_id)
        User.objects.filter(pk=client.owner_id).update(is_active=False)
        Token.objects.filter(client=client).delete()
        Subscription.objects.filter(client=client, ended_at=None).update(ended_at=timezone.now())
        record(None, Act.WRITE, thing="client", thing_id=client.pk, detail={"closed": True})


def subscribe(client_id: str, *, url: str) -> Subscription:
    """Have notices of changed markers sent to `url`, which is https, or of this machine.

    Raises NotFoundError, SettingsError.
    """
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in LOCAL
    if not parts.hostname or not (parts.scheme == "https" or plain) or parts.username or parts.password:
        raise SettingsError("Notices go to an address that begins with https://, without a name or password in it.")
    with transaction.atomic():
        made = Subscription.objects.create(client=_client(client_id), url=url)
        record(None, Act.WRITE, thing="subscription", thing_id=made.pk)
        return made


def signing_secret(subscription: Subscription) -> str:
    """The secret that signs this address's notices. It is worked out, not kept: it changes with the service's key."""
    made = salted_hmac("trigpoint.notices", str(subscription.pk), algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(made).decode()}"


def _client(client_id: str) -> Client:
    client = Client.objects.filter(pk=client_id, owner__role=Role.SYSTEM_CLIENT).first()
    if client is None:
        raise NotFoundError("There is no such client.", mend="`trigpoint web clients` lists them.")
    return client
