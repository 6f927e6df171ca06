"""Every address that takes a form is sent what nobody should send: nothing, too much, what breaks a text, what runs.

The addresses are those of the routes themselves, and the fields those of the form that each page shows: a new form
cannot forget this test. What comes back is a page or a redirect, never a fault of ours, and no word of it runs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from lxml import html
from test_matrix import RELATIONS, address, converters_of, partnership, routes

from casework_world import World, marker_form
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.chain import verify_chain
from trigpoint_web.casework.actions.markers import set_marker
from trigpoint_web.casework.models import Child

__all__ = ["partnership"]
RUNS = "<script>alert('invented')</script><img src=x onerror=alert(1)>"
HOSTILE = [
    "",
    RUNS,
    "Robin\x00 '; drop table casework_child; -- {{ 7*7 }} {% load x %} %s %(a)s ${7*7}",
    "\u202e\ufeff\U0001d57d\U0001d594 \u202d \U0001f600 \r\n\t\x1b[31m" + "\u00e9" * 50,
    "9" * 400,
    "-99999999999999999999",
    "long " * 40_000,
]
OUR_OWN = ("csrfmiddlewaretoken", "draft_owner")
FAULT = 500


def addresses(key: str) -> Iterator[tuple[str, str]]:
    """Each route as an address: of this child where it names one, with numbers of nothing where it names those."""
    for name, _route in routes():
        given: dict[str, Any] = dict.fromkeys(converters_of(name), 999_999)
        if "key" in given and not name.startswith(("account_", "mfa_", "design:")):
            yield name, address(name, key)
            continue
        given |= {one: str(uuid4()) for one in given if one.endswith("_id") and name.startswith("accounts:")}
        given |= {one: "x" for one in given if one in ("rule", "day", "key", "code", "uidb36", "provider_id", "child")}
        given |= {"person_id": str(uuid4())} if "person_id" in given else {}
        try:
            yield name, reverse(name, kwargs=given)
        except NoReverseMatch:  # a route without a name of its own
            continue


def fields_of(page: Any) -> set[str]:
    """The names of all fields that forms of the page send."""
    if "html" not in page.get("Content-Type", "") or not page.content:
        return set()
    forms = html.fromstring(page.content.decode()).xpath("//form[translate(@method, 'POST', 'post')='post']")
    return {one.get("name") for form in forms for one in form.xpath(".//*[@name]")} - set(OUR_OWN)


@pytest.fixture
def people(partnership: World, signed_in: Any, settings: Any) -> list[Client]:
    """One of each role that writes or oversees, on whom no faults are raised but answered as in production."""
    settings.MFA_PASSKEY_LOGIN_ENABLED = True
    made = []
    for role in (Role.SUPERVISOR, Role.AGENCY_ADMINISTRATOR, Role.GOVERNANCE_OFFICER):
        user = partnership.person(role=role)
        user.set_password("a long invented password")
        user.save()
        browser = signed_in(user)
        browser.raise_request_exception = False
        browser.post("/sign-in/reauthenticate/", {"password": "a long invented password"})
        made.append(browser)
    acting = partnership.acting(role=Role.SUPERVISOR)
    child = Child.objects.get(key=RELATIONS["own"])
    set_marker(acting, child, form=marker_form(form="violence"), seen=0, request_key=uuid4())
    return made


def dressed(fields: list[str], turn: int) -> dict[str, str]:
    """Each field with another hostile value; with another `turn` each has the next."""
    return {name: HOSTILE[(place + turn) % len(HOSTILE)] for place, name in enumerate(fields)}


def test_no_form_breaks_and_no_word_of_it_runs(people: list[Client], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")  # each refusal is a line
    wrong, forms = [], 0
    for browser in people:
        for name, path in addresses(RELATIONS["own"]):
            if name == "account_logout":
                continue
            cache.clear()  # tries are counted, and these are many
            fields = sorted(fields_of(browser.get(path)))
            forms += bool(fields)
            for sent in ({}, *(dressed(fields, turn) for turn in range(len(HOSTILE)) if fields)):
                answer = browser.post(path, sent)
                said = answer.content.decode(errors="replace") if not answer.streaming else ""
                if answer.status_code >= FAULT or RUNS in said or "Traceback" in said:
                    wrong.append((name, answer.status_code, sorted(sent)[:3]))
    assert wrong == []
    assert forms > 40
    assert verify_chain().broken is None


def test_a_form_with_more_fields_than_any_has_is_refused_plainly(people: list[Client]) -> None:
    answer = people[0].post("/search/", {f"field{number}": "x" for number in range(600)})
    assert answer.status_code == 400
    assert "We could not read what was sent" in answer.content.decode()
