"""Words of the pack that stand on pages, so that they are translated like all others. A test holds them to the pack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FORMS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "county_lines": (
        _("County lines"),
        _("Child carries, stores or sells drugs or money for a network that works through phone lines, near or far."),
    ),
    "local_supply": (
        _("Local drug supply"),
        _("Child is used to carry, store or sell drugs within the area where they live."),
    ),
    "cannabis_cultivation": (_("Cannabis growing"), _("Child is made to tend or guard cannabis plants.")),
    "acquisitive_crime": (
        _("Stealing for others"),
        _("Child is made to steal, shoplift, pick pockets, rob, burgle or take vehicles for others."),
    ),
    "financial_exploitation": (
        _("Moving money for others"),
        _("Child's account, wallet, identity or purchases are used to hold, move or hide money for others."),
    ),
    "violence": (_("Violence for others"), _("Child is made to threaten or hurt others, or to hold weapons.")),
    "online_control": (
        _("Control online"),
        _("Child is watched, ordered or threatened at a distance through phones, apps or recordings held over them."),
    ),
    "cuckooing": (
        _("A home taken over"),
        _("Exploiters take over a home as a base; the child lives there, is sent there or is kept there."),
    ),
    "debt_bondage": (_("Debt bondage"), _("Child is told of a debt, real or staged, and made to work it off.")),
    "forced_begging": (_("Forced begging"), _("Child is made to beg for others.")),
    "other": (_("Another form"), _("Child is exploited to commit crime in a way not listed here.")),
    "not_yet_clear": (
        _("Criminal exploitation, form not yet clear"),
        _(
            "Child may be criminally exploited; which form it takes is not known yet, and need not be for help to "
            "begin."
        ),
    ),
}
AGENCIES: Final[dict[str, str | Promise]] = {
    "police": _("Police"),
    "missing_persons": _("Missing-persons service"),
    "childrens_services": _("Children's services"),
    "education": _("Education"),
    "health": _("Health"),
    "youth_justice": _("Youth justice"),
    "nrm": _("National Referral Mechanism log"),
    "bank": _("Bank"),
    "platform": _("Online platform"),
    "housing": _("Housing"),
    "charity": _("Charity"),
    "casework": _("Casework"),
}


def form_title(code: str) -> str:
    """The form of exploitation in the reader's language; the code itself where a newer pack has another."""
    return str(FORMS[code][0]) if code in FORMS else code.replace("_", " ")


def agency_titles(codes: Iterable[str]) -> list[str]:
    """The kinds of agency in the reader's language, in the order of the pack."""
    asked = set(codes)
    return [str(words) for code, words in AGENCIES.items() if code in asked] + sorted(asked - set(AGENCIES))
