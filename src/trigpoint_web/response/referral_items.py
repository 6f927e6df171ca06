"""What makes a referral to the National Referral Mechanism (NRM) a good one (domain 3.5), and what belongs to it.

Source: Home Office, First Responder Toolkit for England and Wales, version 1.0, April 2026, section 3, paraphrased.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Item:
    """One thing to look at: the question, and how to do it well."""

    question: Words
    help: Words


BEFORE: Final[dict[str, Item]] = {
    "first_responder": Item(
        _("A first responder sends it"),
        _("Police or the council's children's services, for instance. Schools and health pass it on to one of them."),
    ),
    "own_form": Item(_("This child has a form alone"), _("One form for each child, for brothers and sisters too.")),
    "no_consent": Item(
        _("Nobody waits for the child's consent"),
        _("A child's consent is not needed. Explain what happens, in words and with the child's information pack."),
    ),
    "safeguarding": Item(
        _("Children's services know, beside this referral"),
        _("A referral to the NRM does not take the place of safeguarding: a strategy discussion is held or called."),
    ),
    "guardian": Item(
        _("A child trafficking guardian was asked for, where the area has them"),
        _("A referral of its own to the Independent Child Trafficking Guardianship service."),
    ),
}
WORDS: Final[dict[str, Item]] = {
    "purpose": Item(
        _("It says what led to the referral"),
        _("Your own professional judgement, not that somebody told you to refer."),
    ),
    "detail": Item(
        _("It has the detail that matters, and says why something is missing"),
        _("Fear, distress or no safe time to ask are reasons. Leave no gap without one."),
    ),
    "indicators": Item(
        _("Every indicator that was seen is in it, each with what was around it"),
        _("Go through the findings on this child."),
    ),
    "chronology": Item(_("It is in order of time"), _("With days, as far as they are known.")),
    "own_words": Item(
        _("The child's own words are in it, in “”"), _("Not cut and pasted from other papers, and without blame.")
    ),
    "inconsistent": Item(
        _("What does not fit together is said, with what may explain it"),
        _("Fear, trauma, loyalty or control often explain it."),
    ),
    "late": Item(_("It says why it was not told earlier, if it was told late"), _("Threats and shame are reasons.")),
    "no_opinion": Item(_("Nothing in it is an opinion without evidence"), _("Say what was seen, and by whom.")),
    "contacts": Item(_("You and a colleague can be reached"), _("Telephone and a shared mailbox.")),
    "evidence": Item(
        _("Evidence is listed with dates"),
        _("Interview records, medical reports, assessments, statements, court papers, messages."),
    ),
}
AFTER: Final[dict[str, Item]] = {
    "types": Item(
        _("Every type that applies is ticked"),
        _(
            "Forced to commit crime, for drugs, growing and begging. Where money was moved: forced to commit fraud or "
            "wages taken too, and say in words that the child was made to launder money."
        ),
    ),
    "police": Item(
        _("The police know, and the crime number is in it"), _("The exploiters are investigated, not the child.")
    ),
    "defence": Item(
        _("Where the child is arrested or charged: the lawyer and the prosecutor know"),
        _("Section 45 of the Modern Slavery Act 2015: a child who was made to do it may have a defence."),
    ),
    "reconsider": Item(
        _("Somebody watches for the decision"),
        _("The first is aimed at within five working days. Against a negative one there are thirty days."),
    ),
}
PARTS: Final[tuple[tuple[Words, dict[str, Item]], ...]] = (
    (_("Before you write"), BEFORE),
    (_("What you write"), WORDS),
    (_("Beside it and after it"), AFTER),
)
ITEMS: Final[dict[str, Item]] = BEFORE | WORDS | AFTER
ANSWERS: Final[dict[str, Words]] = {"yes": _("Yes"), "no": _("Not yet"), "not_needed": _("Does not apply")}


def open_items(answers: dict[str, str]) -> list[Item]:
    """The items that are not done yet."""
    return [item for name, item in ITEMS.items() if answers.get(name) not in ("yes", "not_needed")]
