"""Every call that docs/api.md shows is made as it stands there, and answered as it says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from casework_systems import System
from casework_world import World, marker_form
from trigpoint_web.api.operations import api
from trigpoint_web.api.policy import SCOPES
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.models import Child

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
CALLS = re.findall(r"```http (\w+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def asking(world: World, robin: Child, system: Callable[..., System]) -> System:
    markers.set_marker(world.acting(), robin, form=marker_form(), seen=0, request_key=uuid4())
    return system()


@pytest.mark.parametrize(("answered", "call"), CALLS)
def test_a_call_of_the_page_is_answered_as_it_says(asking: System, answered: str, call: str) -> None:
    call = call.replace("CLIENT", asking.client_id).replace("SECRET", asking.secret).replace("CHILD", "CAAA")
    top, _, body = call.partition("\n\n")
    first, *lines = top.splitlines()
    method, path = first.split()
    own = dict(line.split(": ", 1) for line in lines)
    kind = own.pop("Content-Type", "application/json")
    headers = own if answered == "token" else asking.headers | own
    answer = Client().generic(method, path, body.strip(), content_type=kind, headers=headers)
    assert answer.status_code == (200 if answered == "token" else int(answered)), answer.content
    assert json.loads(answer.content)


def test_the_page_names_every_path_scope_and_answer() -> None:
    assert len(CALLS) == 5
    for path in api.get_openapi_schema()["paths"]:
        assert path.replace("{child}", "CHILD") in PAGE
    assert all(f"`{scope}`" in PAGE for scope in SCOPES)
