"""The marker and its steps. A step is written once; what the marker says now is worked out from its steps."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models.children import Child
from trigpoint_web.casework.models.citations import Citation


class Level(models.TextChoices):
    """How sure professionals are."""

    CONCERN = "concern", _("Concern")
    SUSPECTED = "suspected", _("Suspected")
    CONFIRMED = "confirmed", _("Confirmed")


class YesNoUnknown(models.TextChoices):
    """An answer that may be open."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Marker(models.Model):
    """The flag on a child for one form of exploitation."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="markers")
    form = models.CharField(max_length=40)
    opened_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.form} marker {self.pk}"


class MarkerStep(models.Model):
    """One thing that a named person did to a marker, with a reason. Carries the whole marker as it stood after it."""

    class Kind(models.TextChoices):
        """What was done."""

        SET = "set", _("Set")
        CHANGED = "changed", _("Changed")
        REVIEWED = "reviewed", _("Reviewed")
        ENDED = "ended", _("Ended")
        DISPUTED = "disputed", _("Disputed")
        ANSWERED = "answered", _("Dispute answered")
        CORRECTED = "corrected", _("Corrected")
        FOLLOWED = "followed", _("Moved with the child's key")

    class Told(models.TextChoices):
        """Whether the child was told of the marker, and how."""

        SPOKEN = "spoken", _("Yes, in words")
        WRITTEN = "written", _("Yes, in writing")
        BOTH = "both", _("Yes, in words and in writing")
        NOT_YET = "not_yet", _("Not yet")
        NO = "no", _("No")

    class DisputedBy(models.TextChoices):
        """Who says that the marker is wrong."""

        CHILD = "child", _("The child")
        PARENT = "parent", _("A parent or carer")
        AGENCY = "agency", _("An agency")

    class SharingBasis(models.TextChoices):
        """Why the marker may be shared (domain: UK GDPR Art 6 and 9, DPA 2018 Sch 1 para 18)."""

        PUBLIC_TASK = "public_task", _("Public task: safeguarding a child (UK GDPR Art 6(1)(e))")
        LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation (UK GDPR Art 6(1)(c))")
        VITAL_INTERESTS = "vital_interests", _("Vital interests: a life is in danger (UK GDPR Art 6(1)(d))")
        LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement (DPA 2018 Part 3)")
        LEGITIMATE_INTEREST = "legitimate_interest", _("Recognised legitimate interest (UK GDPR Art 6(1)(ea))")

    marker = models.ForeignKey(Marker, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    level = models.CharField(max_length=10, choices=Level)
    sub_forms = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    online = models.CharField(max_length=8, choices=YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    overlap = models.CharField(max_length=8, choices=YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    told = models.CharField(max_length=8, choices=Told)
    told_on = models.DateField(null=True, blank=True)
    not_told_why = models.TextField(blank=True)
    sharing_basis = models.CharField(max_length=24, choices=SharingBasis)
    sharing_conditions = models.TextField(blank=True)
    review_on = models.DateField()
    expires_on = models.DateField()
    reason = models.TextField()
    observation = models.TextField(blank=True)
    disputed_by = models.CharField(max_length=8, choices=DisputedBy, blank=True)
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    citations: models.ManyToManyField[Citation, Any] = models.ManyToManyField(
        Citation, through="StepCitation", related_name="steps"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="marker_steps")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """Steps in order; two people cannot write the same step."""

        ordering: ClassVar = ["marker", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["marker", "number"], name="step_once")]

    def __str__(self) -> str:
        return f"step {self.number} of marker {self.marker_id}: {self.kind}"


class StepCitation(models.Model):
    """That a step stands on a citation."""

    step = models.ForeignKey(MarkerStep, on_delete=models.PROTECT, related_name="+")
    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Once each."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["step", "citation"], name="step_cites_once")]

    def __str__(self) -> str:
        return f"step {self.step_id} on citation {self.citation_id}"


class MarkerStanding(models.Model):
    """A view: each marker as its steps leave it today. `casework/status.py` says the same of one marker in Python."""

    marker = models.OneToOneField(Marker, on_delete=models.DO_NOTHING, primary_key=True, related_name="standing")
    child = models.ForeignKey(Child, on_delete=models.DO_NOTHING, related_name="marker_standings")
    form = models.CharField(max_length=40)
    status = models.CharField(max_length=10)
    level = models.CharField(max_length=10, choices=Level)
    disputed = models.BooleanField()
    review_due = models.BooleanField()
    set_at = models.DateTimeField()
    review_on = models.DateField()
    expires_on = models.DateField()
    steps = models.IntegerField()
    last_at = models.DateTimeField()

    class Meta:
        """Read only: the database has a view of this name."""

        managed = False
        db_table = "casework_markerstanding"

    def __str__(self) -> str:
        return f"{self.form}: {self.status}"
