"""What an agency's agreement lets its people see of a child: which kinds of event, and which columns.

`hidden_columns` of an agency holds "kind.attribute" for events and "person.column" for what is said of the child;
`may_see_kinds` names the kinds of event that it may see, all where empty. A `headline_only` agency sees none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from trigpoint.services.read_timeline import ChildTimeline, TimelineEvent
from trigpoint.services.speak import Words
from trigpoint_web.accounts.models import Agency
from trigpoint_web.casework.models import ChildFace, Citation
from trigpoint_web.casework.speech import speech

PERSON: tuple[str, ...] = (
    "given_names", "surname", "birth_on", "sex", "ethnicity", "disability", "area", "postcode", "in_care",
)  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """One agency's agreement, ready to be asked."""

    headline_only: bool
    kinds: frozenset[str]
    hidden: frozenset[str]

    @classmethod
    def of(cls, agency: Agency) -> Agreement:
        """The agreement as the agency's row has it."""
        return cls(agency.headline_only, frozenset(agency.may_see_kinds), frozenset(agency.hidden_columns))

    def shows_kind(self, kind: str) -> bool:
        """Whether events of this kind are shown."""
        return not self.headline_only and (not self.kinds or kind in self.kinds)

    @property
    def tells_interviews(self) -> bool:
        """Whether what extracts tell of return interviews is shown."""
        return self.shows_kind("return_interview")

    def shows_person(self, column: str) -> bool:
        """Whether this column of the child's face is shown."""
        return f"person.{column}" not in self.hidden

    def hides_some_of(self, kinds: Iterable[str]) -> bool:
        """Whether some column of events of these kinds is hidden: then a sentence about them may give it away."""
        return any(column.partition(".")[0] in set(kinds) for column in self.hidden)


@dataclass(frozen=True)
class CitationShown:
    """A citation as a person may read it: its sentence, or its title alone where the agreement hides what it tells."""

    citation: Citation
    title: Words
    sentence: Words
    narrowed: bool


@dataclass(frozen=True)
class EventShown:
    """An event as a person may read it. `narrowed`: details are hidden by the agreement."""

    event: TimelineEvent
    narrowed: bool


def show_citations(citations: Iterable[Citation], agreement: Agreement) -> list[CitationShown]:
    """Those citations of whose events the agreement shows every kind; their sentence where it hides no column."""
    return [
        _show_citation(one, agreement) for one in citations if all(agreement.shows_kind(kind) for kind in one.kinds)
    ]


def _show_citation(one: Citation, agreement: Agreement) -> CitationShown:
    narrow, said = agreement.hides_some_of(one.kinds), speech()
    title = said.title(one.title, indicator=one.indicator)
    if narrow:
        return CitationShown(one, title, title, narrow)
    return CitationShown(one, title, said.finding(one.sentence, indicator=one.indicator, version=one.version), narrow)


def show_timeline(timeline: ChildTimeline, agreement: Agreement) -> list[EventShown]:
    """The events whose kind the agreement shows; of an event with a hidden column only that it happened.

    What an event says is one text of all its attributes, so one hidden attribute hides the text.
    """
    shown = []
    for event in timeline.events:
        if not agreement.shows_kind(event.kind):
            continue
        narrow = agreement.hides_some_of([event.kind])
        shown.append(EventShown(replace(event, said=_said_briefly(event), place=None) if narrow else event, narrow))
    return shown


def show_face(face: ChildFace, agreement: Agreement) -> dict[str, object]:
    """The child's face, column by column; what the agreement hides is not in it."""
    return {column: getattr(face, column) for column in PERSON if agreement.shows_person(column)}


def _said_briefly(event: TimelineEvent) -> str:
    return _("%(what)s (details hidden by your agency's agreement)") % {"what": event.said.partition(" (")[0]}
