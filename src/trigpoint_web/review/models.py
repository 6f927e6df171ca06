"""Questions about who is one child, and what people answered. An answer is never changed; a later one stands."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models import Child, Run


class LinkQuestion(models.Model):
    """Two records of which linkage cannot say whether they are one child. Comes in with a run, once."""

    question_id = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20)
    record_a = models.CharField(max_length=20)
    record_b = models.CharField(max_length=20)
    child_a = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    child_b = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"question {self.question_id}"


class StandingQuestion(models.Model):
    """That the last run still asks it."""

    question = models.OneToOneField(LinkQuestion, on_delete=models.CASCADE, primary_key=True, related_name="standing")

    def __str__(self) -> str:
        return f"question {self.question_id} stands"


class Judgement(models.Model):
    """A person's word on whether two records are one child. Goes to the core; no run overturns it."""

    class Verdict(models.TextChoices):
        """What was judged."""

        SAME = "same", _("The same child")
        DIFFERENT = "different", _("Different children")

    record_a = models.CharField(max_length=20)
    record_b = models.CharField(max_length=20)
    verdict = models.CharField(max_length=9, choices=Verdict)
    reason = models.TextField()
    question = models.ForeignKey(LinkQuestion, on_delete=models.PROTECT, null=True, related_name="judgements")
    # The children whose records these were when it was judged: who may see them may see this.
    child_a = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    child_b = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="judgements")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """By pair, in order of time."""

        indexes: ClassVar = [models.Index(fields=["record_a", "record_b", "-at"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(record_a__lt=models.F("record_b")), name="pair_in_order")
        ]

    def __str__(self) -> str:
        return f"judgement {self.pk}: {self.verdict}"


class KeyQuestion(models.Model):
    """A run gave a child's records another key, and an open case hangs on the old one: a person says what follows."""

    class Kind(models.TextChoices):
        """What happened to the key."""

        JOINED = "joined", _("All its records are another child's now")
        PARTED = "parted", _("Some of its records are another child's now")

    old = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="key_questions")
    new = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    why = models.TextField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Asked once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["old", "new", "at"], name="key_asked_once")]

    def __str__(self) -> str:
        return f"{self.old_id} and {self.new_id}: {self.kind}"


class KeyAnswer(models.Model):
    """What a person said: the case moves to the new key, or stays with the old one."""

    class Choice(models.TextChoices):
        """What follows."""

        MOVE = "move", _("The case moves to the new key")
        STAY = "stay", _("The case stays where it is")

    question = models.OneToOneField(KeyQuestion, on_delete=models.PROTECT, related_name="answer")
    choice = models.CharField(max_length=4, choices=Choice)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"answer to {self.question_id}: {self.choice}"
