"""What to consider now, each with its reason: what follows from facts and from what is happening, and no more.

Nothing here says whether a defence or a referral succeeds: a person works that out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trigpoint_web.accounts.models import User
from trigpoint_web.api.asking.shapes import Consider, Happening
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.clocks import CLOCKS
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.casework.policy import children_visible_to
from trigpoint_web.response.models import ReturnInterview

TOGETHER: Final = timedelta(hours=24)
DONE: Final = ("held", "declined", "not_offered")


class Away(NamedTuple):
    """A missing episode. `is_settled`: a return interview was held, declined or not offered, as somebody wrote here."""

    opened_at: datetime
    found_at: datetime | None
    from_place: str
    told_interview: str
    is_settled: bool


def what_to_consider(user: User, child: Child, *, marked: bool, happening: Happening | None) -> list[Consider]:
    """What somebody with this child in front of them should think of, the most urgent first."""
    agreement = Agreement.of(user.agency)
    found: list[Consider] = []
    if happening == "arrest" and marked:
        found += _arrested()
    if agreement.shows_kind("missing"):
        episodes = _episodes(child)
        found += _missing(user, child, episodes)
        if agreement.shows_kind("return_interview"):
            found += _interview(episodes)
    return found


def _episodes(child: Child) -> list[Away]:
    """The child's missing episodes, the last that began first."""
    settled = Exists(ReturnInterview.objects.filter(episode=OuterRef("pk"), kind__in=DONE))
    rows = child.missing_episodes.annotate(is_settled=settled).order_by("-opened_at", "-pk")
    return [Away(*row) for row in rows.values_list(*Away._fields)]


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


def _missing(user: User, child: Child, episodes: list[Away]) -> list[Consider]:
    episode = next((one for one in episodes if one.found_at is None), None)
    if episode is None:
        return []
    others = _others(user, child, episode)
    if not others:
        return [Consider(code="others_missing", said=_("The child is missing now. Ask whether others are with them."))]
    said = ngettext(
        "The child is missing now, and %(others)s other child went missing from the same place within a day.",
        "The child is missing now, and %(others)s other children went missing from the same place within a day.",
        others,
    )
    return [Consider(code="others_missing", said=said % {"others": others})]


def _others(user: User, child: Child, episode: Away) -> int:
    """How many other children, seen by this agency, are missing from the same place since about the same time."""
    if not episode.from_place:
        return 0
    return (
        MissingEpisode.objects.filter(
            child__in=children_visible_to(user).values("pk"), found_at=None, from_place__iexact=episode.from_place,
            opened_at__range=(episode.opened_at - TOGETHER, episode.opened_at + TOGETHER),
        )
        .exclude(child=child).values("child").distinct().count()
    )  # fmt: skip


def _interview(episodes: list[Away]) -> list[Consider]:
    ended = [(one.found_at, one) for one in episodes if one.found_at is not None]
    if not ended:
        return []
    found_at, last = max(ended, key=lambda pair: pair[0])
    if last.is_settled or last.told_interview in DONE:  # said here, or by an agency's extract
        return []
    due = CLOCKS["return_interview"].due_at(found_at)
    return [Consider(code="return_interview", said=_("A return interview is due, or overdue."), due_at=due)]
