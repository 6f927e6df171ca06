"""Crowded data: one hostel for hundreds, one name that hundreds bear, one worker's phone on every record.

What hundreds share is not compared by. Held against a run that compares by everything: what that costs, and that it
is told. All of it is invented.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
from invented import groups, link_views, middling_model, rec

from trigpoint.linkage.clusters.outcome import Linked
from trigpoint.linkage.scoring.model import LinkSettings

EVERYTHING = LinkSettings(block_cap=10**6, name_block_cap=10**6, loose_block_cap=10**6, rare_block_cap=10**6)
HOSTEL, NAMESAKES, PHONE = 300, 400, 250  # children of each crowd, all beyond the widest cap
GIVEN = ("Mohammed", "Mustafa", "Musa", "Malik", "Mehdi", "Milad")
FAMILY = ("Khan", "Ahmadi", "Hussaini", "Karimi", "Noori", "Rahimi", "Marlow", "Finch", "Odell", "Tanner", "Brookes")
START = ("Ka", "Lo", "Mi", "Ta", "Be", "Ro", "Su", "Da", "Ne", "Fi")
MIDDLE, END = ("ren", "bri", "sto", "mal", "dri", "van"), ("a", "el", "is", "on", "en", "ek", "or")


def made(draw: random.Random) -> str:
    return draw.choice(START) + draw.choice(MIDDLE) + draw.choice(END)


def home(draw: random.Random) -> str:
    return f"RV{draw.randrange(1, 9)} {draw.randrange(1, 9)}{draw.choice('ABDE')}{draw.choice('ABDE')}"


def children(draw: random.Random) -> list[dict[str, Any]]:
    hostel = [
        {"given": draw.choice(GIVEN), "surname": draw.choice(FAMILY), "postcode": "RV1 2AB"} for _ in range(HOSTEL)
    ]
    namesakes = [{"given": "Mohammed", "surname": "Khan", "postcode": home(draw)} for _ in range(NAMESAKES)]
    phone = [
        {"given": made(draw), "surname": made(draw), "postcode": home(draw), "phones": ["+447700900123"]}
        for _ in range(PHONE)
    ]
    return [{**child, "birth": a_day(draw)} for child in (*hostel, *namesakes, *phone)]


def a_day(draw: random.Random) -> str:
    return (dt.date(2008, 1, 1) + dt.timedelta(days=draw.randrange(3_650))).isoformat()


def slipped(draw: random.Random, child: dict[str, Any]) -> dict[str, Any]:
    """How the other agency wrote the child down: every fourth with a slip, or with something missing."""
    slip = draw.random()
    if slip < 0.06:
        wrong = dt.date.fromisoformat(child["birth"]) + dt.timedelta(days=draw.choice([1, 10, 31]))
        return {**child, "birth": wrong.isoformat()}
    if slip < 0.12:
        return {**child, "birth": None}
    if slip < 0.18:
        return {**child, "given": child["given"][0] + child["given"][2:]}
    return {**child, "postcode": None} if slip < 0.24 else child


def record(source: str, number: int, child: dict[str, Any]) -> dict[str, Any]:
    more = {key: child[key] for key in ("postcode", "phones") if key in child}
    identity = {"id": f"{number:010d}{source:>10}", "local": f"{number}"}
    return rec(source, child["given"], child["surname"], child["birth"], **identity, **more)


@pytest.fixture(scope="module")
def views() -> list[dict[str, Any]]:
    draw = random.Random(2)  # noqa: S311  a seed that repeats, not a secret
    found = []
    for number, child in enumerate(children(draw)):
        found += [record("police", number, child), record("health", number, slipped(draw, child))]
    return found


@pytest.fixture(scope="module")
def capped(views: list[dict[str, Any]]) -> Linked:
    return link_views(views, model=middling_model())


@pytest.fixture(scope="module")
def everything(views: list[dict[str, Any]]) -> Linked:
    """The same records, compared wherever they share anything."""
    return link_views(views, model=middling_model(), settings=EVERYTHING)


def asked(linked: Linked) -> dict[tuple[str, ...], bool]:
    """The children of each question, and whether its two records are truly of one."""
    return {
        tuple(row["child_keys"]): row["record_a"][:10] == row["record_b"][:10] for row in linked.questions.to_pylist()
    }


def test_nobody_is_joined_otherwise_for_what_hundreds_share(capped: Linked, everything: Linked) -> None:
    assert groups(capped) == groups(everything)
    assert not [group for group in groups(capped) if len({record[:10] for record in group}) > 1]
    assert sum(len(group) == 2 for group in groups(capped)) > 0.9 * (HOSTEL + NAMESAKES + PHONE)


def test_what_is_lost_are_questions_about_children_who_share_only_what_hundreds_do(
    capped: Linked, everything: Linked
) -> None:
    fewer, all_ = asked(capped), asked(everything)
    assert fewer.keys() < all_.keys()  # something is lost: the caps do bite here
    lost = [truly_one for pair, truly_one in all_.items() if pair not in fewer]
    assert not any(lost)
    assert len(lost) < 0.15 * len(all_)


def test_what_was_passed_over_is_told(capped: Linked, everything: Linked) -> None:
    told = {block.rule: (block.stopped_blocks, block.pairs_left_out) for block in capped.quality.blocks}
    phones = 2 * PHONE
    assert told["phone"] == (1, phones * (phones - 1) // 2)
    for shared in ("postcode, now or before, and initial", "given name and surname, in either order"):
        assert told[shared] > (0, 0)
    assert told["NHS number"] == (0, 0)
    assert everything.quality.pairs_left_out == 0


def test_a_crowd_that_grows_is_linked_as_if_it_had_come_at_once(
    views: list[dict[str, Any]], capped: Linked, tmp_path: Path
) -> None:
    """Every tenth record comes later: blocks fill up to their caps and beyond."""
    early = [view for place, view in enumerate(views) if place % 10]
    first = link_views(early, model=middling_model(), memory=tmp_path)
    known = {"known_links": first.links, "model": first.model}
    whole = link_views(views, **known)
    step = link_views(views, new_record_ids=[], known_edges=first.edges, memory=tmp_path, **known)
    assert set(step.model.stopped_blocks) != set(first.model.stopped_blocks)
    assert step.links == whole.links
    assert step.questions == whole.questions
    assert step.quality.blocks == whole.quality.blocks == capped.quality.blocks
    assert groups(step) == groups(capped)
