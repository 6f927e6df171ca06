"""Invented records for the linkage tests: no one of them is a person. NHS numbers are of the 900 test range."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa

from trigpoint.linkage.clusters.outcome import Linked
from trigpoint.linkage.link import link
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings, bundled_model
from trigpoint.records.tables import FIXED

AT = dt.datetime(2026, 1, 5, 9, 0)
N1, N2, N3 = "9000000009", "9000000017", "9000000025"
SMALL_BLOCKS = LinkSettings(block_cap=4, name_block_cap=3, loose_block_cap=2, rare_block_cap=3)
NAMES = ["Jack", "Mohammed", "Muhammad Ali", "Kate", "Katherine", "J", None, "Oscar"]
SURNAMES = ["Smith", "Khan", "Marlow-Finch", "Finch", None]
BIRTHS = ["2010-04-07", "2010-07-04", "2010-04-17", "2010-01-01", None]


def random_views(seed: int, size: int) -> list[dict[str, Any]]:
    """Few names, dates and homes, so that everything that can collide does."""
    draw = random.Random(seed)  # noqa: S311  a seed that repeats, not a secret
    views = []
    for number in range(size):
        more: dict[str, Any] = {"postcode": draw.choice(["RV1 2AB", "RV4 7QD", None])}
        more["nhs"] = draw.choice([None, None, None, N1, N2])
        more["phones"] = draw.choice([[], [], ["+447700900123"]])
        more["local"] = f"{number}" if draw.random() < 0.7 else None
        views.append(
            rec(
                draw.choice(["police", "social_care", "education", "health"]),
                draw.choice(NAMES),
                draw.choice(SURNAMES),
                draw.choice(BIRTHS),
                id=f"{seed:010d}{number:010d}",
                learnt=f"2025-01-{1 + number % 28:02d}",
                **more,
            )
        )
    return views


def rec(source: str, given: str | None, surname: str | None, birth: str | None, **more: Any) -> dict[str, Any]:
    """One view of a record. `id` is the record id; without one it is made of the source and the local id."""
    local = more.pop("local", None)
    made = hashlib.md5(f"{source}|{local}|{given}|{surname}|{birth}".encode(), usedforsecurity=False).hexdigest()[:20]
    view: dict[str, Any] = dict.fromkeys(FIXED["records"].names)
    view |= {
        "record_id": more.pop("id", made),
        "source": source,
        "agency": source,
        "local_id": local,
        "given_names": given,
        "surname": surname,
        "birth_on": dt.date.fromisoformat(birth) if birth else None,
        "other_names": more.pop("aka", []),
        "other_ids": more.pop("ids", []),
        "phones": more.pop("phones", []),
        "learnt_at": dt.datetime.fromisoformat(more.pop("learnt", "2025-01-01")),
        "nhs_number": more.pop("nhs", None),
        "birth_precision": more.pop("precision", "day"),
    }
    view |= more
    view["row_id"] = hashlib.md5(repr(sorted(view.items(), key=str)).encode(), usedforsecurity=False).hexdigest()[:20]
    return view


def table(views: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(views, schema=FIXED["records"])


def judge(a: str, b: str, verdict: str, *, at: str = "2025-06-01", number: int = 1) -> dict[str, Any]:
    return {
        "judgement_id": f"{number:020d}",
        "record_a": a,
        "record_b": b,
        "verdict": verdict,
        "reason": "invented",
        "by": "a tester",
        "at": dt.datetime.fromisoformat(at),
    }


def judgement_table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=FIXED["judgements"])


def middling_model(records: int = 20_000) -> LinkModel:
    """The bundled weights as they stand in a partnership of some size, with a few common names."""
    return replace(
        bundled_model(records=records),
        frequencies={
            "forename": {"": 0.0004, "mohammed": 0.012, "muhammad": 0.01, "jack": 0.012, "olivia": 0.012},
            "surname": {"": 0.0004, "smith": 0.012, "khan": 0.01, "jones": 0.01, "ali": 0.008, "patel": 0.006},
            "postcode": {"": 0.0001, "RV9 9ZZ": 0.006},
            "address": {"": 0.0001},
            "school": {"": 0.02},
        },
        crowded_postcodes=("RV9 9ZZ",),
        engine=duckdb.__version__,
    )


def link_views(views: list[dict[str, Any]], **options: Any) -> Linked:
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("views_in", table(views))
        con.execute("CREATE TABLE records AS FROM views_in")
        return link(con, "records", at=AT, **options)


def groups(linked: Linked) -> set[frozenset[str]]:
    """The record ids of each child."""
    found: dict[str, set[str]] = {}
    for row in linked.links.to_pylist():
        found.setdefault(row["child_key"], set()).add(row["record_id"])
    return {frozenset(ids) for ids in found.values()}
