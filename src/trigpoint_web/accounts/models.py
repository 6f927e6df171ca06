"""Areas, agencies, teams and people.

What a person may see follows from these facts and from which agencies know a child; no one is granted a child.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from trigpoint.terms.pack import load_pack


class Role(models.TextChoices):
    """What somebody's work is. One person has one role; the policy of each app says what a role may do."""

    PRACTITIONER = "practitioner", _("Practitioner")
    SUPERVISOR = "supervisor", _("Supervisor")
    PANEL_CHAIR = "panel_chair", _("Panel chair")
    ANALYST = "analyst", _("Analyst")
    AGENCY_ADMINISTRATOR = "agency_administrator", _("Agency administrator")
    GOVERNANCE_OFFICER = "governance_officer", _("Information-governance officer")
    SYSTEM_CLIENT = "system_client", _("Another agency's system")


class Language(models.TextChoices):
    """The languages that casework speaks."""

    ENGLISH = "en", "English"
    WELSH = "cy", "Cymraeg"


class Named(models.Model):
    """Something with a code and a name in both languages."""

    code = models.SlugField(_("Code"), max_length=40, unique=True, allow_unicode=False)
    name_en = models.CharField(_("Name in English"), max_length=200)
    name_cy = models.CharField(_("Name in Welsh"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["name_en"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; in English where no Welsh is known."""
        return (self.name_cy if get_language() == "cy" else "") or self.name_en


class Area(Named):
    """An area of the partnership, as the core's settings name it."""


def check_agency_kind(word: str) -> None:
    """Raise ValidationError where `word` is not one of the pack's words for an agency."""
    known = load_pack().agencies
    if word not in known:
        raise ValidationError(_("Not a kind of agency. Use one of: %(known)s") % {"known": ", ".join(sorted(known))})


class Agency(Named):
    """An organisation with people here and an agreement that says what it may see.

    `kind` is the pack's word for it (police, education …). `hidden_columns` holds "event_kind.attribute" or
    "person.column" that its agreement hides from it; `may_see_kinds` the kinds of event that it may see, all where
    empty. A `headline_only` agency sees that there is a marker and whom to call, and no more.
    """

    kind = models.CharField(_("Kind"), max_length=40, validators=[check_agency_kind])
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    areas = models.ManyToManyField(Area, related_name="agencies", blank=True, verbose_name=_("Areas"))
    headline_only = models.BooleanField(_("Sees the headline only"), default=False)
    hidden_columns = models.JSONField(_("Hidden columns"), default=list, blank=True)
    may_see_kinds = models.JSONField(_("Kinds of event it may see"), default=list, blank=True)

    class Meta(Named.Meta):
        verbose_name = _("Agency")


class Team(models.Model):
    """People of one agency who work together, for the areas they cover."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams", verbose_name=_("Agency"))
    name = models.CharField(_("Name"), max_length=200)
    areas = models.ManyToManyField(Area, related_name="teams", blank=True, verbose_name=_("Areas"))

    class Meta:
        ordering = ["agency", "name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="team_name_once_in_an_agency")]

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["User"]):
    """Makes users. E-mail addresses are kept in lower case: they are the name that people sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A saved user. Without a password, one that cannot sign in by password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this e-mail address, however it is spelt in capitals."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in, or another agency's system that asks. Never deleted: what they did keeps their name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("Email address"), unique=True)
    full_name = models.CharField(_("Full name"), max_length=200)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="people", verbose_name=_("Agency"))
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="people", null=True, blank=True, verbose_name=_("Team")
    )
    role = models.CharField(_("Role"), max_length=30, choices=Role.choices, default=Role.PRACTITIONER)
    language = models.CharField(_("Language"), max_length=2, choices=Language.choices, default=Language.ENGLISH)
    is_active = models.BooleanField(_("Can sign in"), default=True)
    is_demo = models.BooleanField(_("An invented person of the demo"), default=False)
    joined_at = models.DateTimeField(_("Joined"), auto_now_add=True)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["full_name", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="email_once_in_any_spelling")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def clean(self) -> None:
        """Raise ValidationError where the team is another agency's."""
        super().clean()
        if self.team is not None and self.team.agency_id != self.agency_id:
            raise ValidationError({"team": _("Choose a team of the person's own agency")})
