"""What somebody asks with, as a linking row: the same columns that `features.people` makes of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from trigpoint.linkage.features.people import TF_COLUMNS
from trigpoint.linkage.lookup.spelling import (
    Given,
    Surname,
    first_of,
    known_forms,
    last_of,
    plain_name,
    read_address,
    read_given,
    read_surname,
)
from trigpoint.linkage.scoring.model import LinkModel
from trigpoint.linkage.scoring.pairs import COLUMNS

# A row as the look-up holds it: what stands in the index, then the frequencies, which are the model's.
SHARES: Final = tuple(f"tf_{column}" for column in TF_COLUMNS)
STORED: Final = tuple(column for column in COLUMNS if column not in SHARES)
ROW: Final = (*STORED, *SHARES)


@dataclass(frozen=True)
class Request:
    """What a person asking knows of a child. Texts as they were given; None or empty where not known.

    `postcode` is written "RV1 2AB", `nhs_number` as ten digits, `phones` as +44..., `ids` as "scheme:value".
    `birth_precision` is day, month or year, as in the table of records.
    """

    given: str | None = None
    family: str | None = None
    born: date | None = None
    birth_precision: str = "day"
    sex: str | None = None
    postcode: str | None = None
    nhs_number: str | None = None
    upn: str | None = None
    phones: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    address: str | None = None
    school: str | None = None


@dataclass(frozen=True)
class Frame:
    """What a row takes from the model and from people's judgements rather than from the record itself."""

    frequencies: Mapping[str, Mapping[str, float]]
    crowded: frozenset[str]
    same_nhs: Mapping[str, str]
    known_names: frozenset[str]

    @classmethod
    def of(cls, model: LinkModel, same_nhs: Mapping[str, str]) -> Frame:
        """The frame of a model; `same_nhs` maps an NHS number to the one that it was judged to stand for."""
        known = known_forms() | (model.frequencies["forename"].keys() - {""})
        return cls(model.frequencies, frozenset(model.crowded_postcodes), same_nhs, known)

    def share(self, column: str, value: str | None) -> float | None:
        """The share of records that bear a value; that of all rarer ones where it is not listed or not known."""
        shares = self.frequencies.get(column, {})
        return shares.get(value or "", shares.get(""))


def row_of(request: Request, frame: Frame) -> dict[str, Any]:
    """The linking row of a request, by column. What a request cannot say is None."""
    given, surname = read_given(request.given), read_surname(request.family)
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= _names(request, given, surname)
    row |= _birth(request) | _place(request, frame) | _identifiers(request, frame)
    row["name_known"] = row["forename"] in frame.known_names if row["forename"] else None
    return row | {f"tf_{column}": frame.share(column, row[column]) for column in TF_COLUMNS}


def ordered(row: Mapping[str, Any]) -> list[Any]:
    """The row's values in the order of ROW."""
    return [row[column] for column in ROW]


def _names(request: Request, given: Given | None, surname: Surname | None) -> dict[str, Any]:
    more = [read_given(first_of(alias)) for alias in request.other_names]
    other = [read_surname(last_of(alias)) for alias in request.other_names]
    return {
        "forename": given.forename if given else None,
        "first_names": list(given.first_names) if given else None,
        "lead": given.lead if given else None,
        "solo": given.solo if given else False,
        "names": sorted({name for each in (given, *more) if each for name in each.names}),
        "surname": surname.surname if surname else None,
        "parts": sorted({part for each in (surname, *other) if each for part in each.parts}),
    }


def _birth(request: Request) -> dict[str, Any]:
    if request.born is None:
        return {"birth": None, "birth_weak": True if request.birth_precision != "day" else None}
    birth = f"{request.born:%Y%m%d}"
    return {"birth": birth, "birth_weak": request.birth_precision != "day" or birth[4:] == "0101"}


def _place(request: Request, frame: Frame) -> dict[str, Any]:
    postcode = request.postcode
    return {
        "postcode": postcode,
        "postcodes": [] if postcode is None or postcode in frame.crowded else [postcode],
        "sector": postcode[:-2] if postcode else None,
        "outcode": postcode.split(" ")[0] if postcode else None,
        **_address(request),
    }


def _address(request: Request) -> dict[str, Any]:
    words = read_address(request.address)
    address = " ".join(words) or None
    return {
        "address": address,
        "address_words": list(words) or None,
        "addresses": [address] if address else [],
        "school": plain_name(request.school),
    }


def _identifiers(request: Request, frame: Frame) -> dict[str, Any]:
    ids = sorted(set(request.ids))
    emails = [each[len("email:") :] for each in ids if each.startswith("email:")]
    return {
        "sex": request.sex,
        "nhs_person": frame.same_nhs.get(request.nhs_number or "", request.nhs_number),
        "upn": request.upn,
        "ids": ids,
        "id_schemes": [each.split(":")[0] for each in ids],
        "email": emails[0] if emails else None,
        "one_id": next((each for each in ids if not each.startswith("email:")), None),
        "phones": sorted(set(request.phones)),
    }
