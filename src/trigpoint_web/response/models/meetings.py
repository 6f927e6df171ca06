"""Panel meetings and strategy discussions: agenda, minutes, decisions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models import Child


class Meeting(models.Model):
    """A meeting of several agencies. It is planned, then held (`held_at`), then closed (`closed_at`)."""

    class Kind(models.TextChoices):
        """What sort of meeting."""

        PANEL = "panel", _("Multi-agency child exploitation panel (MACE)")
        STRATEGY = "strategy", _("Strategy discussion")

    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=200)
    area = models.ForeignKey("accounts.Area", on_delete=models.PROTECT, related_name="+")
    planned_for = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="chaired")
    invited = models.ManyToManyField("accounts.Agency", related_name="meetings")
    held_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-planned_for"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who was there, for which agency."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.agency_id} at meeting {self.meeting_id}"


class AgendaItem(models.Model):
    """A child on the agenda, and the stated reasons for it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="agenda_items")
    reasons = ArrayField(models.CharField(max_length=40))
    asked = models.TextField(blank=True)
    order = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A child once in a meeting."""

        ordering: ClassVar = ["meeting", "order", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "child"], name="on_agenda_once")]

    def __str__(self) -> str:
        return f"item {self.order} of meeting {self.meeting_id}"


class Minute(models.Model):
    """What was said about a child, as one person wrote it down. A correction is a new minute that names the old."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="minutes")
    text = models.TextField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """In order of writing."""

        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"minute {self.pk}"


class Decision(models.Model):
    """What was agreed about a child, in a meeting or outside one. Never changed; a later one may replace it."""

    class Kind(models.TextChoices):
        """The decisions that a strategy discussion or a panel records (domain 10.1)."""

        SECTION_47 = "section_47", _("Section 47 enquiry")
        NO_SECTION_47 = "no_section_47", _("No section 47 enquiry")
        NRM_REFERRAL = "nrm_referral", _("Refer to the National Referral Mechanism")
        NO_NRM_REFERRAL = "no_nrm_referral", _("No NRM referral, with the reason")
        CRIMINAL_INVESTIGATION = "criminal_investigation", _("Criminal investigation of exploiters")
        DISRUPTION = "disruption", _("Disrupt exploiters or places")
        SAFETY_PLAN = "safety_plan", _("Make or change the safety plan")
        SHARE = "share", _("Share information")
        SUPPORT = "support", _("Support for the child and family")
        NO_FURTHER_STEP = "no_further_step", _("No further step now, with the reason")
        OTHER = "other", _("Something else")

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    kind = models.CharField(max_length=24, choices=Kind)
    text = models.TextField()
    reason = models.TextField()
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"decision {self.pk}: {self.kind}"
