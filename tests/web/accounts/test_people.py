"""Agencies, teams and people as facts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils.translation import override

from trigpoint_web.accounts.models import Agency, Team, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> Agency:
    return Agency.objects.create(
        code="school", name_en="An invented school", name_cy="Ysgol ddychmygol", kind="education"
    )


def test_an_address_is_one_person_however_it_is_spelt(school: Agency) -> None:
    User.objects.create_user("Jo@Example.invalid", full_name="Jo", agency=school)
    with pytest.raises(IntegrityError):
        User.objects.create_user("JO@example.INVALID", full_name="Jo again", agency=school)


def test_a_name_is_said_in_the_readers_language(school: Agency) -> None:
    with override("cy"):
        assert school.name == "Ysgol ddychmygol"
    with override("en"):
        assert school.name == "An invented school"


def test_an_agencys_kind_is_a_word_of_the_pack(school: Agency) -> None:
    school.full_clean()
    school.kind = "bakery"
    with pytest.raises(ValidationError, match="education"):
        school.full_clean()


def test_nobody_is_in_another_agencys_team(school: Agency) -> None:
    police = Agency.objects.create(code="police", name_en="Invented police", kind="police")
    team = Team.objects.create(agency=police, name="Missing")
    person = User(email="a@example.invalid", full_name="A", agency=school, team=team)
    with pytest.raises(ValidationError, match="own agency"):
        person.clean()


def test_the_role_that_casework_works_as_reads_and_writes_but_owns_nothing(school: Agency) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE trigpoint_web")
        cursor.execute("SELECT count(*) FROM accounts_agency")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = 'trigpoint_web'")
        assert cursor.fetchone() == (0,)
