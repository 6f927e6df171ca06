"""What is kept of agencies' systems beside their accounts: requests that were answered, calls, notices to be sent.

A client and its tokens are django-allauth's (`allauth.idp.oidc`): secrets and tokens are kept as hashes alone.
"""

from __future__ import annotations

from typing import ClassVar

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from trigpoint_web.casework.models import Marker, MissingEpisode, PostedEvent


class AnsweredRequest(models.Model):
    """That a client's request with this key was carried out: the same key again changes nothing.

    `fingerprint` is a keyed hash of what was sent; another request under the same key is refused.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    event = models.ForeignKey(PostedEvent, on_delete=models.CASCADE, null=True, related_name="+")
    episode = models.ForeignKey(MissingEpisode, on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A key is used once by a client."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["by", "key"], name="answered_once")]

    def __str__(self) -> str:
        return f"request {self.key}"


class Calls(models.Model):
    """When a client called within the last minute. Nothing else is kept of it, and a crash may forget it."""

    client = models.CharField(max_length=100, primary_key=True)
    at = ArrayField(models.DateTimeField())

    def __str__(self) -> str:
        return f"calls of {self.pk}"


class Subscription(models.Model):
    """An address to which notices go when the marker of a child changes whom the client may see."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(max_length=500)
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Notice(models.Model):
    """That a marker of a child changed, to be sent to one address until it is taken. Holds no word about the child."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="notices")
    marker = models.ForeignKey(Marker, on_delete=models.CASCADE, related_name="+")
    steps = models.IntegerField()
    status = models.CharField(max_length=10)
    child_key = models.CharField(max_length=20)
    made_at = models.DateTimeField(auto_now_add=True)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        """Each standing of a marker is told once; those that wait are found at once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "marker", "steps", "status"], name="told_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(delivered_at__isnull=True, gave_up_at__isnull=True),
                name="notices_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
