"""Addresses and forms of response, as the tests of its pages fill them in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse

from casework_world import World
from trigpoint_web.accounts.models import User
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child
from trigpoint_web.response.actions import tasks
from trigpoint_web.response.models import Action


def at(name: str, *given: object) -> str:
    return reverse(f"response:{name}", args=[one.key if isinstance(one, Child) else one for one in given])


def boxes(name: str, on: Any) -> dict[str, int]:
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def send(browser: Any, address: str, **given: Any) -> Any:
    """Fill in the form of the page and send it, with what the page carried along."""
    form = browser.get(address).context["form"]
    carried = {name: form[name].value() for name in ("seen", "request_key")}
    return browser.post(address, carried | given)


def give(world: World, by: User, robin: Child, **more: Any) -> Action:
    given = {"what": "Ring the school.", "owner": by, "due_on": today() + timedelta(days=2)} | more
    return tasks.give_action(world.acting(by), child=robin, request_key=uuid4(), **given)
