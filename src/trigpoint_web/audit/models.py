"""Purposes, audit rows and the head of their chain.

A row is written in the transaction of what it records, and is never changed: the database refuses it (see the
migrations). Its place in the chain (`seq`, `prev_hash`, `hash`) is given by the database too, so that a row that was
written past this code is chained like any other.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.Model):
    """Why a person looks at children's records now: asked once a task, named by every audit row of that task."""

    class Code(models.TextChoices):
        """The purposes that a person may choose from."""

        SAFEGUARDING = "safeguarding", _("Safeguarding a child")
        STRATEGY_DISCUSSION = "strategy_discussion", _("Preparing or holding a strategy discussion")
        PANEL = "panel", _("Preparing or holding a panel meeting")
        MISSING_RESPONSE = "missing_response", _("Responding to a missing child")
        NRM = "nrm", _("National Referral Mechanism referral or decision")
        AUDIT = "audit", _("Checking how information was used")
        SUBJECT_ACCESS = "subject_access", _("Answering a request for a person's own information")
        EMERGENCY = "emergency", _("Emergency: a child is in danger now")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="purposes")
    code = models.CharField(_("purpose"), max_length=32, choices=Code)
    text = models.CharField(_("in your words"), max_length=500, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Purposes of one person, newest first."""

        indexes: ClassVar = [models.Index(fields=["user", "-started_at"])]

    def __str__(self) -> str:
        return str(self.get_code_display())


class Act(models.TextChoices):
    """What was done."""

    READ = "read", _("Read")
    SEARCH = "search", _("Searched")
    WRITE = "write", _("Changed")
    EXPORT = "export", _("Exported")
    PRINT = "print", _("Printed")
    REFUSE = "refuse", _("Was refused")
    SIGN_IN = "sign_in", _("Signed in or out")
    EMERGENCY = "emergency", _("Used emergency access")


class AuditRow(models.Model):
    """One act. `detail` holds codes, ids and counts, never names or free text about a person.

    `seq`, `at`, `prev_hash` and `hash` are set by the database as the row is written; whatever is given is ignored.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    act = models.CharField(max_length=12, choices=Act)
    thing_kind = models.CharField(max_length=60)
    thing_id = models.CharField(max_length=60, blank=True)
    # Not a foreign key: the row outlives the child's record, which retention may take away.
    child_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        """Looked up by child, by person and by time."""

        indexes: ClassVar = [
            models.Index(fields=["child_id", "-seq"], condition=models.Q(child_id__isnull=False), name="audit_child"),
            models.Index(fields=["actor", "-seq"], name="audit_actor"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.thing_kind}"


class ChainHead(models.Model):
    """The last row of the chain: how many there are and what it hashes to. One row, kept by the database alone."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"chain head at {self.seq}"


class UnusualReadingReview(models.Model):
    """What a governance officer said about unusual reading that a rule pointed out."""

    rule = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    outcome = models.CharField(
        max_length=20,
        choices=[("explained", _("Explained")), ("raised", _("Raised with the agency")), ("breach", _("A breach"))],
    )
    reason = models.TextField(max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One review of one thing pointed out."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "person", "day", "by"], name="one_review_each_officer")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}: {self.outcome}"
