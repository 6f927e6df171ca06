"""Names of invented children by community, and the other ways in which an agency may write them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml

from trigpoint.synthetic.columns import Objects, Whole, YesNo
from trigpoint.synthetic.people.places import DATA

_GIVEN_STRIDE = 7  # later children of a family take the name so many places on: no two siblings share one


@dataclass(frozen=True)
class Community:
    """A community's names; `rule` says how a child's surname comes about (data/names.yaml)."""

    name: str
    share: float
    ethnicity: str
    rule: str
    given: tuple[Objects, Objects]  # girls, boys
    surnames: Objects
    pairs: tuple[tuple[str, str, str], ...] = ()


class Names:
    """All communities, spellings and short names."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.communities = [_community(name, held) for name, held in data["communities"].items()]
        self.by_name = {c.name: c for c in self.communities}
        shares = np.array([c.share for c in self.communities])
        self.shares = shares / shares.sum()
        self.spellings: dict[str, list[str]] = {}
        for line in data["spellings"]:
            for name in line.split():
                self.spellings.setdefault(name, []).extend(n for n in line.split() if n != name)
        self.short = {name: said.split() for name, said in data["short_names"].items()}


def _community(name: str, held: dict[str, Any]) -> Community:
    def words(key: str) -> Objects:
        return np.array(str(held.get(key, "")).split(), dtype=object)

    pairs = tuple((a, b, c) for a, b, c in held.get("pairs", ()))
    given = (words("girls"), words("boys"))
    return Community(name, held["share"], held["ethnicity"], held["rule"], given, words("surnames"), pairs)


@cache
def names() -> Names:
    """The names, read once."""
    return Names(yaml.safe_load((DATA / "names.yaml").read_text(encoding="utf-8")))


@dataclass
class Named:
    """Names of children in a chunk: object arrays, one entry a child."""

    given: Objects
    middle: Objects  # "" where none
    surname: Objects
    ethnicity: Objects


def name_children(
    rng: np.random.Generator, *, family: Whole, order: Whole, boy: YesNo, double: float
) -> tuple[Named, Whole]:
    """Name the children of each family (indices 0..k in order) and give the community of each child.

    `order` is a child's place among its siblings. Returns the names and the community (index into `names()`).
    """
    families = int(family.max()) + 1
    community = rng.choice(len(names().communities), families, p=names().shares)
    ids = rng.integers(0, 1 << 30, (families, 4))
    named = Named(*(np.full(len(family), "", dtype=object) for _ in range(4)))
    for i, held in enumerate(names().communities):
        at = np.flatnonzero(community[family] == i)
        if len(at):
            _fill(named, at, held=held, draws=ids[family[at]], order=order[at], boy=boy[at])
    _double(named, rng.random(families)[family] < double, ids[family])
    return named, community[family]


def _fill(named: Named, at: Whole, *, held: Community, draws: Whole, order: Whole, boy: YesNo) -> None:
    named.ethnicity[at] = held.ethnicity
    if held.rule == "two":
        for k, (first, last, code) in enumerate(held.pairs):
            some = draws[:, 3] % len(held.pairs) == k
            sub = at[some]
            given, family_name = names().by_name[first], names().by_name[last]
            _give(named, sub, held=given, draws=draws[some], order=order[some], boy=boy[some])
            named.surname[sub] = _surnames(family_name, draws[some], boy[some])
            named.ethnicity[sub] = code
        return
    _give(named, at, held=held, draws=draws, order=order, boy=boy)
    named.surname[at] = _surnames(held, draws, boy)
    if held.rule == "kaur_singh":
        _kaur_singh(named, at, draws=draws, boy=boy)
    if held.rule == "patronymic":
        named.surname[at] = held.given[1][draws[:, 2] % len(held.given[1])] + " " + named.surname[at]


def _give(named: Named, at: Whole, *, held: Community, draws: Whole, order: Whole, boy: YesNo) -> None:
    for sex in (0, 1):
        some = boy == bool(sex)
        pool = held.given[sex]
        which = draws[some, 0] + order[some] * _GIVEN_STRIDE
        named.given[at[some]] = pool[which % len(pool)]
        with_middle = some & ((draws[:, 0] + order) % 5 < 2)
        named.middle[at[with_middle]] = pool[(draws[with_middle, 1] + order[with_middle] * 11) % len(pool)]


def _surnames(held: Community, draws: Whole, boy: YesNo) -> Objects:
    drawn = held.surnames[draws[:, 1] % len(held.surnames)]
    if held.rule != "slavic":
        return drawn
    made = [name.split("/")[0 if b or "/" not in name else 1] for name, b in zip(drawn, boy, strict=True)]
    return np.array(made, dtype=object)


def _kaur_singh(named: Named, at: Whole, *, draws: Whole, boy: YesNo) -> None:
    """A third of families use the religious name alone, a third before the family name, a third as middle name."""
    religious = np.where(boy, "Singh", "Kaur").astype(object)
    way = draws[:, 2] % 3
    named.surname[at] = np.where(
        way == 0, religious, np.where(way == 1, religious + " " + named.surname[at], named.surname[at])
    )
    named.middle[at[way == 2]] = religious[way == 2]


def _double(named: Named, double: YesNo, draws: Whole) -> None:
    """Some families join the names of both parents with a hyphen."""
    british = names().by_name["british"].surnames
    for i in np.flatnonzero(double):
        other = british[draws[i, 2] % len(british)]
        if " " not in named.surname[i] and other != named.surname[i]:
            named.surname[i] = f"{named.surname[i]}-{other}"


_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae"})


def plain(name: str) -> str:
    """The name in English letters only, as older systems hold it: 'Małgorzata' -> 'Malgorzata'."""
    split = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(c for c in split if not unicodedata.combining(c))
