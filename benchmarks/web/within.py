"""What is measured inside casework: database queries by page, writing the audit, and how much there is.

Runs within Django, and prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import psutil

from trigpoint_web.running.starting import as_owner, start_django

PAGES = (
    ("inbox", "/"),
    ("one list of the inbox", "/?list=proposals"),
    ("child: summary", "/children/{key}/"),
    ("child: markers", "/children/{key}/markers/"),
    ("child: chronology", "/children/{key}/chronology/"),
    ("child: findings", "/children/{key}/findings/"),
    ("child: missing episodes", "/children/{key}/missing/"),
    ("child: connections", "/children/{key}/connections/"),
    ("child: response", "/children/{key}/response/"),
    ("child: why one child", "/review/children/{key}/"),
    ("child: who has looked", "/children/{key}/access-log/"),
    ("dashboard", "/dashboards/"),
)
WRITERS, WRITTEN = 8, 100
OPENED = 10  # times that a page is opened to see what it costs


def main(what: str = "measures") -> None:
    """Print it."""
    start_django(demo=False)
    if what == "counts":
        with as_owner():
            print(json.dumps(_counts()))
    else:
        print(json.dumps([*_questions(), *_audit()]))


def _counts() -> dict[str, int]:
    from trigpoint.services.workspace import open_workspace
    from trigpoint_web.audit.models import AuditRow
    from trigpoint_web.casework.models import Child
    from trigpoint_web.casework.queries.child_page import partnership_folder

    with open_workspace(partnership_folder()) as workspace:
        workspace.store.scan(workspace.con, "events", name="kept")
        ((events,),) = workspace.con.execute("select count(*) from kept").fetchall()
    return {
        "children": Child.objects.filter(current=True).count(), "events": events, "audit": AuditRow.objects.count()
    }  # fmt: skip


def _questions() -> list[dict[str, str]]:
    """How many queries each page puts to the database, sessions and audit included, and what it costs alone."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    made = []
    for said, open_page in _asked():
        status = open_page().status_code
        with CaptureQueriesContext(connection) as asked:
            open_page()
        number = len(asked)
        ours, database = _spent(open_page)
        wrong = "" if status == 200 else f", answered {status}"
        made.append({"what": f"database queries: {said}",
                     "ours": f"{number}; {ours:.0f} ms processor, and PostgreSQL's {database:.0f} ms{wrong}",
                     "aim": "25 at most"})  # fmt: skip
    return made


def _asked() -> list[tuple[str, Callable[[], Any]]]:
    """What is measured alone, and how it is asked for."""
    browser, child = _signed_in()
    given: dict[str, Any] = {"secure": True, "headers": {"host": "127.0.0.1"}}
    face = {"given_names": child.face.given_names, "surname": child.face.surname, "born": str(child.face.birth_on)}
    named = {"name": f"{child.face.given_names} {child.face.surname}"}
    pages = [(said, partial(browser.get, path.format(key=child.key), **given)) for said, path in PAGES]
    return [
        *pages,
        ("search by name", partial(browser.post, "/search/", named, **given)),
        ("look-up by a system", _look_up(face)),
    ]


def _look_up(face: dict[str, str]) -> Callable[[], Any]:
    """A look-up by a system of the police."""
    from django.test import Client

    from trigpoint_web.api.clients import open_client

    with as_owner():
        opened = open_client("police", name="Invented system that is measured", scopes=["marker:read"])
    system, host = Client(), {"host": "127.0.0.1"}
    sent = {"grant_type": "client_credentials", "client_id": opened.client.pk, "client_secret": opened.secret}
    token = system.post("/api/token", sent, secure=True, headers=host).json()["access_token"]
    headers = host | {
        "Authorization": f"Bearer {token}", "Trigpoint-Purpose": "safeguarding",
        "Trigpoint-Legal-Basis": "law_enforcement",
    }  # fmt: skip
    asked = {"person": face, "happening": "arrest"}
    return partial(system.post, "/api/v1/look-up", asked, content_type="application/json", secure=True, headers=headers)


def _spent(open_page: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the processor for one page: of this process, and of the one of PostgreSQL that serves it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        served = psutil.Process(cursor.fetchone()[0])
    began, before = time.process_time(), sum(served.cpu_times()[:2])
    for _ in range(OPENED):
        open_page()
    after = sum(served.cpu_times()[:2])
    return 1000 * (time.process_time() - began) / OPENED, 1000 * (after - before) / OPENED


def _signed_in() -> tuple[Any, Any]:
    """A supervisor's browser, and the child whom most is known of."""
    from django.conf import settings
    from django.db.models import Count
    from django.test import Client

    from benchmarks.web.people import _session
    from trigpoint_web.accounts.models import Role, User
    from trigpoint_web.casework.policy import children_visible_to

    browser, person = Client(), User.objects.filter(role=Role.SUPERVISOR).select_related("agency", "team").first()
    assert person
    browser.cookies[settings.SESSION_COOKIE_NAME] = _session(person)
    with as_owner():
        known = children_visible_to(person).select_related("face").annotate(n=Count("citations"))
        child = known.order_by("-n").first()
    assert child
    return browser, child


def _audit() -> list[dict[str, str]]:
    """One row a transaction: by one writer, and by several who wait for one another at the head of the chain."""
    one = [took for _n in range(2) for took in _write(WRITTEN)]
    with ThreadPoolExecutor(WRITERS) as pool:
        many = [took for each in pool.map(_write, [WRITTEN] * WRITERS) for took in each]
    return [
        {"what": "writing one row of the audit, to its commit", "ours": _said(one)},
        {"what": f"the same, {WRITERS} writers at once", "ours": _said(many)},
    ]


def _write(rows: int) -> list[float]:
    from django.db import connection, transaction

    from trigpoint_web.accounts.models import User
    from trigpoint_web.audit.acting import Acting
    from trigpoint_web.audit.actions import record

    person, took = User.objects.select_related("agency").first(), []
    assert person
    for _ in range(rows):
        began = time.perf_counter()
        with transaction.atomic():
            record(Acting(person), "sign_in", thing="session", thing_id=person.pk, detail={"what": "measured"})
        took.append(time.perf_counter() - began)
    connection.close()
    return took


def _said(took: list[float]) -> str:
    half, most = np.quantile(took, (0.5, 0.95))
    return f"p50 {1000 * half:.1f} ms, p95 {1000 * most:.1f} ms"


if __name__ == "__main__":
    main(*sys.argv[1:])
