"""A marker in words: what it says now, its steps, and what somebody else did meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from trigpoint_web.casework.models import MarkerStep, ProposalDecision
from trigpoint_web.casework.models.markers import YesNoUnknown
from trigpoint_web.casework.presenters.wording import LEVEL_COLOURS, day, form_title, moment
from trigpoint_web.casework.queries.child_page import MarkerShown
from trigpoint_web.casework.status import OF_STEPS, Standing, Status

Rows = list[dict[str, Any]]


def status_said(standing: Standing) -> str:
    """What a marker is now, in words."""
    level = standing.last.get_level_display() if standing.last else ""
    return {
        Status.SET: level,
        Status.ENDED: _("Ended"),
        Status.EXPIRED: _("Run out"),
        Status.NONE: _("Not set"),
    }[standing.status]


def status_tag(standing: Standing) -> dict[str, Any]:
    """The same as a tag."""
    colour = LEVEL_COLOURS.get(standing.last.level) if standing.last and standing.is_open else None
    return {"text": status_said(standing), "classes": colour or "govuk-tag--grey"}


def rows_of(step: MarkerStep, form: str, *, reason: str) -> Rows:
    """What a marker says after a step, and why it stands so, row by row, as a summary list takes it."""
    said = [
        (_("Form"), form_title(form)),
        (_("Other forms too"), ", ".join(form_title(one) for one in step.sub_forms)),
        (_("How sure"), step.get_level_display()),
        (_("Online too"), YesNoUnknown(step.online).label),
        (_("Sexual exploitation feared too"), YesNoUnknown(step.overlap).label),
        (_("Child told"), _told(step)),
        (_("Basis of sharing"), step.get_sharing_basis_display()),
        (_("Conditions of sharing"), step.sharing_conditions),
        (_("Reason"), reason),
        (_("To be looked at again on"), day(step.review_on)),
        (_("Runs out on"), day(step.expires_on)),
    ]
    return summary(said)


def summary(said: Iterable[tuple[Any, Any]]) -> Rows:
    """Rows of a summary list; what is empty is left out."""
    return [{"key": {"text": key}, "value": {"text": value}} for key, value in said if value not in ("", None)]


def steps_of(shown: MarkerShown) -> Rows:
    """The steps of a marker as a timeline, newest first."""
    return [
        {
            "label": step.get_kind_display(),
            "byline": f"{step.by.full_name}, {step.agency.name}",
            "datetime": {"timestamp": step.at.isoformat(), "text": moment(step.at)},
            "text": _step_said(step),
        }
        for step in reversed(shown.steps)
    ]


def changes_said(changes: Sequence[Model]) -> list[str]:
    """What somebody else did meanwhile, one sentence each."""
    return [_change_said(change) for change in changes]


def _told(step: MarkerStep) -> str:
    said = step.get_told_display()
    if step.told_on:
        return _("%(how)s, %(day)s") % {"how": said, "day": day(step.told_on)}
    return f"{said}. {step.not_told_why}" if step.not_told_why else said


def _step_said(step: MarkerStep) -> SafeString:
    parts = [format_html('<p class="govuk-body">{}{}</p>', _opening(step), step.reason)]
    if step.about is not None:
        about = _("About step %(number)s (%(kind)s)") % {
            "number": step.about.number,
            "kind": step.about.get_kind_display().lower(),
        }
        parts.append(format_html('<p class="govuk-body-s">{}</p>', about))
    if step.observation:
        parts.append(format_html('<p class="govuk-body">{}: {}</p>', _("Own observation"), step.observation))
    return format_html_join("", "{}", ((part,) for part in parts))


def _opening(step: MarkerStep) -> str:
    """Who disputes, or how sure the step is; a step about another one is neither."""
    level = "" if step.kind in OF_STEPS else step.get_level_display()
    said = step.get_disputed_by_display() if step.disputed_by else level
    return f"{said}: " if said else ""


def _change_said(change: Model) -> str:
    if isinstance(change, MarkerStep):
        said = {"what": change.get_kind_display(), "form": form_title(change.marker.form), "reason": change.reason}
        return _("%(who)s, %(when)s: %(what)s, %(form)s (%(level)s). “%(reason)s”") % (
            said | {"who": change.by.full_name, "when": moment(change.at), "level": change.get_level_display()}
        )
    if isinstance(change, ProposalDecision):
        said = {"who": change.by.full_name, "when": moment(change.at), "form": form_title(change.proposal.form)}
        return _("%(who)s, %(when)s: declined the proposal of %(form)s. “%(reason)s”") % (
            said | {"reason": change.reason}
        )
    by, at = getattr(change, "by", None), getattr(change, "at", None)
    return _("%(who)s, %(when)s: changed it.") % {"who": by.full_name if by else "", "when": moment(at) if at else ""}
