"""Words that many pages of casework share: days, ages, names of codes, and where a page lives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models.markers import Level
from trigpoint_web.casework.presenters.pack_words import form_title
from trigpoint_web.casework.speech import speech

LEVEL_COLOURS: Final[dict[str, str]] = {
    Level.CONCERN: "govuk-tag--yellow",
    Level.SUSPECTED: "govuk-tag--orange",
    Level.CONFIRMED: "govuk-tag--red",
}
__all__ = [
    "LEVEL_COLOURS",
    "address",
    "age",
    "agencies",
    "called",
    "code_title",
    "day",
    "form_title",
    "lasting",
    "moment",
]


def called(face: Mapping[str, object]) -> str:
    """The child's name, as far as the agreement shows it."""
    name = f"{face.get('given_names') or ''} {face.get('surname') or ''}".strip()
    return name or _("Name not shown")


def age(born: date | None) -> str:
    """How old a child is today; nothing where no birthday is known or shown."""
    if born is None:
        return ""
    on = today()
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return ngettext("%(years)s year old", "%(years)s years old", years) % {"years": years}


def day(on: date | datetime | None) -> str:
    """A day, in the reader's language."""
    if on is None:
        return ""
    local = timezone.localtime(on) if isinstance(on, datetime) and timezone.is_aware(on) else on
    return date_format(local, "j F Y")


def moment(at: datetime | None) -> str:
    """A day and time of day, in the reader's language."""
    if at is None:
        return ""
    return date_format(timezone.localtime(at) if timezone.is_aware(at) else at, "j F Y, H:i")


def lasting(since: datetime, *, until: datetime | None = None) -> str:
    """How long something has lasted: in days, or in hours within the first two days."""
    hours = int(((until or timezone.now()) - since).total_seconds() // 3600)
    if hours < 1:
        return _("less than an hour")
    if hours < 48:
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return ngettext("%(days)s day", "%(days)s days", hours // 24) % {"days": hours // 24}


def agencies(kinds: Iterable[str]) -> str:
    """Kinds of agency inside a sentence, in the order of the pack, with "and" before the last."""
    return speech().agencies(kinds)


def code_title(codes: str, value: Any) -> str:
    """A code in the pack's words; the code itself where a newer pack has another."""
    known = speech().pack.codes[codes].values.get(str(value))
    return known.title if known else str(value)


def address(route: str, *given: object) -> str | None:
    """Where a page lives; None where its app is not installed."""
    try:
        return reverse(route, args=given)
    except NoReverseMatch:
        return None
