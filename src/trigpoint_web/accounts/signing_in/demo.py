"""The demo's people: an account for each role, with a password and a code that the sign-in page shows.

Only under the settings of the demo. Their authenticator's secret is made from the service's secret key, so that the
page can show the code of the moment; the code itself is checked as anybody's is.
"""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.db import transaction

from trigpoint.errors import SettingsError
from trigpoint_web.accounts.models import Agency, Area, Role, Team, User

PASSWORD = "invented-riverside"  # noqa: S105 - shown on the demo's sign-in page
DOMAIN = "riverside.invalid"

AREAS = {"RV": ("Riverside", "Glan-yr-afon"), "LF": ("Lowford", "Rhyd-isel")}
# Code: name in English and Welsh, the pack's word for it. Agencies of the invented partnership.
AGENCIES = {
    "childrens_services": ("Riverside Children's Services", "Gwasanaethau Plant Glan-yr-afon", "childrens_services"),
    "police": ("Riverside and Lowford Police", "Heddlu Glan-yr-afon a Rhyd-isel", "police"),
    "missing_persons": ("Missing Persons Unit", "Uned Pobl Goll", "missing_persons"),
    "education": ("Riverside Schools", "Ysgolion Glan-yr-afon", "education"),
    "health": ("Riverside Health", "Iechyd Glan-yr-afon", "health"),
    "youth_justice": ("Riverside Youth Justice", "Cyfiawnder Ieuenctid Glan-yr-afon", "youth_justice"),
    "bank": ("Riverside Bank, safeguarding desk", "Banc Glan-yr-afon, desg ddiogelu", "bank"),
    "charity": ("Riverside Return Interviews", "Cyfweliadau Dychwelyd Glan-yr-afon", "charity"),
    "platform": ("An online platform's safety team", "Tîm diogelwch llwyfan ar-lein", "platform"),
}


@dataclass(frozen=True)
class Persona:
    """One invented person who can sign in."""

    name: str
    full_name: str
    role: Role
    agency: str
    team: str

    @property
    def email(self) -> str:
        """The address with which they sign in."""
        return f"{self.name}@{DOMAIN}"


PERSONAS = [
    Persona("social.worker", "Sam Winterbourne", Role.PRACTITIONER, "childrens_services", "Exploitation team"),
    Persona("supervisor", "Ade Marlowe", Role.SUPERVISOR, "childrens_services", "Exploitation team"),
    Persona("panel.chair", "Gwen Prosser", Role.PANEL_CHAIR, "childrens_services", "Exploitation panel"),
    Persona("missing.coordinator", "Kit Farrow", Role.PRACTITIONER, "missing_persons", "Missing co-ordination"),
    Persona("police.officer", "Noor Ashdown", Role.PRACTITIONER, "police", "Child exploitation unit"),
    Persona("school.lead", "Mo Tresco", Role.PRACTITIONER, "education", "Safeguarding leads"),
    Persona("analyst", "Bryn Calloway", Role.ANALYST, "childrens_services", "Partnership analysis"),
    Persona("administrator", "Ros Penhale", Role.AGENCY_ADMINISTRATOR, "childrens_services", "Business support"),
    Persona("governance", "Ife Lydgate", Role.GOVERNANCE_OFFICER, "childrens_services", "Information governance"),
    # The second of the two without whom nothing is erased.
    Persona("governance.second", "Tegan Orme", Role.GOVERNANCE_OFFICER, "police", "Information governance"),
]


@transaction.atomic
def make_demo_people() -> list[User]:
    """Areas, agencies, teams and people of the demo, made or made as they were. Raises SettingsError elsewhere."""
    if not settings.DEMO:
        raise SettingsError(
            "Demo accounts are for the demo alone", mend="Start casework with `trigpoint web serve --demo`"
        )
    areas = [_named(Area, code, names) for code, names in AREAS.items()]
    agencies = {code: _agency(code, areas) for code in AGENCIES}
    return [_person(persona, agencies[persona.agency], areas) for persona in PERSONAS]


def _named(model: Any, code: str, names: tuple[str, ...], **more: Any) -> Any:
    known = {"name_en": names[0], "name_cy": names[1]} | more
    return model.objects.update_or_create(code=code, defaults=known)[0]


def _agency(code: str, areas: list[Area]) -> Agency:
    phone = f"01632 9600{list(AGENCIES).index(code) + 10}"  # of the range that is kept for drama
    agency: Agency = _named(Agency, code, AGENCIES[code], kind=AGENCIES[code][2], phone=phone)
    agency.areas.set(areas)
    return agency


def _person(persona: Persona, agency: Agency, areas: list[Area]) -> User:
    team, _ = Team.objects.get_or_create(agency=agency, name=persona.team)
    team.areas.set(areas)
    known = {"full_name": persona.full_name, "agency": agency, "team": team, "role": persona.role, "is_demo": True}
    person, _ = User.objects.update_or_create(email=persona.email, defaults=known)
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    if not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(person, _secret(persona.email))
    return person


def _secret(email: str) -> str:
    return b32encode(sha256(f"demo {email} {settings.SECRET_KEY}".encode()).digest()[:20]).decode()


def demo_accounts() -> list[dict[str, Any]]:
    """Each demo account with its password and the code of this half minute, for the sign-in page. Empty elsewhere."""
    if not settings.DEMO:
        return []
    people = {user.email: user for user in User.objects.filter(is_demo=True).select_related("agency")}
    return [_shown(persona, people[persona.email]) for persona in PERSONAS if persona.email in people]


def _shown(persona: Persona, user: User) -> dict[str, Any]:
    return {"user": user, "password": PASSWORD, "code": demo_code(persona.email)}


def demo_code(email: str) -> str:
    """The code of this half minute of a demo account."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(_secret(email), counters[len(counters) // 2])))
