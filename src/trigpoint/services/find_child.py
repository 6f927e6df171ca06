"""Which child is meant: an answer in a fraction of a second, from what a custody desk knows of a child.

No engine and no store is opened: the index that the last run left is read. Nothing of the request is logged or kept.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock

import phonenumbers

from trigpoint.errors import LinkageError
from trigpoint.linkage.lookup.finding import Finder, Found
from trigpoint.linkage.lookup.reading import OpenIndex
from trigpoint.linkage.lookup.request import Request
from trigpoint.linkage.lookup.spelling import plain_name
from trigpoint.services.index_children import FOLDER
from trigpoint.store.store import FOLDER as STORE

POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})?")
EARLIEST = date(1900, 1, 1)


class _Door:
    """The index of one folder, held open by this process, with a finder for the one that is current."""

    def __init__(self, folder: Path) -> None:
        self._open = OpenIndex(folder)
        self._lock = Lock()
        self._finder: Finder | None = None

    def finder(self) -> Finder:
        with self._lock:
            index = self._open.now()
            if self._finder is None or self._finder.index is not index:
                self._finder = Finder(index)
            return self._finder


@lru_cache(maxsize=8)
def _door(folder: Path) -> _Door:
    return _Door(folder)


def find_child(  # noqa: PLR0913  each is something that a person may know of a child
    folder: Path | str,
    *,
    given: str | None = None,
    family: str | None = None,
    born: date | None = None,
    birth_precision: str = "day",
    sex: str | None = None,
    postcode: str | None = None,
    address: str | None = None,
    school: str | None = None,
    nhs_number: str | None = None,
    upn: str | None = None,
    phone: str | None = None,
    other_names: tuple[str, ...] = (),
    number: str | None = None,
) -> Found:
    """Find the child of the partnership in `folder` who is meant: one, several to choose from, or none.

    `born` may be an estimate (`birth_precision` month or year); `number` is an agency's own, as "source:number".
    The answer is "one" only where no other child could be meant; two who fit, twins above all, are both given with
    "ask". `Found.candidates` carry the child key, the probability and the reasons. The process keeps the index open
    and takes a newer one as soon as a run has made it; it may be asked from several threads.
    Raises NotFoundError where no run has made an index, LinkageError for what cannot be (never repeating it).
    """
    request = Request(
        given=_name(given, what="given name"),
        family=_name(family, what="family name"),
        born=_birth(born),
        birth_precision=_one_of(birth_precision, ("day", "month", "year"), what="precision of the birth date") or "day",
        sex=_one_of(sex, ("F", "M"), what="sex"),
        postcode=_postcode(postcode),
        address=address or None,
        school=school or None,
        nhs_number=_nhs_number(nhs_number),
        upn=upn.replace(" ", "").upper() if upn else None,
        phones=_phones(phone),
        other_names=tuple(other_names),
        ids=(_number(number),) if number else (),
    )
    if request == Request():
        raise LinkageError("Nothing was given to look for.", mend="Give a name and a birth date, or a number.")
    return _door(Path(folder).resolve() / STORE / FOLDER).finder().find(request)


def _name(text: str | None, *, what: str) -> str | None:
    if text and not plain_name(text):
        raise LinkageError(f"The {what} holds no letter.", mend="Leave it out where it is not known.")
    return text or None


def _birth(born: date | None) -> date | None:
    if born and not EARLIEST <= born <= date.today():
        raise LinkageError("The birth date is in the future, or before 1900.", mend="Check the year.")
    return born


def _one_of(value: str | None, allowed: tuple[str, ...], *, what: str) -> str | None:
    if value and value not in allowed:
        raise LinkageError(f"This {what} is not known.", mend=f"Give one of: {', '.join(allowed)}.")
    return value or None


def _postcode(text: str | None) -> str | None:
    if not text:
        return None
    shaped = POSTCODE.fullmatch(re.sub("[ .-]", "", text.upper()))
    if not shaped:
        raise LinkageError("The postcode has not the shape of one.", mend='Give it as "RV1 2AB", or leave it out.')
    return " ".join(part for part in shaped.groups() if part)


def _nhs_number(text: str | None) -> str | None:
    digits = re.sub("[ -]", "", text or "")
    if not digits:
        return None
    good = re.fullmatch("[0-9]{10}", digits) and len(set(digits)) > 1
    if not good or (11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11) % 11 != int(digits[9]):
        raise LinkageError(
            "The NHS number cannot be: it needs ten digits, the last of which checks the others.",
            mend="Read it again, or leave it out: the name and birth date may do.",
        )
    return digits


def _phones(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    try:
        read = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise LinkageError("The phone number cannot be read.", mend="Give it with its area code.") from None
    return (phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164),)


def _number(text: str) -> str:
    source, _, rest = text.partition(":")
    if not source or not rest:
        raise LinkageError("An agency's number needs the agency's source before it.", mend="Give it as source:number.")
    return text
