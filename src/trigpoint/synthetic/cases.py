"""The case studies in data/cases.yaml as a chunk of their own: the same files, without errors or dirt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import numpy as np
import yaml

from trigpoint.synthetic.clock import DAY, NONE, day_number, minutes_of
from trigpoint.synthetic.life.cast import Cast, Lines
from trigpoint.synthetic.life.drawing import World
from trigpoint.synthetic.life.events import Events, put_together
from trigpoint.synthetic.life.stories import book
from trigpoint.synthetic.people.families import People
from trigpoint.synthetic.people.numbers import nhs_numbers, upns
from trigpoint.synthetic.people.places import DATA, UNITS, places
from trigpoint.synthetic.rates import Rates

_CLEAN: Final = Rates(
    typing_error=0.0, other_spelling=0.0, short_name=0.0, swapped_names=0.0, swapped_day_month=0.0,
    wrong_birth_digit=0.0, wrong_number=0.0, no_postcode=0.0, no_phone=0.0, two_numbers=0.0, unseen=0.0,
    blank_line=0.0, half_row=0.0, impossible_date=0.0, repeated_row=0.0, mojibake=0.0, spaces=0.0, mixed_case=0.0,
    wrong_code=0.0, corrected=0.0,
)  # fmt: skip
_AUTHORITIES: Final = {"RV": 998, "LF": 997}


@cache
def _cases() -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = yaml.safe_load((DATA / "cases.yaml").read_text(encoding="utf-8"))["cases"]
    return held


def case_world(rng: np.random.Generator, *, first: int, seed: int, rates: Rates) -> tuple[World, dict[str, Events]]:
    """The children of the case studies, numbered from `first`, and their events by kind."""
    children = [(name, held) for case in _cases() for name, held in case["children"].items()]
    index = {name: i for i, (name, _) in enumerate(children)}
    people = _people([held for _, held in children], first=first, seed=seed)
    cast = _cast([held for _, held in children], index)
    found: dict[str, list[Events]] = defaultdict(list)
    for case in _cases():
        for told in case["events"]:
            found[told["event"]].append(_event(told, index[told["child"]]))
    clean = replace(_CLEAN, missing_nhs=rates.missing_nhs)
    return World(people, cast, rng, clean), {kind: put_together(parts) for kind, parts in found.items()}


def case_count() -> int:
    """How many children the case studies are about."""
    return sum(len(case["children"]) for case in _cases())


def _people(held: list[dict[str, Any]], *, first: int, seed: int) -> People:
    n = len(held)
    numbers = np.arange(first, first + n)
    area = np.array([places().areas.index(h["area"]) for h in held])

    def words(key: str) -> Any:
        return np.array([h[key] for h in held], dtype=object)

    return People(
        number=numbers,
        family=np.arange(n),
        born=np.array([day_number(h["born"]) for h in held]),
        boy=np.array([h["boy"] for h in held]),
        given=words("given"),
        middle=np.full(n, "", dtype=object),
        surname=words("surname"),
        other_surname=np.full(n, "", dtype=object),
        ethnicity=words("ethnicity"),
        disability=np.full(n, "NONE", dtype=object),
        estimated=np.zeros(n, dtype=bool),
        area=area,
        home=np.array([_place(h["home"]) for h in held]),
        next_home=np.full(n, -1),
        moved=np.full(n, NONE),
        house=np.arange(n) * 17 + 4,
        street=np.arange(n) * 31 % len(places().streets),
        nhs=nhs_numbers(numbers, seed=seed),
        upn=upns(numbers, authority=np.array([_AUTHORITIES[h["area"]] for h in held])),
        phone=words("phone"),
        handle=words("handle"),
        account=words("account"),
        school=words("school"),
        twin=np.zeros(n, dtype=bool),
    )


def _cast(held: list[dict[str, Any]], index: dict[str, int]) -> Cast:
    n = len(held)
    forms = [story.form for story in book().exploited]
    none = np.zeros(0, dtype=object)
    return Cast(
        story=np.array([forms.index(h["form"]) for h in held]),
        start=np.array([day_number(h["exploited_from"]) * DAY for h in held]),
        until=np.full(n, day_number(date(2028, 1, 1)) * DAY),
        pace=np.ones(n),
        line=np.full(n, -1),
        peer=np.array([index.get(h.get("peer", ""), -1) for h in held]),
        care_from=np.array([day_number(h["care_from"]) if "care_from" in h else NONE for h in held]),
        care_until=np.full(n, NONE),
        lines=Lines(none, none, none, none.astype(np.int64), none.astype(np.int64)),
    )


def _place(sector: str) -> int:
    keys = [s.key for s in places().sectors]
    return keys.index(sector) * UNITS + 1


def _event(told: dict[str, Any], child: int) -> Events:
    at, end = _minutes(told["at"]), _minutes(told["end"]) if "end" in told else NONE
    learnt = _minutes(told["learnt"]) if "learnt" in told else at + (55 if told["event"] == "missing" else 300)
    place = _place(told["place"]) if "place" in told else -1
    words = {name: np.array([value], dtype=object) for name, value in told.get("is", {}).items()}
    pattern = np.array([told.get("pattern", "")], dtype=object)
    one = np.array([child, at, end, place, learnt])
    return Events(one[:1], one[1:2], one[2:3], one[3:4], one[4:5], pattern, words)


def _minutes(written: date | datetime | str) -> int:
    return minutes_of(str(written))
