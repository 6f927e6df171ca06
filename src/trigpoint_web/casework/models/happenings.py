"""Missing episodes, and events that agencies post here as they happen."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models.children import Child, Run


class MissingEpisode(models.Model):
    """From one report to one return, once, whoever tells of it: a run, another system or a person here.

    `event_id` is the core's event that is believed about it, where the core tells of it.
    """

    class Origin(models.TextChoices):
        """Who brought it."""

        RUN = "run", _("An agency's extract")
        POSTED = "posted", _("Another system")
        HERE = "here", _("A person here")

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="missing_episodes")
    event_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    origin = models.CharField(max_length=6, choices=Origin)
    agency = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    opened_day_only = models.BooleanField(default=False)
    risk = models.CharField(max_length=20, blank=True)
    from_place = models.CharField(max_length=200, blank=True)
    from_easting = models.IntegerField(null=True, blank=True)
    from_northing = models.IntegerField(null=True, blank=True)
    found_at = models.DateTimeField(null=True, blank=True)
    found_place = models.CharField(max_length=200, blank=True)
    found_easting = models.IntegerField(null=True, blank=True)
    found_northing = models.IntegerField(null=True, blank=True)
    found_with = models.CharField(max_length=40, blank=True)
    # What agencies' extracts tell of the return interview: held, declined, offered, or nothing; when, and who says so.
    told_interview = models.CharField(max_length=10, blank=True, default="", db_default="")
    told_on = models.DateField(null=True, blank=True)
    told_by = models.CharField(max_length=40, blank=True, default="", db_default="")
    # What other sources tell of it beside: rows of event_id, agency, opened_at (wall clock) and day_only.
    also_told = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    # Who ended it here, where a person did: no run may open it again.
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    request_key = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        """By child, newest first; open ones at once."""

        indexes: ClassVar = [
            models.Index(fields=["child", "-opened_at"]),
            models.Index(fields=["opened_at"], condition=models.Q(found_at__isnull=True), name="missing_now"),
        ]

    def __str__(self) -> str:
        return f"missing episode {self.pk}"


class PostedEvent(models.Model):
    """An event that another agency's system posted, as it was posted. Goes to the core with the next extract."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="posted_events")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    attributes = models.JSONField(default=dict)
    person = models.JSONField(default=dict)
    place = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField()

    class Meta:
        """A key is used once by a client."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["by", "request_key"], name="posted_once")]

    def __str__(self) -> str:
        return f"{self.kind} posted at {self.at:%Y-%m-%d}"
