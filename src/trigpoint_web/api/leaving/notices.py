"""Tell agencies' systems that a marker changed, until they take it. A notice holds a key and a time, nothing else.

What changed is worked out from the markers themselves: whatever was written before a crash is found afterwards, and
no write of casework waits for anybody's server. Notices are signed as https://www.standardwebhooks.com says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import requests
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from standardwebhooks import Webhook

from trigpoint_web.accounts.models import User
from trigpoint_web.api.clients import signing_secret
from trigpoint_web.api.models import Notice, Subscription
from trigpoint_web.api.policy import EXPORT, can_be_system
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.models import Purpose
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.reading import exporting
from trigpoint_web.casework.models import MarkerStanding
from trigpoint_web.casework.policy import children_visible_to

SECONDS: Final = 10  # that an answer may take
HELD: Final = timedelta(minutes=2)  # a notice that is being sent is nobody else's meanwhile
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
MOST_ATTEMPTS: Final = 24  # over some four days
AT_ONCE: Final = 500


@dataclass(frozen=True)
class Delivered:
    """What one round did."""

    found: int
    taken: int
    waiting: int
    given_up: int


def deliver_notices() -> Delivered:
    """Find what changed, and send what is due. Needs the tables' owner; works as each client in turn."""
    found = sum(_collect(one) for one in _open_ones())
    results = [_send(one) for one in list(_due()[:AT_ONCE])]
    waiting = Notice.objects.filter(delivered_at=None, gave_up_at=None).count()
    given_up = Notice.objects.exclude(gave_up_at=None).count()
    return Delivered(found, sum(results), waiting, given_up)


def _open_ones() -> list[Subscription]:
    """Addresses whose client may still be told: open, with the scope."""
    open_ones = Subscription.objects.filter(ended_at=None).select_related("client__owner__agency")
    return [one for one in open_ones if can_be_system(one.client.owner) and EXPORT in one.client.get_scopes()]


def _collect(subscription: Subscription) -> int:
    """Write down a notice for each marker that stands otherwise than was told, of children whom the client sees."""
    owner: User = subscription.client.owner
    with transaction.atomic(), working_as(owner):
        told = Notice.objects.filter(
            subscription=subscription, marker=OuterRef("marker"), steps=OuterRef("steps"), status=OuterRef("status")
        )
        seen = children_visible_to(owner).values("pk")
        changed = MarkerStanding.objects.filter(child__in=seen).filter(~Exists(told)).select_related("child")
        standings = list(changed.filter(last_at__gte=subscription.since) | changed.filter(_was_told(subscription)))
        fresh = [
            Notice(
                subscription=subscription, marker_id=one.pk, steps=one.steps, status=one.status,
                child_key=one.child.key, next_at=timezone.now(),
            )
            for one in standings
        ]  # fmt: skip
        told_of = sorted({one.child_id for one in standings})
        Notice.objects.bulk_create(fresh, ignore_conflicts=True)
        if fresh:
            purpose = Purpose.objects.create(
                user=owner, code=Purpose.Code.SAFEGUARDING, text="notices of markers", ended_at=timezone.now()
            )
            exporting(Acting(owner, purpose), "notices", rows=len(fresh), children=told_of)
    return len(fresh)


def _was_told(subscription: Subscription) -> Exists:
    """A marker of which a notice went out is followed on: its expiry is no step, and comes later."""
    return Exists(Notice.objects.filter(subscription=subscription, marker=OuterRef("marker")))


def _due() -> QuerySet[Notice]:
    return (
        Notice.objects.filter(delivered_at=None, gave_up_at=None, next_at__lte=timezone.now())
        .filter(subscription__in=[one.pk for one in _open_ones()])
        .order_by("next_at", "pk")
    )


def _send(notice: Notice) -> bool:
    """Send one, unless another process has it or it is no longer the client's to know. Whether it was taken."""
    if not _hold(notice):
        return False
    notice.refresh_from_db()
    owner: User = notice.subscription.client.owner
    with working_as(owner):
        still = children_visible_to(owner).filter(key=notice.child_key).exists()
    problem = _put(notice) if still else "no longer visible"
    now = timezone.now()
    if not problem:
        Notice.objects.filter(pk=notice.pk).update(delivered_at=now, problem="")
        return True
    gives_up = not still or notice.attempts >= MOST_ATTEMPTS
    Notice.objects.filter(pk=notice.pk).update(
        problem=problem, next_at=now + wait_after(notice.attempts), gave_up_at=now if gives_up else None
    )
    return False


def _hold(notice: Notice) -> bool:
    now = timezone.now()
    waiting = Notice.objects.filter(pk=notice.pk, delivered_at=None, gave_up_at=None, next_at__lte=now)
    return bool(waiting.update(attempts=F("attempts") + 1, next_at=now + HELD))


def wait_after(attempts: int) -> timedelta:
    """How long to wait after that many attempts: half a minute, then twice as long each time, six hours at most."""
    return min(FIRST_WAIT * int(2 ** min(attempts - 1, 20)), LONGEST_WAIT)


def _put(notice: Notice) -> str:
    """Send it; what went wrong, or nothing. Redirects are not followed: the address is the one that was agreed."""
    body = json.dumps(message(notice), separators=(",", ":"))
    try:
        answer = requests.post(
            notice.subscription.url,
            data=body.encode(),
            headers={"Content-Type": "application/json"} | signed(notice, body, at=timezone.now()),
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,  # its answer's body is not read
        )
    except requests.RequestException as fault:
        return type(fault).__name__[:60]
    with answer:
        return "" if 200 <= answer.status_code < 300 else f"status {answer.status_code}"


def message(notice: Notice) -> dict[str, object]:
    """What is sent: that the marker of a child changed. Ask for it with the key, and that is recorded."""
    return {"type": "marker.changed", "timestamp": notice.made_at.isoformat(), "data": {"child": notice.child_key}}


def signed(notice: Notice, body: str, *, at: datetime) -> dict[str, str]:
    """The headers that prove whence it comes; the id stays the same when it is sent again."""
    name = f"notice_{notice.pk}"
    signature = Webhook(signing_secret(notice.subscription)).sign(name, at, body)
    return {"webhook-id": name, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}
