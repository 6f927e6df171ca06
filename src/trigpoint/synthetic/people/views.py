"""How one agency has written a child down: its own number, its spelling, its errors, its gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from trigpoint.synthetic.clock import BEGINS, DAY, ENDS
from trigpoint.synthetic.columns import Objects, Whole, only_where
from trigpoint.synthetic.life.cast import YEAR
from trigpoint.synthetic.people.families import People
from trigpoint.synthetic.people.names import names, plain
from trigpoint.synthetic.people.places import places
from trigpoint.synthetic.rates import Rates

_NUMBERS: Final = 10_000_000
_SPREAD: Final = 6_180_339  # shares no factor with _NUMBERS: each child has its own number
_NEAR: Final = dict(zip("abcdefghijklmnopqrstuvwxyz", "sbvnrfghukjlnmoprdstycwxtx", strict=True))


@dataclass(frozen=True)
class Habits:
    """How an agency writes: data/layouts.yaml, sources."""

    name: str
    prefix: str
    case: str = "title"
    accents: str = "kept"  # or cp1252 (what that alphabet has), or plain
    errors: float = 1.0  # times the usual share of errors
    nicknames: float = 0.3  # times the usual share of short names
    step_surname: float = 0.3  # of children who have another surname
    patronymic: str = "all"  # or last: only the last of a patronymic's names


@dataclass
class View:
    """The children of a chunk as one agency has them; None where it has nothing."""

    local: Objects
    given: Objects
    surname: Objects
    born: Whole
    sex: Objects
    ethnicity: Objects
    nhs: Objects
    upn: Objects
    postcode: Objects
    address: Objects
    phone: Objects


def view_people(rng: np.random.Generator, people: People, *, habits: Habits, rates: Rates) -> View:
    """Write all children of a chunk down as an agency with `habits` would have them."""
    lot = _Lot(rng, people, habits, rates)
    given, surname = _names(lot)
    return View(
        local=_local(people.number, habits.prefix),
        given=given,
        surname=surname,
        born=_births(lot),
        sex=_sexes(lot),
        ethnicity=_ethnicities(lot),
        nhs=_number(lot, people.nhs, missing=rates.missing_nhs.get(habits.name, 1.0)),
        upn=_number(lot, people.upn, missing=0.02 if habits.name == "education" else 0.35),
        postcode=_postcodes(lot),
        address=_addresses(people),
        phone=_blanked(lot, only_where(people.phone != "", people.phone), rates.no_phone),
    )


@dataclass
class _Lot:
    rng: np.random.Generator
    people: People
    habits: Habits
    rates: Rates

    def some(self, share: float) -> Whole:
        """The children to whom something of that share happens."""
        return np.flatnonzero(self.rng.random(len(self.people)) < share * self.habits.errors)


def _local(number: Whole, prefix: str) -> Objects:
    spread = (number * _SPREAD + 1_234_567) % _NUMBERS
    return np.array([f"{prefix}{k:07d}" for k in spread.tolist()], dtype=object)


def second_number(local: Objects) -> Objects:
    """Another number of the same agency for the same child, as happens."""
    made: Objects = local + "X"
    return made


def _names(lot: _Lot) -> tuple[Objects, Objects]:
    people, rates, habits = lot.people, lot.rates, lot.habits
    given, surname = people.given.copy(), people.surname.copy()
    other = np.flatnonzero((people.other_surname != "") & (lot.rng.random(len(given)) < habits.step_surname))
    surname[other] = people.other_surname[other]
    if habits.patronymic == "last":
        _change(surname, np.arange(len(surname)), lambda s: s.rsplit(" ", 1)[-1])
    _change(given, _that(lot, rates.short_name * habits.nicknames), lambda s: _one_of(lot, names().short.get(s), s))
    _change(given, lot.some(rates.other_spelling), lambda s: _one_of(lot, names().spellings.get(s), s))
    _change(surname, lot.some(rates.other_spelling), lambda s: _one_of(lot, names().spellings.get(s), s))
    _change(given, lot.some(rates.typing_error), lambda s: mistyped(lot.rng, s))
    _change(surname, lot.some(rates.typing_error), lambda s: mistyped(lot.rng, s))
    swap = lot.some(rates.swapped_names)
    given[swap], surname[swap] = surname[swap], given[swap]
    for column in (given, surname):
        _dress(column, habits)
    return given, surname


def _that(lot: _Lot, share: float) -> Whole:
    return np.flatnonzero(lot.rng.random(len(lot.people)) < share)


def _change(column: Objects, at: Whole, how: Callable[[str], str]) -> None:
    for i in at.tolist():
        column[i] = how(column[i])


def _one_of(lot: _Lot, choices: list[str] | None, name: str) -> str:
    return choices[int(lot.rng.integers(len(choices)))] if choices else name


def _dress(column: Objects, habits: Habits) -> None:
    """Accents as the system can hold them, and capitals as the agency likes them."""
    if habits.accents != "kept":
        for i, name in enumerate(column.tolist()):
            if not name.isascii() and (habits.accents == "plain" or not _fits(name)):
                column[i] = plain(name)
    if habits.case == "upper":
        column[:] = [name.upper() for name in column.tolist()]


def _fits(name: str) -> bool:
    try:
        name.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def mistyped(rng: np.random.Generator, name: str) -> str:
    """One slip of the keyboard: a letter swapped with the next, left out, doubled, or hit beside."""
    if len(name) < 4:
        return name
    i = int(rng.integers(1, len(name) - 1))
    way = int(rng.integers(4))
    if way == 0:
        return name[:i] + name[i + 1] + name[i] + name[i + 2 :]
    if way == 1:
        return name[:i] + name[i + 1 :]
    return name[:i] + (name[i] if way == 2 else _NEAR.get(name[i], name[i])) + name[i if way == 2 else i + 1 :]


def _births(lot: _Lot) -> Whole:
    """Days of birth with days and months swapped, one digit wrong, or the first of January where only estimated."""
    born = lot.people.born.copy()
    dates = born.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    day = (dates - month).astype(np.int64) + 1
    year = dates.astype("datetime64[Y]")
    number = (month - year).astype(np.int64) + 1
    estimated = lot.people.estimated & (lot.rng.random(len(born)) < 0.7)
    swapped = (lot.rng.random(len(born)) < lot.rates.swapped_day_month * lot.habits.errors) & (day <= 12)
    other = (year.astype("datetime64[M]") + (day - 1)).astype("datetime64[D]") + (number - 1)
    born = np.where(swapped, other.astype(np.int64), born)
    wrong = lot.some(lot.rates.wrong_birth_digit)
    born[wrong] += lot.rng.choice(np.array([-10, 10, -1, 1, 365, -366, 31]), len(wrong))
    return np.where(estimated, year.astype("datetime64[D]").astype(np.int64), born)


def _sexes(lot: _Lot) -> Objects:
    sex = np.where(lot.people.boy, "M", "F").astype(object)
    wrong = lot.some(0.002)
    sex[wrong] = np.where(lot.people.boy[wrong], "F", "M")
    sex[lot.some(0.008)] = "U"
    return sex


def _ethnicities(lot: _Lot) -> Objects:
    """As recorded: not always asked, and not always the same as elsewhere."""
    held = lot.people.ethnicity.copy()
    broad = lot.some(0.04)
    held[broad] = np.where(np.isin(held[broad], ("APKN", "ABAN", "AIND", "CHNE")), "AOTH", "NOBT")
    held[lot.some(0.08)] = "NOBT"
    return held


def _number(lot: _Lot, numbers: Objects, *, missing: float) -> Objects:
    """An NHS number or UPN: not held, or with one wrong digit."""
    held = numbers.copy()
    _change(held, lot.some(lot.rates.wrong_number), lambda s: s[:5] + str((int(s[5]) + 3) % 10) + s[6:])
    return _blanked(lot, held, missing)


def _blanked(lot: _Lot, held: Objects, share: float) -> Objects:
    held = held.copy()
    held[lot.rng.random(len(held)) < share] = None
    return held


def _postcodes(lot: _Lot) -> Objects:
    """The home that the agency knows of: before or after a move, wherever it wrote the child down."""
    day = lot.rng.integers(BEGINS, ENDS, len(lot.people))
    home = lot.people.home_at(np.arange(len(lot.people)), day)
    return _blanked(lot, places().postcodes(home), lot.rates.no_postcode)


def _addresses(people: People) -> Objects:
    streets = np.array(places().streets, dtype=object)[people.street]
    made: Objects = np.array([str(h) for h in people.house.tolist()], dtype=object) + " " + streets
    return made


def adult_on(people: People) -> Whole:
    """The minute at which each child is 18."""
    born: Any = people.born
    made: Whole = (born + int(18 * YEAR)) * DAY
    return made
