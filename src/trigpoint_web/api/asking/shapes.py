"""What goes in and out of the API, field by field. The published description is made from these."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from trigpoint_web.audit.models import Purpose
from trigpoint_web.casework.models import MarkerStep
from trigpoint_web.casework.models.markers import Level

PurposeCode = Literal["safeguarding", "strategy_discussion", "panel", "missing_response", "nrm", "emergency"]
LegalBasis = Literal["public_task", "legal_obligation", "vital_interests", "law_enforcement", "legitimate_interest"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,20}$")]
Happening = Literal["missing", "found", "arrest"]
EARLIEST = date(1900, 1, 1)
FIRST = datetime(1900, 1, 1, tzinfo=UTC)

assert set(LegalBasis.__args__) == set(MarkerStep.SharingBasis.values)  # type: ignore[attr-defined]  # noqa: S101
assert set(PurposeCode.__args__) <= set(Purpose.Code.values)  # type: ignore[attr-defined]  # noqa: S101


class Strict(Schema):
    """What is sent: a field that is not known is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class Why(Schema):
    """Why the system asks, in two headers of every call."""

    trigpoint_purpose: PurposeCode = Field(alias="Trigpoint-Purpose", description="What it is asked for")
    trigpoint_legal_basis: LegalBasis = Field(
        alias="Trigpoint-Legal-Basis", description="The basis on which it is shared, as markers name it"
    )


class Idempotency(Schema):
    """A key of the sender's own for one request: sent again, the request changes nothing."""

    idempotency_key: UUID = Field(
        alias="Idempotency-Key", description="A UUID, new for each event, the same when the request is sent again"
    )


class Person(Strict):
    """Who is meant, as far as it is known: a number, or a name with a birth date or a postcode."""

    given_names: Text = ""
    surname: Text = ""
    born: date | None = Field(None, ge=EARLIEST)
    sex: Literal["", "F", "M"] = ""
    postcode: Text = ""
    nhs_number: Text = ""
    upn: Text = ""
    phone: Text = ""
    number: Text = Field("", description="The agency's own number of the child, as source:number")

    @model_validator(mode="after")
    def enough(self) -> Self:
        """Too little would list children, not find one."""
        named = bool(self.given_names or self.surname)
        if not (self.nhs_number or self.upn or self.number or (named and (self.born or self.postcode))):
            raise ValueError("Give a number of the child, or a name with a birth date or a postcode")
        return self


class LookUp(Strict):
    """A question: is there a marker on this child?"""

    person: Person
    happening: Happening | None = Field(None, description="What is happening now; it decides what to consider")


class Event(Strict):
    """Something that happened to a child."""

    kind: Happening
    person: Person
    happened_at: AwareDatetime = Field(ge=FIRST, description="With its offset; not later than now")
    place: Text = ""
    risk: Text = Field("", description="Of a missing child: a code of missing_risk")
    found_with: Text = Field("", description="Of a found child: a code of found_with")
    offence: Text = Field("", description="Of an arrest: a code of offence")
    reference: Text = Field("", description="The sender's own number of the event")


class MarkerSaid(Schema):
    """One marker that stands."""

    form: str
    form_title: str
    level: Level
    since: date
    review_on: date
    disputed: bool


class Contact(Schema):
    """An agency that is involved: whom to call."""

    agency: str
    phone: str
    last_on: date | None


class Consider(Schema):
    """Something to consider now, and why it is said."""

    code: Literal["others_missing", "return_interview", "section_45", "nrm", "appropriate_adult"]
    said: str
    due_at: datetime | None = None


class Answer(Schema):
    """The marker: yes; no (none is known to you); or ask: a person has to say who is meant, or you have to call.

    `child` is the key to ask by, where the agency is involved with one child surely. `markers` is empty for agencies
    that take part with headlines alone.
    """

    marker: Literal["yes", "no", "ask"]
    why: str
    child: str | None = None
    since: date | None = None
    markers: list[MarkerSaid] = []
    contacts: list[Contact] = []
    consider: list[Consider] = []


class Posted(Schema):
    """What became of a posted event, and the marker. `linked`: to one child surely. `repeated`: it was there before."""

    event: str
    linked: bool
    repeated: bool
    answer: Answer


class Fault(Schema):
    """One thing that is wrong, and where."""

    where: str
    what: str


class Problem(Schema):
    """Why there is no answer."""

    what: str
    mend: str = ""
    faults: list[Fault] = []
