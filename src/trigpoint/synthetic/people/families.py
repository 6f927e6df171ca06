"""The children of one chunk: families with siblings and twins, homes and moves, numbers and characteristics."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from trigpoint.synthetic.clock import BEGINS, ENDS, NONE
from trigpoint.synthetic.columns import Objects, Whole, YesNo
from trigpoint.synthetic.people.names import name_children, names
from trigpoint.synthetic.people.numbers import nhs_numbers, phone, upns
from trigpoint.synthetic.people.places import places
from trigpoint.synthetic.rates import Rates

_SIZES: Final = np.array([0.42, 0.36, 0.14, 0.06, 0.02])  # families with 1, 2, ... children
_AUTHORITIES: Final = np.array([998, 997])  # pseudo-authorities: no school stands in them
_YEAR: Final = 365.25
# Born abroad more often, and then often written with an estimated birthday.
_OFTEN_ESTIMATED: Final = {"somali", "afghan", "eritrean", "kurdish", "arab", "vietnamese"}
_DISABILITIES: Final = np.array(["NONE", "LD", "AUT", "BEH", "HEAR", "MOB", "CON"], dtype=object)
_DISABILITY_SHARES: Final = np.array([0.9, 0.035, 0.03, 0.02, 0.005, 0.006, 0.004])


@dataclass
class People:
    """Children as columns, one entry a child. `number` is the child's number in the whole partnership."""

    number: Whole
    family: Whole
    born: Whole  # days since 1970
    boy: YesNo
    given: Objects
    middle: Objects
    surname: Objects
    other_surname: Objects  # a step-parent's or earlier name that some agencies hold; "" where none
    ethnicity: Objects
    disability: Objects
    estimated: YesNo
    area: Whole
    home: Whole
    next_home: Whole  # -1 where the child did not move
    moved: Whole  # day; -1 where the child did not move
    house: Whole
    street: Whole
    nhs: Objects
    upn: Objects
    phone: Objects  # "" where none is known: there are only a thousand numbers to invent from
    handle: Objects
    account: Objects
    school: Objects
    twin: YesNo

    def __len__(self) -> int:
        return len(self.number)

    @property
    def ids(self) -> Objects:
        """The true id of each child, as the truth files have it."""
        return np.array([f"T{n:07d}" for n in self.number.tolist()], dtype=object)

    def home_at(self, child: Whole, day: Whole) -> Whole:
        """The home of `child` on `day`."""
        later = (self.moved[child] != NONE) & (day >= self.moved[child])
        return np.where(later, self.next_home[child], self.home[child])


def invent_people(rng: np.random.Generator, *, numbers: Whole, children: int, seed: int, rates: Rates) -> People:
    """Invent the children of `numbers`; `children` is how many the whole partnership has."""
    n = len(numbers)
    family, order = _families(rng, n)
    born, twin = _births(rng, family=family, order=order, twins=rates.twins)
    boy = rng.random(n) < 0.51
    named, community = name_children(rng, family=family, order=order, boy=boy, double=rates.double_barrelled)
    families = int(family.max()) + 1
    area = (rng.random(families) < 0.42).astype(np.int64)
    home = places().homes(rng, area=area, children=children)
    next_area = np.where(rng.random(families) < 0.7, area, 1 - area)
    next_home = places().homes(rng, area=next_area, children=children)
    moved = np.where(rng.random(families) < rates.moved, rng.integers(BEGINS + 30, ENDS - 30, families), NONE)
    often = np.array([c.name in _OFTEN_ESTIMATED for c in names().communities])
    return People(
        number=numbers,
        family=family,
        born=born,
        boy=boy,
        given=named.given,
        middle=named.middle,
        surname=named.surname,
        other_surname=_other_surnames(rng, family=family, rates=rates),
        ethnicity=named.ethnicity,
        disability=rng.choice(_DISABILITIES, n, p=_DISABILITY_SHARES),
        estimated=often[community] & (rng.random(n) < rates.estimated_birth),
        area=area[family],
        home=home[family],
        next_home=np.where(moved == NONE, -1, next_home)[family],
        moved=moved[family],
        house=rng.integers(1, 140, families)[family],
        street=rng.integers(0, len(places().streets), families)[family],
        nhs=nhs_numbers(numbers, seed=seed),
        upn=upns(numbers, authority=_AUTHORITIES[area[family]]),
        phone=_phones(numbers, children=children, seed=seed),
        handle=_handles(rng, named.given, numbers),
        account=np.array([f"INV{(k * 7_717 + seed) % 10**8:08d}" for k in numbers.tolist()], dtype=object),
        school=_schools(rng, born=born, area=area[family]),
        twin=twin,
    )


def _families(rng: np.random.Generator, n: int) -> tuple[Whole, Whole]:
    """Family of each child, and its place among its siblings."""
    sizes = rng.choice(len(_SIZES), n, p=_SIZES) + 1
    family = np.repeat(np.arange(n), sizes)[:n]
    first = np.r_[True, family[1:] != family[:-1]]
    starts = np.flatnonzero(first)
    return family, np.arange(n) - np.repeat(starts, np.diff(np.r_[starts, n]))


def _births(rng: np.random.Generator, *, family: Whole, order: Whole, twins: float) -> tuple[Whole, YesNo]:
    """Days of birth: the eldest first, siblings one to four years apart; a second child may be a twin."""
    families = int(family.max()) + 1
    eldest = ENDS - (rng.triangular(6.0, 15.5, 18.6, families) * _YEAR).astype(np.int64)
    gaps = rng.integers(330, 1500, len(family)) * (order > 0)
    born_twins = (rng.random(families) < twins)[family]
    gaps[born_twins & (order == 1)] = 0
    totals = np.cumsum(gaps)
    starts = np.flatnonzero(order == 0)
    since = totals - np.repeat(totals[starts], np.diff(np.r_[starts, len(family)]))
    born = np.minimum(eldest[family] + since, ENDS - int(1.5 * _YEAR))
    two = np.bincount(family, minlength=families)[family] > 1
    return born, born_twins & two & (order <= 1)


def _other_surnames(rng: np.random.Generator, *, family: Whole, rates: Rates) -> Objects:
    families = int(family.max()) + 1
    british = names().by_name["british"].surnames
    other = british[rng.integers(0, len(british), families)]
    other[rng.random(families) >= rates.step_surname] = ""
    chosen: Objects = other[family]
    return chosen


def _phones(numbers: Whole, *, children: int, seed: int) -> Objects:
    """One number a child where there are enough of them, then no number twice. 0 to 599 are for children."""
    every = max(1, -(-children // 600))
    return np.array(
        [phone((k // every * 37 + seed) % 600) if k % every == 0 else "" for k in numbers.tolist()], dtype=object
    )


def _handles(rng: np.random.Generator, given: Objects, numbers: Whole) -> Objects:
    endings = rng.integers(10, 100, len(given)).tolist()
    pairs = zip(given.tolist(), endings, numbers.tolist(), strict=True)
    return np.array([f"{g[:4].lower()}_{e}x{k:x}" for g, e, k in pairs], dtype=object)


def _schools(rng: np.random.Generator, *, born: Whole, area: Whole) -> Objects:
    older = born < ENDS - int(12.5 * _YEAR)
    made = np.full(len(born), "", dtype=object)
    for i, code in enumerate(places().areas):
        for secondary in (True, False):
            at = (area == i) & (older == secondary)
            pool = [s for s in places().schools[code] if ("Primary" in s) != secondary]
            made[at] = np.array(pool, dtype=object)[rng.integers(0, len(pool), int(at.sum()))]
    return made


def joined(parts: list[People]) -> People:
    """Several chunks of people in one."""
    columns: dict[str, Any] = {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(People)}
    return People(**columns)
