"""Two people, or one who presses twice, at the same moment: over two real connections to the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from casework_served import Served, filled

OBSERVED: dict[str, Any] = {
    "form": "violence", "level": "suspected", "online": "unknown", "overlap": "no", "told": "spoken",
    "told_on-day": "1", "told_on-month": "11", "told_on-year": "2026", "sharing_basis": "public_task",
    "observation": "Invented: seen with a knife.",
}  # fmt: skip


def at_once(*sends: tuple[httpx.Client, str, dict[str, Any]]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(sends)) as pool:
        return list(pool.map(lambda one: one[0].post(one[1], data=one[2]), sends))


def steps(casework: Served, key: str) -> int:
    ((number,),) = casework.sql(
        "select count(*) from casework_markerstep s join casework_marker m on m.id = s.marker_id "
        f"join casework_child c on c.id = m.child_id where c.key = '{key}'"
    )
    return number


def test_two_who_decide_at_once_are_not_both_heard_and_the_second_sees_what_changed(casework: Served) -> None:
    for key in casework.known["children"][2:5]:
        address = f"/children/{key}/markers/set/"
        sends = []
        for who, form in (("one", "violence"), ("two", "county_lines")):
            browser = casework.browser(who)
            page = browser.get(address)
            sends.append((browser, address, filled(page, **OBSERVED | {"form": form}, reason=f"Invented: by {who}.")))
        answers = at_once(*sends)
        assert sorted(one.status_code for one in answers) == [302, 409]
        late = next(one for one in answers if one.status_code == 409)
        first = "one" if answers[1] is late else "two"
        assert f"Invented: by {first}." in late.text
        assert steps(casework, key) == 1


def test_one_who_presses_twice_has_done_it_once(casework: Served) -> None:
    for key in casework.known["children"][5:8]:
        address = f"/children/{key}/markers/set/"
        browser = casework.browser("one")
        sent = filled(browser.get(address), **OBSERVED, reason="Invented: pressed twice.")
        answers = at_once(*[(casework.browser("one"), address, sent) for _ in range(3)])
        assert {one.status_code for one in answers} == {302}
        assert len({one.headers["Location"] for one in answers}) == 1
        assert steps(casework, key) == 1


def test_one_child_reported_missing_twice_at_once_is_one_report(casework: Served) -> None:
    key = casework.known["children"][9]
    address = f"/children/{key}/missing/open/"
    sends = []
    for who in ("one", "two"):
        browser = casework.browser(who)
        sends.append((browser, address, filled(browser.get(address), risk="medium", place="Elm House")))
    answers = at_once(*sends)
    assert sorted(one.status_code for one in answers) == [200, 302]
    late = next(one for one in answers if one.status_code == 200)
    assert "Your agency has an open report of this child already" in late.text
    assert casework.sql(
        "select count(*) from casework_missingepisode e join casework_child c on c.id = e.child_id "
        f"where c.key = '{key}' and e.found_at is null and e.origin <> 'run'"
    ) == [(1,)]
