"""The sections of a safety and disruption plan (domain 10.4): what it asks about, in order."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SECTIONS: Final[dict[str, str | Promise]] = {
    "words": _("The child's own words, and what works for them"),
    "danger": _("What we are worried about, and what we want instead"),
    "people": _("Adults whom the child trusts, a code word, a safe place"),
    "contact": _("What to do if somebody makes contact or threatens; whom to ring, at which hours"),
    "phone": _("Phone and accounts: location, numbers, blocking, keeping evidence"),
    "missing": _("If the child is missing: what usually goes before, and the carer's first hour"),
    "home": _("Home: parents and carers, brothers and sisters, visitors"),
    "school": _("School: the way there, breaks, a named adult, no exclusion without talking first"),
    "money": _("Debt and bank: never pay, whom to tell, the account, the bank's safeguarding contact"),
    "places": _("Places, groups and online spaces, and what is done about them"),
    "health": _("Health: injuries, substances, trauma"),
    "adults": _("Adults who exploit: no contact, orders, disruption"),
    "contingency": _("If the plan does not hold"),
}
