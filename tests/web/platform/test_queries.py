"""No page asks the database more than 25 times: on the demo's data, every page there is, of the child best known.

The pages are those of the routes themselves. Counted are questions and changes, those for the session and the audit
included; the marks of transactions (BEGIN, SAVEPOINT, RELEASE, COMMIT) are neither.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from test_matrix import OF_CHILD, OF_NONE, by_name, converters_of

from casework_world import World, marker_form
from riverside import Ran
from trigpoint_web.accounts.models import Agency, Role
from trigpoint_web.casework.actions.markers import set_marker
from trigpoint_web.casework.border import register_run
from trigpoint_web.casework.models import Child

MOST = 25
MARKS = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")
NUMBERED = {"proposal_id": "proposals", "episode_id": "missing_episodes"}


@pytest.fixture
def demo(db: None, ran: Ran, settings: Any) -> World:
    """The invented partnership after its run, with agencies for all who send."""
    settings.PARTNERSHIP_FOLDER = str(ran.folder)
    world = World()
    for kind in ("missing_persons", "health", "youth_justice", "charity", "platform"):
        Agency.objects.create(code=kind, name_en=f"Invented {kind}", kind=kind)
    register_run(ran.folder)
    return world


def known_best() -> Child:
    """The child of whom most is known, with a proposal and missing episodes."""
    much = Child.objects.filter(proposals__isnull=False, missing_episodes__isnull=False)
    found = much.annotate(n=Count("citations", distinct=True)).order_by("-n", "pk").first()
    assert found
    return found


def address(name: str, child: Child) -> str:
    given: dict[str, Any] = {"key": child.key} if "key" in converters_of(name) else {}
    for number, kept in NUMBERED.items():
        if number in converters_of(name):
            given[number] = getattr(child, kept).order_by("-pk").first().pk
    return reverse(name, kwargs=given)


def test_no_page_asks_the_database_more_than_25_times(demo: World, signed_in: Any) -> None:
    child = known_best()
    user = demo.person(agency="services_rv", role=Role.SUPERVISOR, serves=("RV", "LF"))
    set_marker(demo.acting(user), child, form=marker_form(form="violence"), seen=0, request_key=uuid4())
    browser, numbers = signed_in(user), {}
    for name in [*by_name(OF_CHILD), *by_name(OF_NONE)]:
        browser.get(address(name, child))
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(address(name, child))
        if page.status_code == 200:
            numbers[name] = sum(not one["sql"].startswith(MARKS) for one in asked.captured_queries)
    assert len(numbers) > 30
    assert {name: number for name, number in numbers.items() if number > MOST} == {}
