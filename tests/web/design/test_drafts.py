"""Drafts: kept as typed, without scripts, and after a session ended; each person's own; gone when accepted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django import forms
from django.core.signing import TimestampSigner
from django.test import Client, RequestFactory

from invented_people import person
from trigpoint_web.accounts.models import Agency, User
from trigpoint_web.design.drafts import SIGNER, drop_draft, read_draft
from trigpoint_web.design.forms import DateField, start_form
from trigpoint_web.design.models import Draft

pytestmark = pytest.mark.django_db
PAGE = "/purpose/"
TYPED = {"code": "panel", "text": "The meeting of March"}


class Note(forms.Form):
    text = forms.CharField(required=False)
    forms_seen = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    on = DateField(required=False)


@pytest.fixture
def sam(db: None) -> User:
    return person("sam", Agency.objects.create(code="s", name_en="Invented", kind="police"))


@pytest.fixture
def kit(sam: User) -> User:
    return person("kit", sam.agency)


def owner(user: User, key: str = "note:1") -> dict[str, str]:
    return {"draft_owner": SIGNER.sign(f"{user.pk}|{key}")}


def post_json(browser: Client, fields: Any, key: str = "note:1") -> int:
    return browser.post(f"/drafts/{key}/", json.dumps(fields), content_type="application/json").status_code


def asked_by(user: User) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_what_is_typed_is_kept_and_comes_back_into_the_form(sam: User, signed_in: Any) -> None:
    fields = {"text": ["half a sen"], "forms_seen": ["a", "b"], "on-day": ["3"], "on-month": ["march"]}
    assert post_json(signed_in(sam), {"fields": fields}) == 204
    form = start_form(Note, asked_by(sam), draft="note:1")
    assert form["text"].value() == "half a sen"
    assert form["forms_seen"].value() == ["a", "b"]
    assert form["on"].value() == ["3", "march", None]
    assert not form.errors


def test_a_later_save_takes_the_place_of_an_earlier_one(sam: User, signed_in: Any) -> None:
    browser = signed_in(sam)
    for words in ("one", "two"):
        post_json(browser, {"fields": {"text": [words]}})
    assert Draft.objects.get().fields == {"text": ["two"]}


def test_without_scripts_there_is_a_button(sam: User, signed_in: Any) -> None:
    answer = signed_in(sam).post(PAGE, TYPED | owner(sam) | {"draft_save": "yes"})
    assert answer.headers["Location"] == PAGE
    assert Draft.objects.get().fields == {name: [value] for name, value in TYPED.items()}


def test_what_is_sent_after_the_session_ended_is_kept_for_whoever_typed_it(sam: User, kit: User) -> None:
    answer = Client().post(PAGE, TYPED | owner(sam))
    assert answer.headers["Location"] == "/sign-in/login/?next=%2Fpurpose%2F"
    assert read_draft(asked_by(sam), "note:1")["text"] == "The meeting of March"
    assert read_draft(asked_by(kit), "note:1") is None


def test_nobody_writes_into_anothers_drafts(sam: User, kit: User, signed_in: Any) -> None:
    signed_in(kit).post(PAGE, TYPED | owner(sam) | {"draft_save": "yes"})
    forged = TimestampSigner(salt="another").sign(f"{sam.pk}|note:1")
    Client().post(PAGE, TYPED | {"draft_owner": forged})
    Client().post(PAGE, TYPED | {"draft_owner": f"{sam.pk}|note:1"})
    assert not Draft.objects.exists()


def test_a_page_left_open_for_two_days_keeps_nothing(sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = owner(sam)
    import time

    later = time.time() + 2 * 86400
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    Client().post(PAGE, TYPED | sent)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        [],
        {"fields": 3},
        {"fields": {"text": 3}},
        {"fields": {"text": ["a\x00b"]}},
        {"fields": {"t": ["x" * 250_000]}},
    ],
)
def test_what_is_no_draft_is_refused(sam: User, signed_in: Any, sent: Any) -> None:
    assert post_json(signed_in(sam), sent) in (400, 413)
    assert not Draft.objects.exists()


def test_a_huge_one_is_refused(sam: User, signed_in: Any) -> None:
    assert post_json(signed_in(sam), {"fields": {"t": ["x" * 900_000]}}) == 413


def test_nobody_who_is_not_signed_in_keeps_one(sam: User) -> None:
    assert post_json(Client(), {"fields": {"text": ["a"]}}) == 302
    assert not Draft.objects.exists()


def test_it_goes_when_the_form_was_accepted(sam: User, signed_in: Any) -> None:
    post_json(signed_in(sam), {"fields": {"text": ["a"]}})
    drop_draft(asked_by(sam), "note:1")
    assert read_draft(asked_by(sam), "note:1") is None
