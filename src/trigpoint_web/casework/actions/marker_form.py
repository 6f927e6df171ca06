"""What is filled in to set, change, review or correct a marker, and the rules that it has to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from trigpoint.terms.pack import load_pack
from trigpoint_web.casework.actions.refused import FaultyFormError, check_text
from trigpoint_web.casework.clocks import MOST_MONTHS, REVIEW_MONTHS, add_months
from trigpoint_web.casework.models import Child, Citation, MarkerStep, Proposal
from trigpoint_web.casework.models.markers import Level, YesNoUnknown

Told = MarkerStep.Told


@dataclass(frozen=True)
class MarkerForm:
    """A marker as a person fills it in. `citations` are ids of the child's citations that it stands on.

    Without `review_on` and `expires_on` the review is due in three months and the marker runs out in twelve.
    """

    form: str
    level: str
    reason: str
    told: str
    sharing_basis: str
    sub_forms: tuple[str, ...] = ()
    online: str = YesNoUnknown.UNKNOWN
    overlap: str = YesNoUnknown.UNKNOWN
    told_on: date | None = None
    not_told_why: str = ""
    sharing_conditions: str = ""
    review_on: date | None = None
    expires_on: date | None = None
    observation: str = ""
    citations: tuple[int, ...] = ()

    @classmethod
    def like(cls, step: MarkerStep, *, form: str, reason: str) -> MarkerForm:
        """What stood after `step`, with another reason: for steps that change nothing of it."""
        kept = {name: getattr(step, name) for name in _KEPT}
        return cls(form=form, reason=reason, sub_forms=tuple(step.sub_forms), **kept)

    def columns(self) -> dict[str, Any]:
        """The columns of a step."""
        return {name: getattr(self, name) for name in (*_KEPT, "reason", "observation")} | {
            "sub_forms": list(self.sub_forms)
        }


_KEPT = (
    "level", "online", "overlap", "told", "told_on", "not_told_why", "sharing_basis", "sharing_conditions",
    "review_on", "expires_on",
)  # fmt: skip


def checked(
    form: MarkerForm,
    *,
    child: Child,
    on: date,
    proposals: Sequence[Proposal] = (),
    earlier: MarkerStep | None = None,
) -> MarkerForm:
    """The form with its dates filled in. Raises FaultyFormError with a sentence for each field that is wrong.

    A marker needs evidence: a citation of this child, a proposal's citations, or what the person observed. `earlier`
    is the step before: what it stood on stands on.
    """
    faults: dict[str, str] = {}
    _check_words(form, faults)
    _check_told(form, on, faults)
    reason = check_text(form.reason, field="reason", missing=_("Give a reason."), faults=faults)
    observation = form.observation.strip()
    if observation:
        check_text(observation, field="observation", missing="", faults=faults)
    citations = _citations(form, child, proposals, faults)
    if not citations and not observation and earlier is None:
        faults["citations"] = _("Choose at least one finding, or write what you observed yourself.")
    review_on, expires_on = _dates(form, on, faults)
    if faults:
        raise FaultyFormError(faults)
    return replace(
        form, reason=reason, observation=observation, citations=citations, review_on=review_on, expires_on=expires_on
    )


def reason_alone(reason: str) -> str:
    """The reason of a step that has nothing else. Raises FaultyFormError."""
    faults: dict[str, str] = {}
    said = check_text(reason, field="reason", missing=_("Give a reason."), faults=faults)
    if faults:
        raise FaultyFormError(faults)
    return said


def _check_words(form: MarkerForm, faults: dict[str, str]) -> None:
    forms = load_pack().forms
    if form.form not in forms:
        faults["form"] = _("Choose a form of exploitation.")
    if set(form.sub_forms) - set(forms) or form.form in form.sub_forms:
        faults["sub_forms"] = _("Choose other forms from the list.")
    choices = (
        ("level", Level.values, _("Choose concern, suspected or confirmed.")),
        ("online", YesNoUnknown.values, _("Say whether it happens online too.")),
        ("overlap", YesNoUnknown.values, _("Say whether sexual exploitation is feared too.")),
        ("sharing_basis", MarkerStep.SharingBasis.values, _("Choose the basis on which the marker is shared.")),
    )
    faults |= {name: sentence for name, words, sentence in choices if getattr(form, name) not in words}


def _check_told(form: MarkerForm, on: date, faults: dict[str, str]) -> None:
    if form.told not in Told.values:
        faults["told"] = _("Say whether the child was told of the marker.")
    elif form.told in (Told.NO, Told.NOT_YET):
        check_text(form.not_told_why, field="not_told_why", missing=_("Say why the child was not told."), faults=faults)
    elif form.told_on is None or form.told_on > on:
        faults["told_on"] = _("Give the day on which the child was told, not later than today.")


def _citations(
    form: MarkerForm, child: Child, proposals: Sequence[Proposal], faults: dict[str, str]
) -> tuple[int, ...]:
    if any(proposal.child_id != child.pk for proposal in proposals):
        faults["proposals"] = _("A proposal is about another child.")
    asked = set(form.citations)
    of_child = set(Citation.objects.filter(child=child, pk__in=asked).values_list("pk", flat=True))
    if asked - of_child:
        faults["citations"] = _("Choose findings of this child.")
    proposed = Citation.objects.filter(proposals__in=[one.pk for one in proposals]).values_list("pk", flat=True)
    return tuple(sorted(of_child | set(proposed)))


def _dates(form: MarkerForm, on: date, faults: dict[str, str]) -> tuple[date, date]:
    last = add_months(on, MOST_MONTHS)
    expires_on = form.expires_on or last
    review_on = form.review_on or min(add_months(on, REVIEW_MONTHS), expires_on)
    if not on < expires_on <= last:
        faults["expires_on"] = _("The marker has to run out after today and within twelve months.")
    if not on < review_on <= expires_on:
        faults["review_on"] = _("The review has to be after today and not after the marker runs out.")
    return review_on, expires_on
