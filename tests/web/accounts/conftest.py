"""Invented people of two agencies."""

from __future__ import annotations

import pytest

from invented_people import person
from trigpoint_web.accounts.models import Agency, Role, Team, User


@pytest.fixture
def services(db: None) -> Agency:
    agency = Agency.objects.create(code="services", name_en="Invented services", kind="childrens_services")
    Team.objects.create(agency=agency, name="Exploitation")
    return agency


@pytest.fixture
def police(db: None) -> Agency:
    return Agency.objects.create(code="police_a", name_en="Invented police", kind="police")


@pytest.fixture
def administrator(services: Agency) -> User:
    return person("ros", services, role=Role.AGENCY_ADMINISTRATOR)


@pytest.fixture
def practitioner(services: Agency) -> User:
    return person("sam", services)
