"""Notices reach an agency's system although it fails at first; nightly files hold what the agreement allows."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from casework_systems import System
from casework_world import World, marker_form
from trigpoint.errors import NotFoundError, SettingsError
from trigpoint_web.accounts.models import Role
from trigpoint_web.api.clients import close_client, open_client, signing_secret, subscribe
from trigpoint_web.api.leaving.listing import lines
from trigpoint_web.api.leaving.nightly import export_nightly
from trigpoint_web.api.leaving.notices import MOST_ATTEMPTS, deliver_notices, wait_after
from trigpoint_web.api.models import Notice, Subscription
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.models import Child, Identifier, Restriction


class Receiver(BaseHTTPRequestHandler):
    """An agency's server: answers with the codes that it is given, in turn."""

    answers: list[int] = []  # noqa: RUF012
    got: list[tuple[dict[str, str], bytes]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.answers, Receiver.got = [], []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/notices"
    server.shutdown()
    server.server_close()


def mark(world: World, child: Child) -> Any:
    return markers.set_marker(world.acting(), child, form=marker_form(), seen=0, request_key=uuid4())


@pytest.fixture
def told(system: Callable[..., System], robin: Child, receiver: str) -> Subscription:
    return subscribe(system().client_id, url=receiver)


def now_due() -> None:
    Notice.objects.update(next_at=timezone.now() - timedelta(seconds=1))


def test_a_notice_is_signed_and_holds_a_key_alone(world: World, told: Subscription, robin: Child) -> None:
    mark(world, robin)
    assert (deliver_notices().taken, deliver_notices().found) == (1, 0)
    ((headers, body),) = Receiver.got
    said = Webhook(signing_secret(told)).verify(body.decode(), headers)
    assert (said["type"], said["data"]) == ("marker.changed", {"child": robin.key})
    assert "Robin" not in body.decode()
    with pytest.raises(WebhookVerificationError):
        Webhook(signing_secret(told)).verify(body.decode().replace(robin.key, "CEVIL"), headers)
    assert AuditRow.objects.get(thing_kind="notices").detail["children"] == [robin.pk]


def test_what_is_not_taken_is_sent_again_under_the_same_id(world: World, told: Subscription, robin: Child) -> None:
    Receiver.answers = [500, 302, 204]
    mark(world, robin)
    problems = []
    for _ in range(3):
        deliver_notices()
        problems.append(Notice.objects.get().problem)
        now_due()
    assert problems == ["status 500", "status 302", ""]
    assert len({headers["webhook-id"] for headers, _body in Receiver.got}) == 1
    assert deliver_notices().waiting == 0


def test_a_server_that_is_not_there_does_not_stop_the_others(
    world: World, system: Callable[..., System], told: Subscription, robin: Child
) -> None:
    subscribe(system().client_id, url="http://127.0.0.1:1/nobody")
    mark(world, robin)
    done = deliver_notices()
    assert (done.found, done.taken, done.waiting) == (2, 1, 1)
    assert Notice.objects.get(delivered_at=None).problem == "ConnectionError"
    now_due()
    Notice.objects.update(attempts=MOST_ATTEMPTS - 1)
    assert deliver_notices().given_up == 1
    assert any("1 given up" in line for line in lines())


def test_waits_grow_and_stay_within_hours() -> None:
    waits = [wait_after(n) for n in range(1, MOST_ATTEMPTS + 1)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=30), timedelta(hours=6))
    assert timedelta(days=3) < sum(waits, timedelta()) < timedelta(days=5)


def test_each_later_step_is_told_and_an_expiry_too(world: World, told: Subscription, robin: Child) -> None:
    mark(world, robin)
    deliver_notices()
    chair = world.acting(role=Role.SUPERVISOR)
    markers.end_marker(chair, robin.markers.get(), reason="Safe now.", seen=1, request_key=uuid4())
    assert deliver_notices().found == 1
    assert list(Notice.objects.order_by("pk").values_list("status", flat=True)) == ["set", "ended"]


def test_markers_from_before_are_not_told(
    world: World, system: Callable[..., System], robin: Child, receiver: str
) -> None:
    mark(world, robin)
    subscribe(system().client_id, url=receiver)
    assert deliver_notices().found == 0


def test_children_whom_the_agency_does_not_see_are_not_told_of(
    world: World, system: Callable[..., System], told: Subscription, robin: Child, receiver: str
) -> None:
    subscribe(system("bank").client_id, url=receiver)
    mark(world, robin)
    Receiver.answers = [500]
    deliver_notices()
    assert Notice.objects.count() == 1
    Restriction.objects.create(child=robin, by=world.person(), reason="Invented.")
    now_due()
    assert (deliver_notices().taken, len(Receiver.got)) == (0, 1)  # restricted meanwhile: not sent any more
    assert Notice.objects.get().problem == "no longer visible"


def test_a_closed_client_is_told_nothing(world: World, told: Subscription, robin: Child) -> None:
    mark(world, robin)
    close_client(told.client_id)
    assert deliver_notices().found == 0


@pytest.mark.parametrize(
    "url",
    ["http://example.invalid/", "ftp://127.0.0.1/", "https://", "https://me:secret@example.invalid/", "file:///x"],
)
def test_notices_go_to_safe_addresses_alone(system: Callable[..., System], url: str) -> None:
    with pytest.raises(SettingsError):
        subscribe(system().client_id, url=url)


def test_unknown_agencies_scopes_and_clients_are_said(world: World) -> None:
    with pytest.raises(NotFoundError):
        open_client("nowhere", name="x", scopes=["marker:read"])
    with pytest.raises(SettingsError, match="everything"):
        open_client("police", name="x", scopes=["everything"])
    with pytest.raises(NotFoundError):
        close_client("nobody")


@pytest.fixture
def marked(world: World, robin: Child) -> Child:
    mark(world, robin)
    for scheme, value in (("police", "P-1"), ("school", "S-1"), ("nhs", "9000000009")):
        Identifier.objects.create(child=robin, scheme=scheme, value=value)
    return robin


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_a_nightly_file_holds_what_the_agency_sees(world: World, marked: Child, tmp_path: Path) -> None:
    other = world.child("CBBB", involved=("bank",))
    markers.set_marker(world.acting(agency="bank"), other, form=marker_form(), seen=0, request_key=uuid4())
    for agency in ("police", "bank", "school_rv"):
        open_client(
            agency, name="Invented", scopes=["marker:export"], own_numbers="police" if agency == "police" else ""
        )
    world.agencies["bank"].headline_only = True
    world.agencies["bank"].save()
    world.agencies["police"].hidden_columns = ["person.birth_on"]
    world.agencies["police"].save()
    assert export_nightly(tmp_path) == {"markers-police.csv": 1, "markers-bank.csv": 1, "markers-school_rv.csv": 0}
    (ours,) = rows(tmp_path / "markers-police.csv")
    assert (ours["child"], ours["form"], ours["own_numbers"], ours["birth_on"]) == (
        marked.key, "county_lines", "P-1", "",
    )  # fmt: skip
    (headline,) = rows(tmp_path / "markers-bank.csv")
    assert (headline["marker"], headline["form"], headline["level"], headline["own_numbers"]) == ("yes", "", "", "")
    assert stat.S_IMODE((tmp_path / "markers-police.csv").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part"))
    exported = AuditRow.objects.filter(thing_kind="nightly").order_by("seq")
    assert [row.detail["rows"] for row in exported] == [1, 1, 0]
    assert json.dumps(exported[0].detail["children"]) == f"[{marked.pk}]"


def test_a_name_is_no_formula(world: World, marked: Child, tmp_path: Path) -> None:
    marked.face.surname = "=cmd()"
    marked.face.save()
    open_client("police", name="Invented", scopes=["marker:export"])
    export_nightly(tmp_path)
    assert rows(tmp_path / "markers-police.csv")[0]["surname"] == "'=cmd()"
