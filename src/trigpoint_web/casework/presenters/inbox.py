"""The inbox: its lists, each with the reason for its order, each row with the reason for its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trigpoint.services.speak import Words
from trigpoint_web.accounts.models import User
from trigpoint_web.casework.agreement import Agreement, show_citations, show_face
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child, MarkerStanding, MissingEpisode, Proposal
from trigpoint_web.casework.presenters.evidence import why_shown
from trigpoint_web.casework.presenters.summary import marker_tag, missing_line
from trigpoint_web.casework.presenters.wording import address, age, agencies, called, day, form_title, lasting, moment
from trigpoint_web.casework.queries import inbox
from trigpoint_web.casework.speech import in_page
from trigpoint_web.response.queries.plans import interview_clock
from trigpoint_web.review.models import LinkQuestion

Tag = dict[str, str]


@dataclass(frozen=True)
class Row:
    """One thing that waits: of whom, why it stands here, what it is about, and where it is done."""

    child_id: int
    name: str
    facts: str
    reason: str
    about: Words | None
    href: str
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True)
class Section:
    """One list: its name in addresses, its heading, how it is ordered, where its rows come from."""

    name: str
    heading: Promise | str
    order: Promise | str
    none: Promise | str
    query: Callable[..., inbox.Lazily[Any]]
    row: Callable[[Any, Agreement], Row]


@dataclass(frozen=True)
class List:
    """A section with its rows; `more`: there are more of them under `?list=name`."""

    section: Section
    rows: list[Row]
    more: bool


def _row(child: Child, agreement: Agreement, *, reason: str, route: str, about: Words | None = None,
         tags: tuple[Tag, ...] = (), at: str = "") -> Row:  # fmt: skip
    face: dict[str, Any] = show_face(child.face, agreement)
    area = child.area.name if child.area and face.get("area") else ""
    facts = ", ".join(filter(None, [age(face.get("birth_on")), area]))
    return Row(child.pk, called(face), facts, reason, about, f"{address(route, child.key)}{at}", tags)


def missing_row(one: MissingEpisode, agreement: Agreement) -> Row:
    """A child who is missing now."""
    tags = ({"text": _("Missing now"), "classes": "govuk-tag--red"},)
    return _row(one.child, agreement, reason=missing_line(one), route="casework:child", tags=tags)


def proposal_row(one: Proposal, agreement: Agreement) -> Row:
    """A proposal that nobody has decided."""
    reason = _("Newest evidence is of %(day)s, from %(agencies)s.") % {
        "day": day(one.to_on), "agencies": agencies(one.agencies)
    }  # fmt: skip
    why = why_shown(one, show_citations(one.citations.all(), agreement))
    waiting: list[Proposal] = one.child.waiting  # type: ignore[attr-defined]  # the query put it there
    tags = tuple({"text": form_title(form), "classes": "govuk-tag--blue"} for form in _forms(waiting))
    if others := len(waiting) - 1:
        reason += " " + ngettext(
            "One more reason waits for a decision.", "%(number)s more reasons wait for a decision.", others
        ) % {"number": others}  # fmt: skip
    return _row(one.child, agreement, reason=reason, about=why, route="casework:child-markers", tags=tags,
                at=f"#proposal-{one.pk}")  # fmt: skip


def _forms(proposals: Iterable[Proposal]) -> list[str]:
    """The forms that are proposed, each once; the one that says that the form is not clear yet comes last."""
    return sorted({one.form for one in proposals}, key=lambda form: (form == "not_yet_clear", form))


def interview_row(one: MissingEpisode, agreement: Agreement) -> Row:
    """A return interview that is not settled."""
    clock = interview_clock(one, told=agreement.tells_interviews)
    due = clock.due_at
    if due and due < timezone.now():
        reason = _("Back since %(back)s. The interview was due %(late)s ago.") % {
            "back": moment(one.found_at), "late": lasting(due)
        }  # fmt: skip
        tags = ({"text": _("Overdue"), "classes": "govuk-tag--red"},)
    else:
        reason = _("Back since %(back)s. The interview is due by %(due)s.") % {
            "back": moment(one.found_at), "due": moment(due)
        }  # fmt: skip
        tags = ({"text": _("Due"), "classes": "govuk-tag--yellow"},)
    return _row(one.child, agreement, reason=reason, route="casework:child-missing", tags=tags)


def review_row(one: MarkerStanding, agreement: Agreement) -> Row:
    """A marker whose review is due, or that is about to run out."""
    if one.review_due:
        reason = _("The review was due on %(day)s, %(days)s days ago.") % {
            "day": day(one.review_on), "days": (today() - one.review_on).days
        }  # fmt: skip
    else:
        reason = _("The marker runs out on %(day)s.") % {"day": day(one.expires_on)}
    return _marker_row(one, agreement, reason=reason)


def dispute_row(one: MarkerStanding, agreement: Agreement) -> Row:
    """A marker that somebody says is wrong."""
    return _marker_row(one, agreement, reason=_("Disputed, and not answered yet. Last written on %(day)s.") % {
        "day": day(one.last_at)
    })  # fmt: skip


def _marker_row(one: MarkerStanding, agreement: Agreement, *, reason: str) -> Row:
    tag = marker_tag(one.status, one.level)
    return _row(one.child, agreement, reason=reason, route="casework:child-markers", at=f"#marker-{one.marker_id}",
                tags=({**tag, "text": f"{form_title(one.form)}: {tag['text'].lower()}"},))  # fmt: skip


def question_row(one: LinkQuestion, agreement: Agreement) -> Row:
    """A question whether records are one child."""
    other: dict[str, Any] = show_face(one.child_b.face, agreement)
    same = one.child_a_id == one.child_b_id
    other_words = in_page(_("Is this also %(name)s?") % {"name": called(other)})
    about = Words(one.reason, "en") if same else other_words
    made = _row(one.child_a, agreement, reason=_("Asked by the run of %(day)s.") % {"day": day(one.run.at)},
                about=about, route="casework:child")  # fmt: skip
    href = address("review:question", one.pk) or address("review:list") or made.href
    return Row(made.child_id, made.name, made.facts, made.reason, made.about, href)


SECTIONS: Final = (
    Section(
        "missing", gettext_lazy("Missing now"), gettext_lazy("Longest missing first"),
        gettext_lazy("No child whom you may see is missing."), partial(inbox.EpisodesWaiting, back=False), missing_row,
    ),
    Section(
        "proposals", gettext_lazy("New proposals"), gettext_lazy("Newest evidence first, a child once"),
        gettext_lazy("No new proposal waits."), partial(inbox.NewestWaiting, known=False), proposal_row,
    ),
    Section(
        "evidence", gettext_lazy("New evidence on children known already"), gettext_lazy("Newest evidence first"),
        gettext_lazy("No new evidence on children known already."), partial(inbox.NewestWaiting, known=True),
        proposal_row,
    ),
    Section(
        "interviews", gettext_lazy("Return interviews"), gettext_lazy("Longest back first"),
        gettext_lazy("No return interview is open."), partial(inbox.EpisodesWaiting, back=True), interview_row,
    ),
    Section(
        "reviews", gettext_lazy("Reviews due"), gettext_lazy("Longest overdue first"),
        gettext_lazy("No review is due."), partial(inbox.MarkersWaiting, disputed=False), review_row,
    ),
    Section(
        "disputes", gettext_lazy("Disputed markers"), gettext_lazy("Longest without an answer first"),
        gettext_lazy("No marker is disputed."), partial(inbox.MarkersWaiting, disputed=True), dispute_row,
    ),
    Section(
        "identity", gettext_lazy("Questions about identity"), gettext_lazy("Newest run first"),
        gettext_lazy("No question about identity is open."), inbox.QuestionsWaiting, question_row,
    ),
)  # fmt: skip


def first_of_each(user: User, filters: inbox.Filters, *, most: int) -> list[List]:
    """The beginning of every list."""
    agreement = Agreement.of(user.agency)
    lists = {one.name: one.query(user, filters) for one in SECTIONS}
    found = inbox.first_of(lists, user, filters, most=most + 1)
    return [List(one, rows(one, found[one.name][:most], agreement), len(found[one.name]) > most) for one in SECTIONS]


def rows(section: Section, found: Iterable[Any], agreement: Agreement) -> list[Row]:
    """The rows of a list."""
    return [section.row(one, agreement) for one in found]


def section_named(name: str) -> Section | None:
    """The list of that name in an address."""
    return next((one for one in SECTIONS if one.name == name), None)
