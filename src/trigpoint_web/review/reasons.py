"""What the core says of records and of why they are one child, read through its front doors and made ready to show.

A record's names and birth date are shown; numbers and addresses never are: the core's words repeat none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trigpoint.errors import NotFoundError, StoreError
from trigpoint.services.explain_records import Explained, explain_child, explain_two
from trigpoint.services.read_timeline import ChildRecord, ChildTimeline, read_timeline
from trigpoint.services.workspace import Workspace, open_workspace
from trigpoint_web.accounts.models import User
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import check_sees_whole, children_visible_to
from trigpoint_web.casework.presenters.pack_words import agency_title
from trigpoint_web.casework.queries.child_page import partnership_folder

UNTOLD: Final = gettext_lazy(
    "Why they are or may be one child can be told again after the next run: what was learnt for linking was deleted "
    "together with an erased record."
)
PAIR: Final = re.compile(r"(\w+) and (\w+):")


@dataclass(frozen=True)
class RecordShown:
    """One agency's record as a person may read it. `asked`: it is the one that the question is about."""

    record_id: str
    agency: str
    source: str
    names: str
    birth_on: date | None
    rows: int
    asked: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing by the core, what it shows in words, and the table behind it."""

    title: str
    says: str
    svg: SafeString
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Why:
    """The records, why they are or may be one child, and pictures. `closed` says why nothing more can be told.

    `older`: what agencies sent since the last run was taken in is left out.
    """

    records: list[RecordShown]
    lines: list[str]
    pictures: list[Picture]
    closed: str = ""
    older: bool = False


@dataclass(frozen=True)
class Sides:
    """Two children's records side by side, and what is said of the two that are asked about; `older` as in Why."""

    left: list[RecordShown]
    right: list[RecordShown]
    evidence: list[dict[str, Any]]
    lines: list[str]
    pictures: list[Picture]
    closed: str = ""
    older: bool = False


def why_one(user: User, child: Child) -> Why:
    """Why the child's records are together. Raises RefusedError for agencies that see headlines alone."""
    check_sees_whole(user, child)
    try:
        with open_workspace(partnership_folder()) as workspace:
            timeline = _timeline(workspace, child)
            told = _told_of(lambda: explain_child(workspace, child.key, older=True))
    except NotFoundError:
        return Why([], [], [], closed=_("No run holds this child yet: there are no records to compare."))
    except StoreError as fault:
        return Why([], [], [], closed=fault.what)
    records = _records(user, timeline)
    if told is None:
        return Why(records, [], [], closed=str(UNTOLD), older=timeline.older)
    hidden = _hidden(user, told)
    pictures = _pictures(told)
    # The drawing of all records names those of children near by; where one may not be known, it is left out.
    lines = _lines_without(told.lines, hidden)
    return Why(records, lines, pictures[1:] if hidden else pictures, older=timeline.older)


def _hidden(user: User, told: Explained) -> set[str]:
    """Records near by, of children whom the person may not see."""
    near = {one["record"]: one["child"] for one in told.data["records"]}
    seen = set(children_visible_to(user).filter(key__in=set(near.values())).values_list("key", flat=True))
    return {record for record, child in near.items() if child not in seen}


def _lines_without(lines: Iterable[str], hidden: set[str]) -> list[str]:
    """The lines of those pairs that name no hidden record; the first line of each pair names both of its records."""
    kept: list[str] = []
    shown = True
    for line in lines:
        if pair := PAIR.match(line):
            shown = not hidden & set(pair.groups())
        if shown:
            kept.append(line)
    return kept


def two_sides(user: User, *, children: tuple[Child, Child], pair: tuple[str, str]) -> Sides:
    """The records of both children, and why the two may be one child or not."""
    for child in children:
        check_sees_whole(user, child)
    try:
        with open_workspace(partnership_folder()) as workspace:
            timelines = [_timeline(workspace, child) for child in children]
            told = _told_of(lambda: explain_two(workspace, *pair, older=True))
    except NotFoundError:
        return Sides([], [], [], [], [], closed=_("The records have changed since the question was asked."))
    except StoreError as fault:
        return Sides([], [], [], [], [], closed=fault.what)
    left, right = (_records(user, one, asked=pair) for one in timelines)
    older = any(one.older for one in timelines)
    if told is None:
        there = set(pair) <= {one.record_id for one in (*left, *right)}
        closed = UNTOLD if there else _("The records have changed since the question was asked.")
        return Sides(left, right, [], [], [], closed=str(closed), older=older)
    return Sides(left, right, told.data["evidence"], list(told.lines), _pictures(told), older=older)


def _told_of(explain: Callable[[], Explained]) -> Explained | None:
    """The explanation; None where what linking had learnt is gone: the records can be shown all the same."""
    try:
        return explain()
    except NotFoundError:
        return None


def _timeline(workspace: Workspace, child: Child) -> ChildTimeline:
    return read_timeline(workspace, child.key, alone=True, older=True)


def _records(user: User, timeline: ChildTimeline, *, asked: Iterable[str] = ()) -> list[RecordShown]:
    agreement = Agreement.of(user.agency)
    return [_shown(one, agreement, asked=asked) for one in timeline.records]


def _shown(one: ChildRecord, agreement: Agreement, *, asked: Iterable[str]) -> RecordShown:
    named = agreement.shows_person("given_names") and agreement.shows_person("surname")
    return RecordShown(
        one.record_id, agency_title(one.agency), one.source,
        one.names if named else _("Name not shown"),
        one.birth_on if agreement.shows_person("birth_on") else None, one.rows, asked=one.record_id in asked,
    )  # fmt: skip


def _pictures(told: Explained | None) -> list[Picture]:
    return [
        Picture(one.title, one.says, SafeString(one.svg), list(one.table.head), [list(row) for row in one.table.rows])
        for one in (told.figures if told else ())
    ]
