"""Actions: what somebody agreed to do by when. What became of one is worked out from its steps."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models import Child
from trigpoint_web.response.models.meetings import Decision


class Action(models.Model):
    """One thing to do, with an owner and a date. The text stays; owner and date change by steps."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    thing = models.ForeignKey("Thing", on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    what = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """For a child or for a thing."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(child__isnull=False) | models.Q(thing__isnull=False), name="action_about_something"
            )
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"


class ActionStep(models.Model):
    """What was said of an action: given to an owner, done, put off, or dropped. Never changed."""

    class Kind(models.TextChoices):
        """What was said."""

        GIVEN = "given", _("Given")
        CHANGED = "changed", _("Owner or date changed")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("No longer needed")
        REOPENED = "reopened", _("Opened again")

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_steps")
    due_on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Steps in order; two people cannot write the same step."""

        ordering: ClassVar = ["action", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["action", "number"], name="action_step_once")]

    def __str__(self) -> str:
        return f"step {self.number} of action {self.action_id}: {self.kind}"
