"""Two officers, and a run of the invented partnership in casework with a child on whom people worked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from casework_world import World, marker_form, sql
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.models import Purpose
from trigpoint_web.audit.reading import reading
from trigpoint_web.casework.actions.markers import set_marker
from trigpoint_web.casework.border import register_run
from trigpoint_web.casework.documents.keeping import keep_file
from trigpoint_web.casework.models import Child, Document
from trigpoint_web.design.models import Draft
from trigpoint_web.response.actions.writing import keep_note
from trigpoint_web.rights.models import Request

PASSWORD = "a long invented password"  # noqa: S105 - of invented people
FILE = b"%PDF-1.4 an invented letter"


@dataclass
class Worked:
    """A child of the run on whom people worked, the officers, and where things lie."""

    world: World
    child: Child
    first: Acting
    second: Acting
    store: Path
    documents: Path

    def names(self) -> set[str]:
        face = self.child.face
        return {face.given_names, face.surname}


def officer(world: World) -> Acting:
    user = world.person("services_lf", Role.GOVERNANCE_OFFICER)
    user.set_password(PASSWORD)  # somebody has to be able to say again who they are
    user.save()
    return world.acting(user, Purpose.Code.SUBJECT_ACCESS)


def place(settings: Any, folder: Path, documents: Path) -> None:
    settings.PARTNERSHIP_FOLDER, settings.DOCUMENTS_FOLDER = str(folder), documents
    settings.DATA_FOLDER = documents.parent / "data"


def work_on(world: World, child: Child) -> None:
    """A marker, a note, a document, a draft, a session and a purpose, each with the child's name in it."""
    user = world.person()
    name = f"{child.face.given_names} {child.face.surname}"
    purpose = Purpose.objects.create(user=user, code="safeguarding", text=f"About {child.face.surname}")
    acting = Acting(user, purpose)
    with transaction.atomic():
        reading(acting, child, page="child")
    set_marker(acting, child, form=marker_form(observation=f"{name} said that a debt is owed."), seen=0,
               request_key=uuid4())  # fmt: skip
    keep_note(acting, child, text=f"Spoke with {name} at home.", request_key=uuid4())
    stored = uuid4()
    Document.objects.create(
        child=child, title=f"Letter to {name}", file_name="letter.pdf", content_type="application/pdf", size=len(FILE),
        sha256=keep_file(stored, [FILE]), stored_as=stored, state="clean", by=user, agency=user.agency,
        request_key=uuid4(),
    )  # fmt: skip
    Draft.objects.create(user=user, key=f"note:{child.key}", fields={"text": [f"{name} rang"]})
    Draft.objects.create(user=user, key="minute:999", fields={"text": ["Robin somebody else"]})
    session = SessionStore()
    session["_messages"] = f"Kept for {name}"
    session.create()


def a_child_of_the_run(store: Path) -> tuple[World, Child]:
    """Register the run, and choose a child of it whom the police know and of whom something was found."""
    world = World()
    register_run(store)
    found = sql("""select c.key from casework_child c join casework_childface f on f.child_id = c.id
        where f.birth_on is not null and exists (select 1 from casework_citation t where t.child_id = c.id)
          and exists (select 1 from casework_involvement i join accounts_agency a on a.id = i.agency_id
                      where i.child_id = c.id and a.code = 'police')
        order by c.key limit 1""")
    return world, Child.objects.select_related("face").get(key=found[0][0])


def asked_for(worked: Worked, kind: str) -> Request:
    """A request of the child's own, of whom it is known who asks."""
    return Request.objects.create(
        child=worked.child, child_key=worked.child.key, kind=kind, asked_by="child", received_on="2026-11-02",
        identity_on="2026-11-02", by=worked.first.user, request_key=uuid4(), text="Asks for all of it.",
    )  # fmt: skip
