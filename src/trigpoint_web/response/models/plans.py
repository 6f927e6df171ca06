"""Notes, safety plans, return interviews."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models import Child, MissingEpisode


class Note(models.Model):
    """What a person wrote about a child. Once kept it does not change; a correction is a new note that names it."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    happened_on = models.DateField(null=True, blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class SafetyPlan(models.Model):
    """A child's safety and disruption plan. What it says stands in its versions."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="safety_plans")

    def __str__(self) -> str:
        return f"safety plan of child {self.child_id}"


class PlanVersion(models.Model):
    """The whole plan as somebody wrote it. `sections` is text by section (see `response/sections.py`)."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sections = models.JSONField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """Versions in order; two people cannot write the same one."""

        ordering: ClassVar = ["plan", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of plan {self.plan_id}"


class ReturnInterview(models.Model):
    """What was said of the interview after a child returned. The last row of an episode stands."""

    class Kind(models.TextChoices):
        """What happened."""

        OFFERED = "offered", _("Offered")
        DECLINED = "declined", _("The child did not want one")
        HELD = "held", _("Held")
        NOT_OFFERED = "not_offered", _("Not offered, with the reason")

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="interviews")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()
    interviewer = models.CharField(max_length=200, blank=True)
    independent = models.BooleanField(null=True)
    harm_told = models.BooleanField(null=True)
    text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """In order of writing."""

        ordering: ClassVar = ["episode", "pk"]

    def __str__(self) -> str:
        return f"return interview {self.kind}"
