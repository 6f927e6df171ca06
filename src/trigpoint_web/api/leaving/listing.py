"""The systems that have an account, for the operator."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.idp.oidc.models import Client
from django.db.models import Count, Q

from trigpoint_web.api.models import Subscription
from trigpoint_web.api.policy import can_be_system


def lines() -> Iterator[str]:
    """One line a client, then one for each address of its notices. Names no child."""
    for client in Client.objects.select_related("owner__agency").order_by("created_at"):
        if client.owner is None:
            continue
        state = "open" if can_be_system(client.owner) else "closed"
        yield f"{client.pk}  {client.owner.agency.code}  {client.name}  {state}  {' '.join(client.get_scopes())}"
        waiting = Q(notices__delivered_at=None, notices__gave_up_at=None, notices__isnull=False)
        for one in Subscription.objects.filter(client=client).annotate(
            waiting=Count("notices", filter=waiting),
            given_up=Count("notices", filter=Q(notices__gave_up_at__isnull=False)),
        ):
            ended = ", ended" if one.ended_at else ""
            yield f"    notices to {one.url}: {one.waiting} waiting, {one.given_up} given up{ended}"
