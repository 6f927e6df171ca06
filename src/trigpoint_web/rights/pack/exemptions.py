"""On what grounds something may be kept from whoever asks for their own information.

The Data Protection Act 2018 gives the grounds; each is for the officer to weigh, with advice where it is a serious one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trigpoint_web.rights.models import Request


@dataclass(frozen=True)
class Exemption:
    """One ground: what it is, where it stands, and for whose requests alone where it is for some."""

    title: str | Promise
    law: str
    asked_by: tuple[str, ...] = ()


EXEMPTIONS: Final = {
    "others": Exemption(
        _("It is somebody else's information, and disclosing it without their agreement is not reasonable"),
        "DPA 2018 Sch 2 para 16",
    ),
    "harm": Exemption(
        _("Disclosing it would be likely to seriously harm somebody's physical or mental health"),
        "DPA 2018 Sch 3 paras 5, 11 and 19",
    ),
    "child_abuse": Exemption(
        _("It is child abuse data, and disclosing it to this person is not in the child's best interests"),
        "DPA 2018 Sch 3 para 21",
        (Request.AskedBy.PARENT, Request.AskedBy.COURT),
    ),
    "crime": Exemption(
        _("Disclosing it would be likely to prejudice preventing, detecting or prosecuting crime"),
        "DPA 2018 Sch 2 para 2; s45(4) where police hold it",
    ),
    "privilege": Exemption(_("It is legal advice, or was made for legal proceedings"), "DPA 2018 Sch 2 para 19"),
}


def choices_for(request: Request) -> list[tuple[str, str]]:
    """The grounds that there are for a request of this kind of person, with where each stands."""
    return [
        (code, f"{one.title} ({one.law})")
        for code, one in EXEMPTIONS.items()
        if not one.asked_by or request.asked_by in one.asked_by
    ]


def said(code: str) -> str:
    """A ground in words, with where it stands."""
    return f"{EXEMPTIONS[code].title} ({EXEMPTIONS[code].law})"
