"""What casework knows already that a referral to the National Referral Mechanism needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trigpoint_web.casework.agreement import CitationShown
from trigpoint_web.casework.clocks import pilot_ends_on, today
from trigpoint_web.casework.presenters.wording import agencies, day, form_title
from trigpoint_web.casework.queries.child_page import MarkerShown
from trigpoint_web.response.models import Decision, ReferralCheck
from trigpoint_web.response.referral_items import open_items

# What is ticked on the form for which form of exploitation (domain 3.4).
MONEY = frozenset({"financial_exploitation"})


def known(
    *, markers: Sequence[MarkerShown], citations: Sequence[CitationShown], decisions: Sequence[Decision], born: Any
) -> list[dict[str, Any]]:
    """Rows of a summary list: what to take into the form."""
    open_forms = {one.marker.form for one in markers if one.standing.is_open}
    forms = [form_title(form) for form in sorted(open_forms)]
    kinds = {one.kind for one in decisions}
    said = [
        (_("Markers that stand"), ", ".join(forms) or _("None")),
        (_("Boxes to tick"), _boxes(open_forms)),
        (_("Findings to go through"), _findings(citations)),
        (_("Decision to refer"), _("Recorded") if "nrm_referral" in kinds else _("Not recorded yet")),
        (_("A local panel may decide until"), _pilot(born)),
    ]
    return [{"key": {"text": key}, "value": {"text": value}} for key, value in said if value]


def summary_of(check: ReferralCheck | None) -> str:
    """How far the check is, in one sentence."""
    if check is None:
        return _("Not begun.")
    left = len(open_items(check.answers))
    if not left:
        return _("Complete on %(day)s, by %(who)s.") % {"day": day(check.at), "who": check.by.full_name}
    said = ngettext("%(left)s question is open", "%(left)s questions are open", left) % {"left": left}
    return _("%(said)s (last looked at on %(day)s by %(who)s).") % {
        "said": said,
        "day": day(check.at),
        "who": check.by.full_name,
    }


def _boxes(forms: set[str]) -> str:
    if not forms:
        return ""
    crime = _("Forced to commit crime")
    return f"{crime}; {_('Forced to commit fraud; Wages taken')}" if forms & MONEY else crime


def _findings(citations: Sequence[CitationShown]) -> str:
    if not citations:
        return _("None")
    who = agencies({agency for one in citations for agency in one.citation.agencies})
    first = min(one.citation.from_on for one in citations)
    last = max(one.citation.to_on for one in citations)
    number = len(citations)
    said = ngettext("%(number)s finding", "%(number)s findings", number) % {"number": number}
    return _("%(said)s from %(who)s, %(first)s to %(last)s") % {
        "said": said,
        "who": who,
        "first": day(first),
        "last": day(last),
    }


def _pilot(born: Any) -> str:
    """The last day for a devolved panel, where the area has one: more than 100 days before eighteen."""
    ends = pilot_ends_on(born) if born else None
    if ends is None:
        return ""
    return day(ends) if ends >= today() else _("Not any more: less than 100 days to the eighteenth birthday")
