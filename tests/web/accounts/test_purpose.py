"""The purpose of a task: asked, kept, ended, and never somebody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.models import Purpose

pytestmark = pytest.mark.django_db


def current(browser: Any) -> Purpose | None:
    return browser.get("/account/").context["purpose"]


def test_a_purpose_is_kept_for_the_task_and_leads_on(practitioner: User, signed_in: Any) -> None:
    browser = signed_in(practitioner, purpose=None)
    assert current(browser) is None
    answer = browser.post("/purpose/", {"code": "panel", "text": " March ", "next": "/account/"})
    assert answer.headers["Location"] == "/account/"
    assert (current(browser).code, current(browser).text) == ("panel", "March")


def test_the_one_before_ends(practitioner: User, signed_in: Any) -> None:
    browser = signed_in(practitioner)
    browser.post("/purpose/", {"code": "nrm"})
    assert Purpose.objects.filter(user=practitioner, ended_at=None).count() == 1


def test_after_a_working_day_it_is_asked_again(practitioner: User, signed_in: Any) -> None:
    browser = signed_in(practitioner)
    Purpose.objects.update(started_at=timezone.now() - timedelta(hours=9))
    assert current(browser) is None


def test_another_persons_purpose_does_not_count(practitioner: User, administrator: User, signed_in: Any) -> None:
    browser = signed_in(practitioner)
    Purpose.objects.update(user=administrator)
    assert current(browser) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choose what you need these records for"),
        ({"code": "curiosity"}, "Select a valid choice"),
        ({"code": "emergency"}, "Select a valid choice"),
        ({"code": "audit"}, "Say in your words"),
        ({"code": "panel", "text": "x" * 501}, "at most 500 characters"),
        ({"code": "panel", "text": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_what_is_no_purpose_is_refused_with_words(practitioner: User, signed_in: Any, typed: Any, words: str) -> None:
    page = signed_in(practitioner, purpose=None).post("/purpose/", typed).content.decode()
    assert "There is a problem" in page
    assert words in page


def test_it_does_not_lead_to_another_site(practitioner: User, signed_in: Any) -> None:
    answer = signed_in(practitioner).post("/purpose/", {"code": "panel", "next": "//elsewhere.invalid/"})
    assert answer.headers["Location"] == "/home/"
