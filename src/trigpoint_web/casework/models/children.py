"""Runs, children, and what the border says of them. Only the border writes here; each run brings it anew."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Run(models.Model):
    """One run of the core that was registered here, whole."""

    partnership = models.CharField(max_length=200)
    run_no = models.IntegerField()
    at = models.DateTimeField()
    as_at = models.DateField()
    pack = models.CharField(max_length=60)
    pack_version = models.IntegerField()
    invented = models.BooleanField(default=False)
    registered_at = models.DateTimeField(auto_now_add=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    counts = models.JSONField(default=dict)

    class Meta:
        """A run is registered once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["partnership", "run_no", "at"], name="run_once")]

    def __str__(self) -> str:
        return f"run {self.run_no} of {self.partnership}"


class Child(models.Model):
    """One child across agencies. `superseded_by` is the child whose key its records have now.

    `made_as` is the key under which a person made the child here, empty where a run brought it. While the two keys
    are the same no run holds the child yet; the first run that does gives it the core's key.
    """

    key = models.CharField(max_length=20, unique=True)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="preceded")
    area = models.ForeignKey("accounts.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    current = models.BooleanField(default=True)
    first_run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    made_as = models.CharField(max_length=20, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return self.key


class ChildFace(models.Model):
    """What the agencies' records say of a child together, as at the last run that held the child."""

    child = models.OneToOneField(Child, on_delete=models.CASCADE, primary_key=True, related_name="face")
    given_names = models.CharField(max_length=200, blank=True)
    surname = models.CharField(max_length=200, blank=True)
    birth_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, blank=True)
    ethnicity = models.CharField(max_length=10, blank=True)
    disability = models.CharField(max_length=20, blank=True)
    area = models.CharField(max_length=40, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    in_care = models.BooleanField(null=True)
    records = models.IntegerField(default=0)
    agencies = ArrayField(models.CharField(max_length=40), default=list)
    sources = ArrayField(models.CharField(max_length=40), default=list)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Found by birthday."""

        indexes: ClassVar = [models.Index(fields=["birth_on"])]

    def __str__(self) -> str:
        return f"{self.given_names} {self.surname}".strip()


class Name(models.Model):
    """A name that an agency's record gives a child. `grams` are its groups of three letters, for searching."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="names")
    agency = models.CharField(max_length=40)
    given_names = models.CharField(max_length=200, blank=True)
    surname = models.CharField(max_length=200, blank=True)
    folded = models.CharField(max_length=420)
    grams = ArrayField(models.CharField(max_length=3), default=list)

    class Meta:
        """Found by any group of letters."""

        indexes: ClassVar = [GinIndex(fields=["grams"])]

    def __str__(self) -> str:
        return f"{self.given_names} {self.surname}".strip()


class Identifier(models.Model):
    """A number that an agency's record gives a child: `scheme` is nhs, upn, or the source's name for its own."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=60)

    class Meta:
        """Found by value."""

        indexes: ClassVar = [models.Index(fields=["value"])]

    def __str__(self) -> str:
        return f"{self.scheme} of a child"


class Involvement(models.Model):
    """That an agency is involved with a child: since when, when last, and whom to call there."""

    class Origin(models.TextChoices):
        """Where the involvement comes from: a run, or a person or system here. A run takes back only its own."""

        RUN = "run"
        HERE = "here"

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="involvements")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="involvements")
    since = models.DateField(null=True)
    last_on = models.DateField(null=True)
    contact = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=4, choices=Origin, default=Origin.RUN)

    class Meta:
        """One involvement of an agency from each origin."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "agency", "origin"], name="involved_once_by_origin")
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "child"])]

    def __str__(self) -> str:
        return f"{self.agency_id} with {self.child_id}"
