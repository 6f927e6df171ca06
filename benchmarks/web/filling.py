"""Casework as it stands after years of work: agencies, people, a run, markers, and a million rows of audit.

Runs within Django, as the owner of the tables. Rows of the audit are chained by the database's own trigger, a few
hundred a transaction: a transaction that moves the head a million times would have to step over all its old versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from trigpoint_web.running.starting import as_owner, start_django

if TYPE_CHECKING:
    from benchmarks.web.prepared import Prepared

AUDIT_ROWS_A_CHILD = 1_000_000 / 60_000
MARKED = 60  # one marker for so many children
AT_ONCE = 500
# Agency, role, how many people of the fifty.
STAFF = (
    ("childrens_services", "practitioner", 20),
    ("childrens_services", "supervisor", 4),
    ("childrens_services", "panel_chair", 2),
    ("childrens_services", "analyst", 2),
    ("police", "practitioner", 10),
    ("missing_persons", "practitioner", 3),
    ("education", "practitioner", 5),
    ("health", "practitioner", 2),
    ("youth_justice", "practitioner", 2),
)
CHAINED = """
    insert into audit_auditrow (actor_id, agency_id, purpose_id, act, thing_kind, thing_id, child_id, detail)
    select p.user_id, u.agency_id, p.id,
        case when n %% 10 = 0 then 'search' else 'read' end, case when n %% 10 = 0 then 'search' else 'child' end,
        case when n %% 10 = 0 then '' else c.key end, case when n %% 10 = 0 then null else c.id end,
        case when n %% 10 = 0
             then jsonb_build_object('children', to_jsonb(kids[1 + n %% 50000:10 + n %% 50000]), 'elsewhere', 0)
             else '{{}}' end
    from generate_series(%s::bigint, %s::bigint) n
    cross join (select array_agg(id order by id) as kids from casework_child) k
    join casework_child c on c.id = kids[1 + (n * 7919) %% cardinality(kids)]
    join lateral (select * from audit_purpose order by id offset n %% {purposes} limit 1) p on true
    join accounts_user u on u.id = p.user_id
"""


def fill(made: Prepared) -> None:
    """A database with all of it, on a server of its own."""
    from benchmarks.web.place import Place
    from trigpoint_web.running.embedded import start_server

    place = Place(start_server(made.postgres), made.folder, made.partnership)
    (made.folder / "data").mkdir(exist_ok=True)
    place.trigpoint("migrate")
    place.run("-m", "benchmarks.web.filling", "--what", "people")
    print(place.trigpoint("register-run", made.partnership).stdout)
    place.run("-m", "benchmarks.web.filling", "--what", "markers")
    rows = round(made.children * AUDIT_ROWS_A_CHILD)
    place.run("-m", "benchmarks.web.filling", "--what", "audit", "--rows", str(rows))


def main(what: Annotated[str, typer.Option()], rows: Annotated[int, typer.Option()] = 0) -> None:
    """One part of it, in a process that has Django."""
    start_django(demo=False)
    with as_owner():
        {"people": _people, "markers": _markers, "audit": lambda: _audit(rows)}[what]()


def _people() -> None:
    """The demo's areas and agencies, and fifty people; each has said a purpose."""
    from trigpoint_web.accounts.models import Agency, Area, Team, User
    from trigpoint_web.accounts.signing_in.demo import AGENCIES, AREAS
    from trigpoint_web.audit.models import Purpose

    areas = [Area.objects.create(code=code, name_en=en, name_cy=cy) for code, (en, cy) in AREAS.items()]
    for code, (en, cy, kind) in AGENCIES.items():
        agency = Agency.objects.create(code=code, name_en=en, name_cy=cy, kind=kind, phone="01632 960010")
        agency.areas.set(areas)
        Team.objects.create(agency=agency, name="Exploitation").areas.set(areas)
    for code, role, number in STAFF:
        agency = Agency.objects.get(code=code)
        for n in range(number):
            person = User.objects.create_user(
                f"{role}.{n}@{code}.invalid", full_name=f"Invented {role} {n} of {code}", agency=agency, role=role,
                team=agency.teams.get(),
            )  # fmt: skip
            Purpose.objects.create(user=person, code=Purpose.Code.SAFEGUARDING)


def _markers() -> None:
    """Markers set by a supervisor, each in answer to what is proposed for a child."""
    from trigpoint_web.accounts.models import Role, User
    from trigpoint_web.audit.acting import Acting
    from trigpoint_web.casework.actions.marker_form import MarkerForm
    from trigpoint_web.casework.actions.markers import set_marker
    from trigpoint_web.casework.clocks import today
    from trigpoint_web.casework.models import Proposal
    from trigpoint_web.casework.policy import children_visible_to

    person = User.objects.filter(role=Role.SUPERVISOR).select_related("agency", "team").first()
    assert person
    acting = Acting(person, person.purposes.first())
    mine = children_visible_to(person).filter(superseded_by=None)
    wanted = max(10, mine.count() // MARKED)
    proposals = Proposal.objects.filter(child__in=mine, standing__isnull=False).order_by("child_id", "pk")
    proposals = proposals.distinct("child_id")
    for proposal in proposals.select_related("child")[:wanted]:
        form = MarkerForm(
            form=proposal.form, level="suspected", reason="Invented: agencies agree.", told="spoken", told_on=today(),
            sharing_basis="public_task", observation="Invented: seen with new phones.",
        )  # fmt: skip
        set_marker(acting, proposal.child, form=form, proposals=[proposal], seen=0, request_key=uuid4())


def _audit(rows: int) -> None:
    """Reading and searching by those people, chained row by row as they write them."""
    from django.db import connection

    from trigpoint_web.audit.models import Purpose

    query = CHAINED.format(purposes=Purpose.objects.count())
    with connection.cursor() as cursor:
        for first in range(0, rows, AT_ONCE):
            cursor.execute(query, [first, min(first + AT_ONCE, rows) - 1])


if __name__ == "__main__":
    typer.run(main)
