"""The check before a referral to the National Referral Mechanism (NRM): what was looked at, by whom, and when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from trigpoint_web.casework.models import Child


class ReferralCheck(models.Model):
    """The whole check as somebody filled it in. `answers` is by item (see `response/referral_items.py`)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="referral_checks")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """In order of writing."""

        ordering: ClassVar = ["child", "pk"]

    def __str__(self) -> str:
        return f"referral check {self.number} of child {self.child_id}"
