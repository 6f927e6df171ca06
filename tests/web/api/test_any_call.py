"""Schemathesis: whatever is called is answered as the description says, and never by a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from casework_systems import System, named
from casework_world import World
from trigpoint_web.api.asking import counting
from trigpoint_web.api.clients import open_client
from trigpoint_web.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def calling(world: World, monkeypatch: Any, settings: Any, tmp_path: Any) -> Iterator[System]:
    monkeypatch.setattr(counting, "CALLS_A_MINUTE", 1_000_000)
    settings.PARTNERSHIP_FOLDER = str(tmp_path)
    named(world.child())
    made = open_client("police", name="Invented", scopes=["marker:read", "event:write"])
    signed_in = System(made.client.pk, made.secret).sign_in()
    # Each call stands within the test's transaction; Django's own test client sees to that by itself.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield signed_in
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_call(case: Any, calling: System) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {calling.token}"}, checks=CHECKS)
