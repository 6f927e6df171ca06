"""Documents about a child. The file itself lies outside the database, under a name that says nothing."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.models.children import Child


class Document(models.Model):
    """One uploaded file: what it is, who sent it, and its fingerprint."""

    class State(models.TextChoices):
        """Whether it may be opened."""

        WAITING = "waiting", _("Being checked")
        CLEAN = "clean", _("Checked")
        REFUSED = "refused", _("Refused: something harmful was found")

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(unique=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return self.title
