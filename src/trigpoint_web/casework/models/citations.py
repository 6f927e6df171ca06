"""What the core found and proposed. A row comes in once and never changes: it is what a decision stood on.

Which of them a run still stands by is kept beside them, in the standing tables, and made anew by each run.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models.children import Child, Run


class Citation(models.Model):
    """A finding as it came in. `kinds` are the kinds of its events: agreements hide by kind."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="citations")
    finding_id = models.CharField(max_length=20, unique=True)
    indicator = models.CharField(max_length=80)
    version = models.IntegerField()
    title = models.CharField(max_length=200)
    theme = models.CharField(max_length=40)
    sentence = models.TextField()
    from_on = models.DateField()
    to_on = models.DateField()
    agencies = ArrayField(models.CharField(max_length=40))
    sources = ArrayField(models.CharField(max_length=40))
    kinds = ArrayField(models.CharField(max_length=60))
    event_ids = ArrayField(models.CharField(max_length=64))
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        """By child and day."""

        indexes: ClassVar = [models.Index(fields=["child", "-to_on"])]

    def __str__(self) -> str:
        return self.title


class StandingCitation(models.Model):
    """That the last run still finds it."""

    citation = models.OneToOneField(Citation, on_delete=models.CASCADE, primary_key=True, related_name="standing")

    def __str__(self) -> str:
        return f"citation {self.citation_id} stands"


class Proposal(models.Model):
    """A marker that findings propose. New findings make a new row under the same `proposal_id` (child and rule)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="proposals")
    content_key = models.CharField(max_length=32, unique=True)
    proposal_id = models.CharField(max_length=20, db_index=True)
    form = models.CharField(max_length=40)
    rule = models.CharField(max_length=80)
    rule_version = models.IntegerField()
    why = models.TextField()
    what_would_change = models.TextField(blank=True)
    online = models.BooleanField()
    overlap_cse = models.BooleanField()
    from_on = models.DateField()
    to_on = models.DateField()
    agencies = ArrayField(models.CharField(max_length=40))
    sources = ArrayField(models.CharField(max_length=40))
    citations: models.ManyToManyField[Citation, Any] = models.ManyToManyField(
        Citation, through="ProposalCitation", related_name="proposals"
    )
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="proposals")

    class Meta:
        """By child and form."""

        indexes: ClassVar = [models.Index(fields=["child", "form"])]

    def __str__(self) -> str:
        return f"{self.form} proposed by {self.rule}"


class ProposalCitation(models.Model):
    """That a proposal stands on a citation."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Once each."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "citation"], name="cited_once")]

    def __str__(self) -> str:
        return f"proposal {self.proposal_id} on citation {self.citation_id}"


class StandingProposal(models.Model):
    """That the last run still proposes it."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, primary_key=True, related_name="standing")

    def __str__(self) -> str:
        return f"proposal {self.proposal_id} stands"


class ProposalDecision(models.Model):
    """A person's word on a proposal. Never changed; a later proposal with new findings is decided anew."""

    class Verdict(models.TextChoices):
        """What was decided."""

        ACCEPTED = "accepted", _("A marker was set or kept")
        DECLINED = "declined", _("Declined")

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    step = models.ForeignKey("MarkerStep", on_delete=models.PROTECT, null=True, related_name="+")
    request_key = models.UUIDField(null=True)

    class Meta:
        """One decision on one state of a proposal."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal"], name="decided_once")]

    def __str__(self) -> str:
        return f"proposal {self.proposal_id}: {self.verdict}"


class NotKnown(models.Model):
    """An indicator that could not be answered for a child with a proposal, and which kinds nobody covers."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="not_known")
    indicator = models.CharField(max_length=80)
    version = models.IntegerField()
    title = models.CharField(max_length=200)
    missing = ArrayField(models.CharField(max_length=60))

    def __str__(self) -> str:
        return self.title
