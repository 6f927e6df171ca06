"""An administrator manages the accounts of their own agency: after a step-up, on the record, and of nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from invented_people import person
from trigpoint_web.accounts.models import Agency, Role, Team, User
from trigpoint_web.audit.models import Act, AuditRow

pytestmark = pytest.mark.django_db
PASSWORD = "a long invented password"  # noqa: S105 - of invented people
INVITED = {"email": "New@Example.invalid", "full_name": "New Person", "role": "practitioner", "language": "cy"}


@pytest.fixture
def office(administrator: User, signed_in: Any) -> Client:
    """The administrator's browser, after a step-up."""
    browser: Client = signed_in(administrator)
    browser.post("/sign-in/reauthenticate/", {"password": PASSWORD})
    return browser


def written() -> list[str]:
    return [row.detail["what"] for row in AuditRow.objects.filter(act=Act.WRITE, thing_kind="user").order_by("seq")]


def test_an_invitation_goes_out_in_the_persons_language_and_its_link_works_once(office: Client) -> None:
    assert office.post("/people/invite/", INVITED).status_code == 200
    new = User.objects.get(email="new@example.invalid")
    assert (new.has_usable_password(), new.agency.code, written()) == (False, "services", ["invited"])
    message = mail.outbox[0]
    assert message.to == ["new@example.invalid"]
    assert "Annwyl New Person" in message.body
    link = next(word for word in message.body.split() if word.startswith("http://")).replace("http://testserver", "")
    browser = Client()
    chosen = {"password1": "quiet lantern meadow", "password2": "quiet lantern meadow"}
    page = browser.get(link, follow=True).redirect_chain[-1][0]
    assert browser.post(page, chosen).status_code == 302
    assert User.objects.get(pk=new.pk).check_password("quiet lantern meadow")
    again = Client().get(link, follow=True)
    assert "used already" in again.content.decode()


def test_a_step_up_is_asked_and_what_was_sent_is_carried_out_after(administrator: User, signed_in: Any) -> None:
    browser = signed_in(administrator)
    asked = browser.post("/people/invite/", INVITED)
    assert asked.headers["Location"].startswith("/sign-in/reauthenticate/")
    assert not User.objects.filter(email="new@example.invalid").exists()
    browser.post(asked.headers["Location"], {"password": PASSWORD, "next": "/people/invite/"})
    assert User.objects.filter(email="new@example.invalid").exists()


def test_place_close_open(office: Client, practitioner: User, services: Agency) -> None:
    page, team = f"/people/{practitioner.pk}/", Team.objects.get()
    office.post(f"{page}place/", {"role": "supervisor", "team": team.pk})
    practitioner.refresh_from_db()
    assert (practitioner.role, practitioner.team) == (Role.SUPERVISOR, team)
    office.post(f"{page}close/")
    practitioner.refresh_from_db()
    assert not practitioner.is_active
    office.post(f"{page}open/")
    practitioner.refresh_from_db()
    assert practitioner.is_active
    assert not practitioner.has_usable_password()
    assert written() == ["placed", "closed", "opened"]


def test_a_lost_phone(office: Client, practitioner: User) -> None:
    Authenticator.objects.create(user=practitioner, type="totp", data={"secret": "x"})
    office.post(f"/people/{practitioner.pk}/second-factor/")
    practitioner.refresh_from_db()
    assert not Authenticator.objects.filter(user=practitioner).exists()
    assert not practitioner.has_usable_password()


def test_people_of_another_agency_are_not_there(office: Client, police: Agency) -> None:
    other = person("noor", police)
    unknown = office.get("/people/00000000-0000-4000-8000-000000000000/")
    forbidden = office.get(f"/people/{other.pk}/")
    assert unknown.status_code == forbidden.status_code == 404
    assert unknown.content == forbidden.content
    assert office.post(f"/people/{other.pk}/close/").status_code == 404
    other.refresh_from_db()
    assert other.is_active
    assert "Noor" not in office.get("/people/").content.decode()


def test_nobody_closes_their_own_account(office: Client, administrator: User) -> None:
    assert office.post(f"/people/{administrator.pk}/close/").status_code == 403
    administrator.refresh_from_db()
    assert administrator.is_active


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AGENCY_ADMINISTRATOR])
def test_other_roles_manage_nobody(services: Agency, signed_in: Any, role: Role) -> None:
    browser = signed_in(person("kit", services, role=role))
    browser.post("/sign-in/reauthenticate/", {"password": PASSWORD})
    for page in ("/people/", "/people/invite/"):
        assert browser.get(page).status_code == 403
    assert AuditRow.objects.filter(act=Act.REFUSE).exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "sam@example.invalid"},
        {"email": "SAM@example.invalid"},
        {"email": "no address"},
        {"role": "system_client"},
        {"role": "queen"},
        {"full_name": ""},
        {"full_name": "x" * 201},
        {"team": "99999999"},
    ],
)
def test_an_invitation_that_cannot_be_is_refused_with_words(office: Client, practitioner: User, typed: Any) -> None:
    page = office.post("/people/invite/", INVITED | typed)
    assert "There is a problem" in page.content.decode()
    assert User.objects.count() == 2


def test_names_are_shown_as_typed_and_never_run(office: Client, services: Agency) -> None:
    person("<script>alert(1)</script>", services)
    assert "<script>alert" not in office.get("/people/").content.decode().lower()
