"""An invented partnership in casework: agencies, people and a few children, for the tests of casework.

Nobody here is real. Numbers are of the ranges kept for tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from trigpoint.services.read_border import (
    BorderChild,
    BorderCitation,
    BorderInvolvement,
    BorderMissing,
    BorderNotKnown,
    BorderProposal,
    BorderQuestion,
    BorderRun,
    BorderSuccession,
)
from trigpoint_web.accounts.models import Agency, Area, Role, Team, User
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.models import Purpose
from trigpoint_web.casework.actions.marker_form import MarkerForm
from trigpoint_web.casework.models import Child, ChildFace, Involvement, Run

AT = datetime(2026, 11, 1, 9, 0)
AGENCIES = {  # code: (kind, areas)
    "police": ("police", ("RV", "LF")),
    "services_rv": ("childrens_services", ("RV",)),
    "services_lf": ("childrens_services", ("LF",)),
    "school_rv": ("education", ("RV",)),
    "bank": ("bank", ()),
}


def child(key: str, **more: Any) -> BorderChild:
    """An invented child of the border, of Riverside unless said otherwise."""
    given = {
        "child_key": key, "names": (("police", "Robin", f"Invented{key}"),), "identifiers": (), "sex": "M",
        "birth_on": date(2011, 5, 4), "ethnicity": "WBRI", "disability": None, "area": "RV", "home_area": "RV",
        "postcode": "RV1 2AB", "easting": 400000, "northing": 300000, "in_care": False, "records": 1,
        "sources": ("police",), "agencies": ("police",),
    }  # fmt: skip
    return BorderChild(**(given | more))


def involved(key: str, agency: str = "police", areas: tuple[str, ...] = ("RV",)) -> BorderInvolvement:
    return BorderInvolvement(key, agency, date(2025, 1, 1), date(2026, 10, 1), areas)


def citation(key: str, number: int = 1, **more: Any) -> BorderCitation:
    given = {
        "finding_id": f"f{number}{key}", "child_key": key, "indicator": "missing_three_times_in_90_days", "version": 1,
        "title": "Missing three times or more in 90 days", "theme": "going_missing",
        "sentence": f"Reported missing {number + 2} times.", "from_on": date(2026, 8, 1), "to_on": date(2026, 10, 1),
        "agencies": ("police",), "sources": ("police",), "kinds": ("missing",), "event_ids": (f"e{number}{key}",),
    }  # fmt: skip
    return BorderCitation(**(given | more))


def proposal(key: str, *findings: int, rule: str = "missing_in_several_ways", **more: Any) -> BorderProposal:
    given = {
        "proposal_id": f"p{rule[:4]}{key}", "child_key": key, "form": "county_lines", "rule": rule, "rule_version": 1,
        "why": "Missing reports worry in more ways than one.", "what_would_change": "", "online": False,
        "overlap_cse": False, "from_on": date(2026, 8, 1), "to_on": date(2026, 10, 1), "agencies": ("police",),
        "sources": ("police",), "finding_ids": tuple(f"f{number}{key}" for number in findings or (1,)),
    }  # fmt: skip
    return BorderProposal(**(given | more))


def missing(key: str, number: int = 1, **more: Any) -> BorderMissing:
    given = {
        "event_id": f"m{number}{key}", "child_key": key, "agency": "police", "day_only": False, "risk": "medium",
        "opened_at": datetime(2026, 10, 30, 21, 0), "from_place": "Riverside", "from_easting": 400000,
        "from_northing": 300000, "found_at": None, "found_place": None, "found_easting": None,
        "found_northing": None, "found_with": None,
    }  # fmt: skip
    return BorderMissing(**(given | more))


@dataclass
class Brought:
    """A run as the border hands it over, from lists. Has the methods of `services.read_border.Border`."""

    number: int = 1
    kids: list[BorderChild] = field(default_factory=list)
    involving: list[BorderInvolvement] = field(default_factory=list)
    found: list[BorderCitation] = field(default_factory=list)
    proposed: list[BorderProposal] = field(default_factory=list)
    unknown: list[BorderNotKnown] = field(default_factory=list)
    asked: list[BorderQuestion] = field(default_factory=list)
    keys: list[BorderSuccession] = field(default_factory=list)
    away: list[BorderMissing] = field(default_factory=list)

    @property
    def run(self) -> BorderRun:
        at = AT.replace(day=self.number)
        return BorderRun("Riverside (invented)", True, self.number, at, date(2026, 10, 31), "england_wales", 1)

    def children(self) -> Iterator[BorderChild]:
        return iter(self.kids)

    def involvements(self) -> Iterator[BorderInvolvement]:
        return iter(self.involving)

    def citations(self) -> Iterator[BorderCitation]:
        return iter(self.found)

    def proposals(self) -> Iterator[BorderProposal]:
        return iter(self.proposed)

    def not_known(self) -> Iterator[BorderNotKnown]:
        return iter(self.unknown)

    def questions(self) -> Iterator[BorderQuestion]:
        return iter(self.asked)

    def successions(self) -> Iterator[BorderSuccession]:
        return iter(self.keys)

    def missing(self) -> Iterator[BorderMissing]:
        return iter(self.away)


class World:
    """Agencies and people of the invented partnership; children are made as a test needs them."""

    def __init__(self) -> None:
        named = {"RV": "Riverside", "LF": "Lowford"}
        self.areas = {code: Area.objects.create(code=code, name_en=name) for code, name in named.items()}
        self.agencies = {code: self._agency(code, *given) for code, given in AGENCIES.items()}
        self._made = 0

    def _agency(self, code: str, kind: str, areas: tuple[str, ...]) -> Agency:
        made = Agency.objects.create(code=code, name_en=f"Invented {code}", kind=kind, phone="01632 960001")
        made.areas.set([self.areas[area] for area in areas])
        return made

    def person(self, agency: str = "police", role: str = Role.PRACTITIONER, *, serves: tuple[str, ...] = ()) -> User:
        """Somebody of that agency and role, in a team that serves the areas."""
        self._made += 1
        team = None
        if serves:
            team = Team.objects.create(agency=self.agencies[agency], name=f"Team {self._made}")
            team.areas.set([self.areas[area] for area in serves])
        return User.objects.create_user(
            f"person{self._made}@example.invalid", full_name=f"Invented Person {self._made}",
            agency=self.agencies[agency], role=role, team=team,
        )  # fmt: skip

    def acting(self, user: User | None = None, code: str = Purpose.Code.SAFEGUARDING, **more: Any) -> Acting:
        """The person at work with a purpose."""
        user = user or self.person(**more)
        return Acting(user, Purpose.objects.create(user=user, code=code))

    def run(self) -> Run:
        made = Run.objects.first()
        return made or Run.objects.create(
            partnership="Riverside (invented)", run_no=0, at="2026-10-01T00:00Z", as_at=date(2026, 10, 1),
            pack="england_wales", pack_version=1,
        )  # fmt: skip

    def child(self, key: str = "CAAA", *, area: str | None = "RV", involved: tuple[str, ...] = ("police",)) -> Child:
        """A child with a face, in an area, with agencies involved."""
        made = Child.objects.create(key=key, area=self.areas[area] if area else None, first_run=self.run())
        ChildFace.objects.create(
            child=made, given_names="Robin", surname=f"Invented{key}", birth_on=date(2011, 5, 4), run=self.run()
        )
        for code in involved:
            Involvement.objects.create(child=made, agency=self.agencies[code], since=date(2025, 1, 1))
        return made


def marker_form(**more: Any) -> MarkerForm:
    """A filled-in form for a marker that stands on the person's own observation."""
    given: dict[str, Any] = {
        "form": "county_lines", "level": "suspected", "reason": "Seen with new phones and cash.", "told": "spoken",
        "told_on": date(2026, 11, 2), "sharing_basis": "public_task", "observation": "Said that a debt is owed.",
    }  # fmt: skip
    return MarkerForm(**(given | more))


def sql(query: str, *given: object) -> list[tuple[Any, ...]]:
    """The rows of a query on the test's connection."""
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall()) if cursor.description else []


key = uuid4
