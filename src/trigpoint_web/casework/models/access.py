"""What narrows or widens who may see a child beside the facts of involvement and area."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models.children import Child


class Restriction(models.Model):
    """A child whom only named people may see: to everybody else there is no such child."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="restrictions")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    may_see = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_reason = models.TextField(blank=True)

    class Meta:
        """One restriction of a child at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(ended_at__isnull=True), name="restricted_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"restriction of child {self.child_id}"


class ConflictOfInterest(models.Model):
    """That a person may not see a child whom they know from elsewhere: kin, neighbour, own household."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """One conflict of a person with a child at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "user"], condition=models.Q(ended_at__isnull=True), name="conflicted_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"conflict of interest with child {self.child_id}"


class EmergencyAccess(models.Model):
    """Access taken at once because a child is in danger: with a reason, for a few hours, shown and reviewed."""

    class Outcome(models.TextChoices):
        """What the review said."""

        JUSTIFIED = "justified", _("Justified")
        NOT_JUSTIFIED = "not_justified", _("Not justified")

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="emergency_accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergency_accesses")
    reason = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)
    review_note = models.TextField(blank=True)

    class Meta:
        """Open ones are looked up on every read."""

        indexes: ClassVar = [models.Index(fields=["user", "until"])]
        verbose_name_plural = "emergency accesses"

    def __str__(self) -> str:
        return f"emergency access to child {self.child_id}"
