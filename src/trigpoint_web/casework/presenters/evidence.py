"""Proposals, markers with their steps, and findings, as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trigpoint.services.speak import Words
from trigpoint_web.casework.agreement import CitationShown
from trigpoint_web.casework.models import Citation, MarkerStep, Proposal, ProposalDecision
from trigpoint_web.casework.presenters.summary import marker_tag
from trigpoint_web.casework.presenters.wording import address, agencies, day, form_title
from trigpoint_web.casework.queries.child_page import MarkerShown, ProposalShown
from trigpoint_web.casework.speech import in_page, speech


@dataclass(frozen=True)
class Evidence:
    """A finding in words: what was seen, by whom, and when."""

    pk: int
    title: Words
    sentence: Words
    seen_by: str
    between: str
    narrowed: bool
    indicator: str
    version: int


@dataclass(frozen=True)
class ProposalLines:
    """A proposal: what is proposed, why, on what, what would change it, and what was decided."""

    proposal: Proposal
    form: str
    why: Words
    change: Words
    brought: str
    evidence: list[Evidence]
    decisions: list[str]
    waits: bool
    stands: bool
    href: str | None


@dataclass(frozen=True)
class MarkerLines:
    """A marker: how it stands, what it says now, who did what last, and where its whole life is read."""

    pk: int
    form: str
    tag: dict[str, str]
    stands: bool
    now: list[dict[str, str]]
    disputes: list[str]
    last: str
    reason: str
    observation: str
    evidence: list[Evidence]
    steps: int
    href: str | None


def evidence_lines(citations: Iterable[CitationShown]) -> list[Evidence]:
    """Findings, the newest first."""
    return [_evidence(one) for one in sorted(citations, key=lambda one: one.citation.to_on, reverse=True)]


def _evidence(shown: CitationShown) -> Evidence:
    one = shown.citation
    between = day(one.to_on) if one.from_on == one.to_on else f"{day(one.from_on)} – {day(one.to_on)}"
    return Evidence(
        one.pk, shown.title, shown.sentence, agencies(one.agencies), between, shown.narrowed, one.indicator, one.version
    )


def proposal_lines(shown: Sequence[ProposalShown], *, may_decide: bool) -> list[ProposalLines]:
    """Each proposal: those that wait for a decision first."""
    lines = [_proposal(one, may_decide=may_decide) for one in shown]
    return sorted(lines, key=lambda one: not one.waits)


def _proposal(shown: ProposalShown, *, may_decide: bool) -> ProposalLines:
    one = shown.proposal
    decisions = list(one.decisions.all())
    waits = shown.stands and not decisions
    return ProposalLines(
        proposal=one,
        form=form_title(one.form),
        why=why_shown(one, shown.citations),
        change=speech().change(one.what_would_change),
        brought=_("Brought by the run of %(day)s; newest evidence of %(to_on)s, from %(agencies)s.")
        % {"day": day(one.run.at), "to_on": day(one.to_on), "agencies": agencies(one.agencies)},
        evidence=evidence_lines(shown.citations),
        decisions=[_decided(decision) for decision in decisions],
        waits=waits,
        stands=shown.stands,
        href=address("casework:proposal", one.child.key, one.pk) if waits and may_decide else None,
    )


@dataclass(frozen=True)
class Waiting:
    """What waits for a decision on one form: why, in how many ways, and where it is read."""

    form: str
    whys: list[Words]
    brought: str
    pk: int


def waiting_by_form(lines: Iterable[ProposalLines]) -> list[Waiting]:
    """Proposals that wait, gathered by form: most reasons first, the unclear form last."""
    by_form: dict[str, list[ProposalLines]] = {}
    for one in lines:
        by_form.setdefault(one.proposal.form, []).append(one)
    return [
        Waiting(of[0].form, list(dict.fromkeys(one.why for one in of)), of[0].brought, of[0].proposal.pk)
        for form, of in sorted(by_form.items(), key=lambda pair: (pair[0] == "not_yet_clear", -len(pair[1]), pair[0]))
    ]


def why_shown(proposal: Proposal, citations: Sequence[CitationShown]) -> Words:
    """Why it is proposed; not where the agreement hides some of what that rests on."""
    whole = len(citations) == len(proposal.citations.all()) and not any(one.narrowed for one in citations)
    if not whole:
        return in_page(_("Your agency's agreement hides some of the evidence for this."))
    return speech().why(proposal.why, rule=proposal.rule, version=proposal.rule_version)


def _decided(decision: ProposalDecision) -> str:
    return _("%(verdict)s by %(who)s, %(agency)s, on %(day)s: %(reason)s") % {
        "verdict": decision.get_verdict_display(),
        "who": decision.by.full_name,
        "agency": decision.by.agency.name,
        "day": day(decision.at),
        "reason": decision.reason,
    }


def marker_lines(shown: Iterable[MarkerShown], *, citations: dict[int, CitationShown]) -> list[MarkerLines]:
    """Each marker. `citations` are those of the child that the person may read, by id."""
    return [_marker(one, citations) for one in shown]


def _marker(shown: MarkerShown, citations: dict[int, CitationShown]) -> MarkerLines:
    last = shown.standing.last
    return MarkerLines(
        pk=shown.marker.pk,
        form=form_title(shown.marker.form),
        tag=marker_tag(str(shown.standing.status), last.level if last else ""),
        stands=shown.standing.is_open,
        now=_says(last) if last else [],
        disputes=[
            _("%(who)s, on %(day)s: %(reason)s")
            % {"who": one.get_disputed_by_display(), "day": day(one.at), "reason": one.reason}
            for one in shown.disputes
        ],
        last=_last_step(last) if last else "",
        reason=shown.standing.reason,
        observation="\n".join(one.observation for one in shown.steps if one.observation),
        evidence=evidence_lines({one.pk: citations[one.pk] for one in _cited(shown) if one.pk in citations}.values()),
        steps=len(shown.steps),
        href=address("casework:marker", shown.marker.child.key, shown.marker.pk),
    )


def _cited(shown: MarkerShown) -> Iterable[Citation]:
    return (one for step in shown.steps for one in step.citations.all())


def _last_step(step: MarkerStep) -> str:
    return _("%(what)s by %(who)s, %(agency)s, on %(day)s") % {
        "what": step.get_kind_display(),
        "who": step.by.full_name,
        "agency": step.agency.name,
        "day": day(step.at),
    }


def _says(step: MarkerStep) -> list[dict[str, str]]:
    told = step.get_told_display() + (f", {day(step.told_on)}" if step.told_on else "")
    rows = {
        _("Other forms"): ", ".join(map(form_title, step.sub_forms)),
        _("Happens online too"): step.get_online_display(),
        _("Sexual exploitation feared too"): step.get_overlap_display(),
        _("Child told of the marker"): f"{told}. {step.not_told_why}".strip() if step.not_told_why else told,
        _("Shared on the basis of"): step.get_sharing_basis_display(),
        _("Conditions of sharing"): step.sharing_conditions,
        _("Review"): day(step.review_on),
        _("Runs out"): day(step.expires_on),
    }
    return [{"key": key, "value": str(value)} for key, value in rows.items() if value]
