"""Places, groups, lines and online spaces: things of their own, with the children around them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models import Child


class Thing(models.Model):
    """Something that several children share and that can be worked on itself."""

    class Kind(models.TextChoices):
        """What it is."""

        PLACE = "place", _("Place")
        GROUP = "group", _("Group")
        LINE = "line", _("Line")
        ONLINE_SPACE = "online_space", _("Online space")

    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    describes = models.TextField(blank=True)
    area = models.ForeignKey("accounts.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    postcode = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.name


class ThingChild(models.Model):
    """That a child is around a thing: since when, who says so, and how it is known."""

    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="things")
    since = models.DateField(null=True, blank=True)
    how = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_reason = models.TextField(blank=True)

    class Meta:
        """A child once around a thing at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["thing", "child"], condition=models.Q(ended_at__isnull=True), name="around_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"child {self.child_id} around thing {self.thing_id}"
