"""The children in need census as XML: a child's referrals, each with the assessments, plans, enquiries after it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from trigpoint.synthetic.clock import DAY, spelt
from trigpoint.synthetic.files.cells import Rows
from trigpoint.synthetic.files.layouts import Layout
from trigpoint.synthetic.files.writing import Piece
from trigpoint.synthetic.life.events import Events

_PARTS: Final = ("assessment", "child_in_need_plan", "section_47", "child_protection_plan")


@dataclass
class _Item:
    """One event of a child, with what the census needs of it."""

    kind: str
    at: int
    start: str
    end: str | None
    words: dict[str, str | None]


def census_piece(rows: Rows, events: dict[str, Events], layout: Layout) -> Piece:
    """The children of `rows` (referrals) with all that followed. Rows are counted as intake counts them: in the order
    of the file, a referral before the assessments, plans and enquiries in it.
    """
    wanted = set(rows.child.tolist())
    items = _items(rows.events, "referral", wanted)
    for kind in (*_PARTS, "assessment_factor", "case_closed"):
        if kind in events:
            for child, found in _items(events[kind], kind, wanted).items():
                items[child].extend(found)
    made, numbers = [], []
    for child in sorted(items):
        body, count = _child(rows, child, sorted(items[child], key=lambda i: (i.at, i.kind != "referral")))
        made.append(body)
        numbers.extend([int(rows.people.number[child])] * count)
    told = np.array(numbers, dtype=np.int64)
    row = np.arange(1, len(told) + 1)
    return Piece(layout.file, [], "".join(made), told, np.ones(len(told), dtype=np.bool_), row, len(told))


def _items(events: Events, kind: str, wanted: set[int]) -> dict[int, list[_Item]]:
    starts, ends = spelt(events.at, "%Y-%m-%d").tolist(), spelt(events.end, "%Y-%m-%d").tolist()
    made: dict[int, list[_Item]] = defaultdict(list)
    for i, child in enumerate(events.child.tolist()):
        if child in wanted:
            words = {name: held[i] for name, held in events.words.items()}
            made[child].append(_Item(kind, int(events.at[i]), starts[i], ends[i], words))
    return made


def _child(rows: Rows, child: int, items: list[_Item]) -> tuple[str, int]:
    """A child's element and how many rows intake finds in it."""
    view = rows.view
    born = spelt(view.born[[child]] * DAY, "%Y-%m-%d")[0]
    upn = f"<UPN>{view.upn[child]}</UPN>" if view.upn[child] else "<UPNunknown>UN4</UPNunknown>"
    details, count = [], 0
    for referral, parts in _episodes(items):
        body, found = _details(referral, parts)
        details.append(body)
        count += 1 + found
    return (
        f"    <Child>\n      <ChildIdentifiers><LAchildID>{view.local[child]}</LAchildID>{upn}"
        f"<PersonBirthDate>{born}</PersonBirthDate><Sex>{view.sex[child]}</Sex></ChildIdentifiers>\n"
        f"      <ChildCharacteristics><Ethnicity>{view.ethnicity[child]}</Ethnicity><Disabilities><Disability>"
        f"{rows.people.disability[child]}</Disability></Disabilities></ChildCharacteristics>\n"
        + "".join(details)
        + "    </Child>\n"
    ), count


def _episodes(items: list[_Item]) -> list[tuple[_Item, list[_Item]]]:
    """Each referral with what follows it, up to the next. What came before the first is told elsewhere."""
    made: list[tuple[_Item, list[_Item]]] = []
    for item in items:
        if item.kind == "referral":
            made.append((item, []))
        elif made:
            made[-1][1].append(item)
    return made


def _details(referral: _Item, parts: list[_Item]) -> tuple[str, int]:
    factors = defaultdict(list)
    for item in parts:
        if item.kind == "assessment_factor":
            factors[item.start].append(str(item.words["factor"]))
    closed = next((i for i in parts if i.kind == "case_closed"), None)
    listed = [_part(item, factors) for kind in _PARTS for item in parts if item.kind == kind]
    ending = (
        f"<CINclosureDate>{closed.start}</CINclosureDate><ReasonForClosure>{closed.words['reason']}</ReasonForClosure>"
        if closed
        else ""
    )
    nfa = "true" if referral.words.get("no_further_action") == "yes" else "false"
    return (
        f"      <CINdetails>\n        <CINreferralDate>{referral.start}</CINreferralDate>"
        f"<ReferralSource>{referral.words['referral_source']}</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>{ending}\n"
        + "".join(f"        {body}\n" for body in listed)
        + f"        <ReferralNFA>{nfa}</ReferralNFA>\n      </CINdetails>\n"
    ), len(listed)


def _part(item: _Item, factors: dict[str, list[str]]) -> str:
    if item.kind == "assessment":
        return _assessment(item, factors)
    if item.kind == "child_in_need_plan":
        return f"<CINPlanDates>{_dates(item, 'CINPlanStartDate', 'CINPlanEndDate')}</CINPlanDates>"
    if item.kind == "section_47":
        conference = item.end if item.words.get("outcome") == "conference" and item.end else None
        held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
        return (
            f"<Section47><S47ActualStartDate>{item.start}</S47ActualStartDate>{held}"
            f"<ICPCnotRequired>{'false' if conference else 'true'}</ICPCnotRequired></Section47>"
        )
    abuse = item.words["category"]
    return (
        f"<ChildProtectionPlans>{_dates(item, 'CPPstartDate', 'CPPendDate')}"
        f"<InitialCategoryOfAbuse>{abuse}</InitialCategoryOfAbuse><LatestCategoryOfAbuse>{abuse}</LatestCategoryOfAbuse>"
        "<NumberOfPreviousCPP>0</NumberOfPreviousCPP></ChildProtectionPlans>"
    )


def _assessment(item: _Item, factors: dict[str, list[str]]) -> str:
    """Factors stand on the day of authorisation: an assessment takes those of that day."""
    found = dict.fromkeys(factors.pop(item.end, [])) if item.end else {}
    listed = "".join(f"<AssessmentFactors>{f}</AssessmentFactors>" for f in found)
    held = f"<FactorsIdentifiedAtAssessment>{listed}</FactorsIdentifiedAtAssessment>" if listed else ""
    return (
        f"<Assessments>{_dates(item, 'AssessmentActualStartDate', 'AssessmentAuthorisationDate')}{held}</Assessments>"
    )


def _dates(item: _Item, start: str, end: str) -> str:
    ended = f"<{end}>{item.end}</{end}>" if item.end else ""
    return f"<{start}>{item.start}</{start}>{ended}"
