"""Holds, requests, decisions about what of a pack is disclosed, and erasures with their proofs.

What names a child by a foreign key goes with the child. Disclosures and erasures are proofs: they name a child by a
number and a key that, once the child is erased, lead to nobody.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models import Child


class Hold(models.Model):
    """That a child's record must stay for now, and why: neither retention nor a request deletes it meanwhile."""

    class Ground(models.TextChoices):
        """Why a record has to stay."""

        INVESTIGATION = "investigation", _("A police investigation or prosecution")
        COURT = "court", _("Court proceedings, or a court's order")
        INQUIRY = "inquiry", _("A public inquiry or a safeguarding practice review")
        COMPLAINT = "complaint", _("A complaint or a claim")
        REQUEST = "request", _("The person asked for it to be kept")

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    child_key = models.CharField(max_length=20)
    ground = models.CharField(max_length=16, choices=Ground)
    reason = models.TextField()
    review_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"hold {self.pk}"


class Request(models.Model):
    """That somebody asked for their own information, for it to be put right, or for it to be erased."""

    class Kind(models.TextChoices):
        """What was asked for (UK GDPR Arts 15 to 17; DPA 2018 ss45 to 47 where police hold it)."""

        ACCESS = "access", _("A copy of what is held")
        RECTIFICATION = "rectification", _("To put something right")
        ERASURE = "erasure", _("To erase")

    class AskedBy(models.TextChoices):
        """Who asked."""

        CHILD = "child", _("The child, or the adult that they are now")
        PARENT = "parent", _("Somebody with parental responsibility")
        REPRESENTATIVE = "representative", _("A solicitor or another representative")
        COURT = "court", _("Somebody whom a court appointed")

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    child_key = models.CharField(max_length=20)
    kind = models.CharField(max_length=14, choices=Kind)
    asked_by = models.CharField(max_length=16, choices=AskedBy)
    received_on = models.DateField()
    # The clock starts once it is known who asks (UK GDPR Art 12A): None until then.
    identity_on = models.DateField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    extension_reason = models.TextField(blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """Oldest first: they have a date by which they are due."""

        ordering: ClassVar = ["received_on", "pk"]

    def __str__(self) -> str:
        return f"request {self.pk}: {self.kind}"


class Answer(models.Model):
    """What was answered to a request, and on which ground. Once."""

    class Outcome(models.TextChoices):
        """What was done."""

        GRANTED = "granted", _("Done as asked")
        PARTLY = "partly", _("Done in part")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn by whoever asked")

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=10, choices=Outcome)
    ground = models.CharField(max_length=24, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"answer to request {self.request_id}: {self.outcome}"


class ItemDecision(models.Model):
    """What an officer decided about one entry of a pack. The last one stands while the entry is as it was read."""

    class Verdict(models.TextChoices):
        """What becomes of the entry."""

        DISCLOSE = "disclose", _("Disclose")
        REDACT = "redact", _("Disclose without some words")
        WITHHOLD = "withhold", _("Withhold, and say so")
        OMIT = "omit", _("Withhold, and do not say so")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="decisions")
    item = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=32)
    verdict = models.CharField(max_length=8, choices=Verdict)
    words = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    exemption = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By entry, in order."""

        indexes: ClassVar = [models.Index(fields=["request", "item", "-id"])]

    def __str__(self) -> str:
        return f"decision {self.pk}: {self.verdict}"


class Disclosure(models.Model):
    """That a pack left: which request, how many entries, which exemptions, and the fingerprint of the file."""

    request_number = models.BigIntegerField()
    child_number = models.BigIntegerField()
    child_key = models.CharField(max_length=20)
    entries = models.IntegerField()
    redacted = models.IntegerField()
    withheld = models.IntegerField()
    exemptions = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"


class Erasure(models.Model):
    """One erasure from decision to proof: when, by whom, on which ground, how many rows and what they hashed to.

    `child_number` is None where agencies' agreements ask for rows of the store to go (`trigpoint retain`). `files`
    names what is still to be dropped and is empty in the end; `done_at` makes the row a proof that nobody changes.
    """

    class Ground(models.TextChoices):
        """Why something is erased."""

        RETENTION = "retention", _("Its time is over (UK GDPR Art 5(1)(e))")
        REQUEST = "request", _("A request for erasure was granted (UK GDPR Art 17)")
        UNLAWFUL = "unlawful", _("It should never have been held (UK GDPR Art 17(1)(d))")
        AGREEMENT = "agreement", _("Agencies' agreements ask for it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child_number = models.BigIntegerField(null=True)
    child_key = models.CharField(max_length=20, blank=True)
    other_keys = ArrayField(models.CharField(max_length=20), default=list)
    ground = models.CharField(max_length=10, choices=Ground)
    rule = models.CharField(max_length=24, blank=True)
    request_number = models.BigIntegerField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=16, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    store_done_at = models.DateTimeField(null=True, blank=True)
    files_done_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    hashes = models.JSONField(default=dict)
    files = ArrayField(models.UUIDField(), default=list)
    # Names of agencies' own files that hold the child still: theirs to delete.
    extracts = ArrayField(models.CharField(max_length=500), default=list)

    class Meta:
        """Newest first. A child has one at a time that is on its way."""

        ordering: ClassVar = ["-decided_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child_number"],
                condition=models.Q(stopped_at__isnull=True, done_at__isnull=True),
                name="erased_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
