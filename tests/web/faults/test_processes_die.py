"""Processes that are killed or stopped while people work: what was acknowledged is there, and the pages open again."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import uuid4

import httpx
import psutil
import pytest

import casework_served
from casework_served import Database, Served, filled

FAULTS = Path(casework_served.__file__).with_name("casework_faults.py")
OBSERVED = {
    "form": "county_lines", "level": "suspected", "online": "unknown", "overlap": "no", "told": "spoken",
    "told_on-day": "1", "told_on-month": "11", "told_on-year": "2026", "sharing_basis": "public_task",
    "observation": "Invented: said that a debt is owed.",
}  # fmt: skip


class System:
    """An agency's system that posts arrests, each under a key of its own, and keeps the keys that were acknowledged."""

    def __init__(self, casework: Served) -> None:
        self.web = casework.browser()
        self.taken: list[str] = []
        self.failed = 0
        client, secret = casework.known["system"]
        sent = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        token = self.web.post("/api/token", data=sent).raise_for_status().json()["access_token"]
        self.headers = {
            "Authorization": f"Bearer {token}", "Trigpoint-Purpose": "safeguarding",
            "Trigpoint-Legal-Basis": "law_enforcement",
        }  # fmt: skip

    def post_until(self, stop: Event) -> None:
        """One event after the other, a second at the most between them."""
        while not stop.is_set():
            key = str(uuid4())
            with_key = self.headers | {"Idempotency-Key": key}
            event = {
                "kind": "arrest", "happened_at": "2026-11-01T21:30:00+00:00",
                "person": {"given_names": "Robin", "surname": f"Nobody{uuid4().hex[:6]}", "born": "2011-05-04"},
            }  # fmt: skip
            try:
                answer = self.web.post("/api/v1/events", json=event, headers=with_key)
            except httpx.HTTPError:
                self.failed += 1
            else:
                if answer.status_code == 201:
                    self.taken.append(key)
                elif answer.status_code == 429:
                    time.sleep(0.5)
            time.sleep(0.3)

    def lost(self, casework: Served) -> set[str]:
        """Keys that were acknowledged and are not in the database."""
        return set(self.taken) - {str(key) for (key,) in casework.sql("select request_key from casework_postedevent")}


class Reader:
    """A person who opens one child after the other, and how many pages were shown: each has its row of audit."""

    READ = "select count(*) from audit_auditrow where act = 'read' and thing_kind = 'child'"

    def __init__(self, casework: Served) -> None:
        self.casework, self.web = casework, casework.browser("one")
        self.before, self.shown, self.closed = casework.sql(self.READ)[0][0], 0, 0

    def read_until(self, stop: Event) -> None:
        """A page is shown, or it is said that the service is not open; nothing else is answered."""
        while not stop.is_set():
            for key in self.casework.known["children"]:
                page = self.web.get(f"/children/{key}/")
                self.shown += page.status_code == 200
                self.closed += page.status_code == 503 and "The service is not open just now" in page.text
                assert page.status_code in (200, 503)
                time.sleep(0.1)

    def audited(self) -> int:
        """How many pages were read since, says the audit."""
        return int(self.casework.sql(self.READ)[0][0]) - self.before


def until(it_is_so: Callable[[], bool]) -> None:
    """Wait for it: a minute at the most, since a busy machine takes its time."""
    end = time.monotonic() + 60
    while not it_is_so() and time.monotonic() < end:
        time.sleep(0.1)


def under_load(
    casework: Served, meanwhile: Callable[[], None], also: Sequence[Callable[[Event], None]] = ()
) -> list[System]:
    """Three systems post while something happens."""
    systems, stop = [System(casework) for _ in range(3)], Event()
    with ThreadPoolExecutor(4) as pool:
        going = [pool.submit(work, stop) for work in (*(one.post_until for one in systems), *also)]
        try:
            until(lambda: all(len(one.taken) > 1 for one in systems))
            meanwhile()
            time.sleep(1.5)
        finally:
            stop.set()
        for one in going:
            one.result()
    return systems


def opened(casework: Served) -> None:
    """The pages answer, at the latest after half a minute: nobody starts casework again."""
    browser, until = casework.browser("one"), time.monotonic() + 30
    while (page := browser.get("/")).status_code == 503 and time.monotonic() < until:
        time.sleep(0.5)
    assert page.status_code == 200
    assert "New proposals" in page.text


def test_a_worker_that_is_killed_loses_nothing_that_was_acknowledged(casework: Served) -> None:
    def kill_each() -> None:
        for worker in casework.workers():
            worker.kill()
            time.sleep(1)

    systems = under_load(casework, kill_each)
    assert sum(len(one.taken) for one in systems) > 3
    assert [one.lost(casework) for one in systems] == [set(), set(), set()]
    assert "each as it was written" in casework.audited()
    assert len(casework.workers()) == 2
    opened(casework)


def test_the_whole_server_killed_loses_nothing_that_was_acknowledged(casework: Served) -> None:
    systems = under_load(casework, casework.kill)
    assert sum(len(one.taken) for one in systems) > 3
    assert sum(one.failed for one in systems) > 0
    casework.start()
    assert [one.lost(casework) for one in systems] == [set(), set(), set()]
    assert "each as it was written" in casework.audited()
    opened(casework)


def test_a_database_that_is_stopped_is_said_plainly_and_pages_open_again_by_themselves(
    casework: Served, database: Database
) -> None:
    served_by = casework.running
    systems = under_load(casework, database.stop)
    browser = casework.browser("one")
    closed = browser.get("/")
    assert closed.status_code == 503
    assert "The service is not open just now" in closed.text
    watched = casework.browser().get("/health/")
    assert (watched.status_code, watched.json()) == (503, {"healthy": False, "database": "does not answer"})
    asked = systems[0].web.post("/api/v1/look-up", json={}, headers=systems[0].headers)
    assert (asked.status_code, asked.json()["what"].split(".")[0]) == (503, "The database does not answer")
    database.start()
    opened(casework)
    assert casework.running is served_by
    assert [one.lost(casework) for one in systems] == [set(), set(), set()]
    assert "each as it was written" in casework.audited()


def test_postgresql_itself_killed_loses_nothing_that_was_acknowledged(casework: Served, database: Database) -> None:
    """Kill -9 of its first process while systems post and somebody reads; then it is started over what it left."""
    served_by, reader = casework.running, Reader(casework)

    def kill() -> None:
        until(lambda: reader.shown > 3)
        database.kill()
        until(lambda: reader.closed > 0)

    systems = under_load(casework, kill, [reader.read_until])
    assert sum(len(one.taken) for one in systems) > 3
    assert reader.shown > 3
    assert reader.closed > 0
    watched = casework.browser().get("/health/")
    assert (watched.status_code, watched.json()) == (503, {"healthy": False, "database": "does not answer"})
    database.start()
    assert "was not properly shut down; automatic recovery in progress" in (database.folder / "log").read_text()
    assert reader.audited() >= reader.shown
    opened(casework)
    assert casework.running is served_by
    assert [one.lost(casework) for one in systems] == [set(), set(), set()]
    assert "each as it was written" in casework.audited()


def test_one_process_of_postgresql_killed_closes_the_pages_for_a_moment_alone(
    casework: Served, database: Database
) -> None:
    """It then cuts everybody off and recovers by itself: nobody starts anything."""
    reader, server = Reader(casework), database.postmaster()

    def kill_one() -> None:
        until(lambda: reader.shown > 3)
        of_casework = "select pid from pg_stat_activity where datname = 'trigpoint' and pid <> pg_backend_pid()"
        psutil.Process(casework.sql(of_casework)[0][0]).kill()

    systems = under_load(casework, kill_one, [reader.read_until])
    opened(casework)
    assert database.postmaster() == server
    assert reader.audited() >= reader.shown > 3
    assert [one.lost(casework) for one in systems] == [set(), set(), set()]
    assert "each as it was written" in casework.audited()


def test_a_database_that_stops_in_the_middle_of_a_request_leaves_nothing_half_done(
    casework: Served, database: Database
) -> None:
    """The page writes a marker and its audit row, and waits: the database goes before it commits."""
    key = casework.known["children"][0]
    browser, address = casework.browser("one"), f"/children/{key}/markers/set/"
    of_child = (
        "select count(*) from casework_marker m left join casework_markerstep s on s.marker_id = m.id "
        f"join casework_child c on c.id = m.child_id where c.key = '{key}'"
    )
    sent = filled(browser.get(address), **OBSERVED, reason="Invented: in the middle.")
    casework.sql("""
        create function waits() returns trigger language plpgsql as
            $$ begin perform pg_sleep(20); return new; end $$;
        create trigger waits after insert on casework_markerstep for each row execute function waits();
    """)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(browser.post, address, data=sent)
        time.sleep(2)
        database.stop()
        answer = sending.result()
    assert answer.status_code == 503
    assert "The service is not open just now" in answer.text
    database.start()
    casework.sql("drop trigger waits on casework_markerstep; drop function waits()")
    assert casework.sql(of_child) == [(0,)]
    opened(casework)
    assert "each as it was written" in casework.audited()
    while (again := browser.post(address, data=sent)).status_code == 503:  # the other process may not be back yet
        time.sleep(0.5)
    assert again.status_code == 302  # what was sent is sent again, and taken once
    assert casework.sql(of_child) == [(1,)]


@pytest.mark.parametrize("how", ["fails", "killed"])
def test_a_run_that_breaks_off_halfway_leaves_nothing_and_pages_answer_meanwhile(casework: Served, how: str) -> None:
    tables = ("casework_child", "casework_citation", "casework_proposal", "casework_missingepisode", "casework_run")
    counted = " union all ".join(f"select count(*) from {table}" for table in tables)
    does = "perform pg_sleep(3); raise exception 'broken'" if how == "fails" else "perform pg_sleep(60)"
    casework.sql(f"""
        create function breaks() returns trigger language plpgsql as $$ begin {does}; return null; end $$;
        create trigger breaks after insert on casework_missingepisode for each statement execute function breaks();
    """)
    before = casework.sql(counted)
    command = [sys.executable, str(FAULTS), "second"]
    running = subprocess.Popen(command, env=casework.place.environment, stderr=subprocess.DEVNULL)
    browser, answers = casework.browser("two"), list[int]()
    began = time.monotonic()
    while running.poll() is None and time.monotonic() - began < 20:
        paths = ("/", f"/children/{casework.known['children'][1]}/markers/")
        answers += [browser.get(path).status_code for path in paths]
        if how == "killed" and casework.sql("select 1 from pg_stat_activity where wait_event = 'PgSleep'"):
            running.kill()
            break
    assert running.wait(30) != 0
    if how == "killed":
        casework.sql("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'")
    casework.sql("drop trigger breaks on casework_missingepisode; drop function breaks()")
    assert set(answers) == {200}
    assert casework.sql(counted) == before
    opened(casework)
    if how == "killed":  # and now it comes in whole
        subprocess.run(command, env=casework.place.environment, check=True)
        assert casework.sql("select count(*) from casework_child") == [(len(casework.known["children"]) + 300,)]
    assert "each as it was written" in casework.audited()


def test_no_process_is_left_behind(casework: Served) -> None:
    """What was killed above is gone, and what answers now is one server with two processes."""
    assert casework.running
    assert psutil.Process(casework.running.pid).is_running()
    assert len(casework.workers()) == 2
