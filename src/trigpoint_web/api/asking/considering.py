"""What to consider now, each with its reason: what follows from facts and from what is happening, and no more.

Nothing here says whether a defence or a referral succeeds: a person works that out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trigpoint_web.accounts.models import User
from trigpoint_web.api.asking.shapes import Consider, Happening
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.clocks import CLOCKS
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.casework.policy import children_visible_to

TOGETHER: Final = timedelta(hours=24)
DONE: Final = ("held", "declined", "not_offered")


def what_to_consider(user: User, child: Child, *, marked: bool, happening: Happening | None) -> list[Consider]:
    """What somebody with this child in front of them should think of, the most urgent first."""
    agreement = Agreement.of(user.agency)
    found: list[Consider] = []
    if happening == "arrest" and marked:
        found += _arrested()
    if agreement.shows_kind("missing"):
        found += _missing(user, child)
        if agreement.shows_kind("return_interview"):
            found += _interview(child)
    return found


def _arrested() -> list[Consider]:
    return [
        Consider(
            code="section_45",
            said=_(
                "The child may have been made to do this: consider the defence in section 45 of the Modern Slavery "
                "Act 2015 before interview and charge."
            ),
        ),
        Consider(
            code="nrm",
            said=_("Consider a National Referral Mechanism referral. A child's consent is not needed."),
        ),
        Consider(
            code="appropriate_adult",
            said=_("Take care who comes as appropriate adult: not somebody who may be exploiting the child."),
        ),
    ]


def _missing(user: User, child: Child) -> list[Consider]:
    episode = child.missing_episodes.filter(found_at=None).order_by("-opened_at").first()
    if episode is None:
        return []
    others = _others(user, episode)
    if not others:
        return [Consider(code="others_missing", said=_("The child is missing now. Ask whether others are with them."))]
    said = ngettext(
        "The child is missing now, and %(others)s other child went missing from the same place within a day.",
        "The child is missing now, and %(others)s other children went missing from the same place within a day.",
        others,
    )
    return [Consider(code="others_missing", said=said % {"others": others})]


def _others(user: User, episode: MissingEpisode) -> int:
    """How many other children, seen by this agency, are missing from the same place since about the same time."""
    if not episode.from_place:
        return 0
    return (
        MissingEpisode.objects.filter(
            child__in=children_visible_to(user).values("pk"), found_at=None, from_place__iexact=episode.from_place,
            opened_at__range=(episode.opened_at - TOGETHER, episode.opened_at + TOGETHER),
        )
        .exclude(child=episode.child_id).values("child").distinct().count()
    )  # fmt: skip


def _interview(child: Child) -> list[Consider]:
    last = child.missing_episodes.exclude(found_at=None).order_by("-found_at").first()
    if last is None or last.found_at is None or last.interviews.filter(kind__in=DONE).exists():
        return []
    if last.told_interview in DONE:  # an agency's extract says so
        return []
    due = CLOCKS["return_interview"].due_at(last.found_at)
    return [Consider(code="return_interview", said=_("A return interview is due, or overdue."), due_at=due)]
