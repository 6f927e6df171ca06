"""Records of invented children as four agencies hold them, and what a custody desk is told of some: no files, no runs.

The views are those of invented partnerships (`trigpoint.synthetic`); every record carries the key of its true child.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from trigpoint.linkage.lookup.request import Request
from trigpoint.records.tables import FIXED
from trigpoint.synthetic.chunks import CHUNK
from trigpoint.synthetic.files.layouts import layouts
from trigpoint.synthetic.people.families import People, invent_people
from trigpoint.synthetic.people.views import View, view_people
from trigpoint.synthetic.rates import USUAL

SEEN = {"education": 0.95, "health": 0.6, "childrens_services": 0.2, "police": 0.25}  # shares of children
LEARNT = dt.datetime(2026, 1, 5)


@dataclass(frozen=True)
class Asked:
    """A request, and the key of the child who is meant; None for a child whom no agency holds."""

    request: Request
    child: str | None


def records(children: int, *, seed: int) -> Iterator[pa.Table]:
    """The records of all children, chunk by chunk, with one column more: `child_key`, the true one."""
    for people, rng in _people(children, seed=seed):
        for agency, share in SEEN.items():
            view = view_people(rng, people, habits=layouts(small=False).habits[agency], rates=USUAL)
            yield _table(agency, view, np.flatnonzero(rng.random(len(people)) < share), people)


def custody_desk(children: int, *, seed: int, asked: int) -> list[Asked]:
    """What an agency that spells in its own way would ask; every tenth child is of another partnership."""
    made = []
    per = max(1, asked // max(1, -(-children // CHUNK)))
    for people, rng in _people(children, seed=seed):
        view = view_people(rng, people, habits=layouts(small=False).habits["missing_persons"], rates=USUAL)
        made += [Asked(_request(view, i, rng), _key(people, i)) for i in rng.choice(len(people), per, replace=False)]
    strangers = next(_people(min(children, CHUNK), seed=seed + 1))
    view = view_people(strangers[1], strangers[0], habits=layouts(small=False).habits["missing_persons"], rates=USUAL)
    made += [Asked(_request(view, i, strangers[1]), None) for i in range(max(1, asked // 10))]
    order = np.random.default_rng(seed).permutation(len(made))[:asked]
    return [made[i] for i in order]


def _people(children: int, *, seed: int) -> Iterator[tuple[People, np.random.Generator]]:
    for chunk, first in enumerate(range(0, children, CHUNK)):
        rng = np.random.default_rng([seed, chunk])
        numbers = np.arange(first, min(first + CHUNK, children))
        yield invent_people(rng, numbers=numbers, children=children, seed=seed, rates=USUAL), rng


def _key(people: People, i: int) -> str:
    return f"C{int(people.number[i]):010d}"


def _table(agency: str, view: View, at: np.ndarray, people: People) -> pa.Table:
    """The children at these places as rows of the table of records."""
    numbers, size = people.number[at].tolist(), len(at)
    ids = [f"{agency[:4]}{number:016d}" for number in numbers]
    columns: dict[str, Any] = {
        "row_id": ids, "record_id": ids, "source": [agency] * size, "agency": [agency] * size,
        "local_id": view.local[at].tolist(), "given_names": view.given[at].tolist(),
        "surname": view.surname[at].tolist(), "other_names": [[]] * size,
        "birth_on": view.born[at].astype("datetime64[D]"), "birth_precision": ["day"] * size,
        "sex": view.sex[at].tolist(), "nhs_number": view.nhs[at].tolist(), "upn": view.upn[at].tolist(),
        "other_ids": [[]] * size, "postcode": view.postcode[at].tolist(), "address": view.address[at].tolist(),
        "phones": [[_e164(phone)] if phone else [] for phone in view.phone[at].tolist()],
        "school": people.school[at].tolist(), "learnt_at": [LEARNT] * size,
    }  # fmt: skip
    arrays = {
        field.name: pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(size, field.type)
        for field in FIXED["records"]
    }
    return pa.table(arrays).append_column("child_key", pa.array([f"C{number:010d}" for number in numbers]))


def _request(view: View, i: int, rng: np.random.Generator) -> Request:
    """Names and birth date; half the time a postcode too, and now and then an NHS number."""
    return Request(
        given=view.given[i] or None,
        family=view.surname[i] or None,
        born=dt.date(1970, 1, 1) + dt.timedelta(days=int(view.born[i])),
        postcode=view.postcode[i] if rng.random() < 0.5 else None,
        nhs_number=view.nhs[i],
    )


def _e164(phone: str) -> str:
    return "+44" + phone.replace(" ", "").removeprefix("0")
