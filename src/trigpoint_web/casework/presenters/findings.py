"""Findings with the rule that made each, and what would have been found on another day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from trigpoint.services.replay_child import Standing
from trigpoint.services.say_rule import RuleSaid
from trigpoint.services.speak import Words
from trigpoint_web.casework.agreement import Agreement, CitationShown
from trigpoint_web.casework.models import NotKnown
from trigpoint_web.casework.presenters.evidence import Evidence, evidence_lines
from trigpoint_web.casework.presenters.wording import agencies, day, form_title
from trigpoint_web.casework.speech import in_page, speech


@dataclass(frozen=True)
class Finding:
    """A finding and its rule. `rule` is None where the pack has it no more, `older` where its version has changed."""

    evidence: Evidence
    theme: str
    rule: RuleSaid | None
    older: bool
    stands: bool


@dataclass(frozen=True)
class Replayed:
    """What a run on a day would have said: findings, proposed forms with why, and what could not be answered."""

    findings: list[dict[str, Any]]
    proposals: list[dict[str, Any]]
    not_known: list[str]


def findings(citations: Iterable[CitationShown], rules: Mapping[str, RuleSaid]) -> list[Finding]:
    """Each finding, newest first, those that the last run still finds before those that it does not."""
    shown = [_finding(one, rules) for one in citations]
    return sorted(shown, key=lambda one: not one.stands)


def _finding(shown: CitationShown, rules: Mapping[str, RuleSaid]) -> Finding:
    one = shown.citation
    rule = rules.get(one.indicator)
    themes = speech().pack.themes
    return Finding(
        evidence=evidence_lines([shown])[0],
        theme=themes[one.theme].title if one.theme in themes else "",
        rule=rule,
        older=rule is not None and rule.version != one.version,
        stands=hasattr(one, "standing"),
    )


def not_known(rows: Iterable[NotKnown]) -> list[str]:
    """What could not be answered, and why."""
    said = speech()
    return [_not_known(said.title(one.title, indicator=one.indicator).text, one.missing) for one in rows]


def _not_known(title: str, missing: Iterable[str]) -> str:
    kinds = speech().pack.kinds
    silent = ", ".join(kinds[kind].title.lower() for kind in missing if kind in kinds)
    if silent:
        return _("%(title)s: nobody reports %(kinds)s for the whole time.") % {"title": title, "kinds": silent}
    return _("%(title)s: a fact that it needs is not recorded.") % {"title": title}


def replayed(standing: Standing, rules: Mapping[str, RuleSaid], *, agreement: Agreement) -> Replayed:
    """What a run on that day would have said, narrowed to the agency's agreement.

    The rows of a replay do not name the kinds of their events; an agency whose agreement hides any kind or column
    is shown titles alone.
    """
    open_wide = not agreement.kinds and not agreement.hidden
    found = sorted(standing.findings, key=lambda one: one["to_on"], reverse=True)
    return Replayed(
        findings=[_replayed(one, rules, whole=open_wide) for one in found],
        proposals=[
            {"form": form_title(one["form"]), "why": _why(one) if open_wide else ""} for one in standing.proposals
        ],
        not_known=[_not_known(_title(one["indicator"], rules), one["missing"] or []) for one in standing.unanswered],
    )


def _why(one: Mapping[str, Any]) -> Words:
    return speech().why(one["why"], rule=one["rule"], version=one["rule_version"])


def _replayed(one: Mapping[str, Any], rules: Mapping[str, RuleSaid], *, whole: bool) -> dict[str, Any]:
    title = in_page(_title(one["indicator"], rules))
    said = {"indicator": one["indicator"], "version": one["version"]}
    return {
        "title": title,
        "sentence": speech().finding(one["sentence"], **said) if whole else title,
        "seen": _("%(day)s, seen by %(agencies)s") % {"day": day(one["to_on"]), "agencies": agencies(one["agencies"])},
    }


def _title(indicator: str, rules: Mapping[str, RuleSaid]) -> str:
    return rules[indicator].title if indicator in rules else indicator
