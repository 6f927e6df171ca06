"""What the pages of response are tried on: a chair, a child, a panel and an item of its agenda."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from casework_world import World
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.casework.models import Child
from trigpoint_web.response.actions import meetings
from trigpoint_web.response.models import AgendaItem, Meeting


@pytest.fixture
def chair(world: World) -> User:
    return world.person(role=Role.PANEL_CHAIR, serves=("RV",))


@pytest.fixture
def robin(world: World) -> Child:
    return world.child(involved=("police", "school_rv"))


@pytest.fixture
def panel(world: World, chair: User) -> Meeting:
    return meetings.call_meeting(
        world.acting(chair), kind="panel", title="Riverside panel", area=world.areas["RV"],
        planned_for=timezone.now(), invited=[world.agencies["school_rv"]], request_key=uuid4(),
    )  # fmt: skip


@pytest.fixture
def item(world: World, chair: User, panel: Meeting, robin: Child) -> AgendaItem:
    return meetings.add_to_agenda(world.acting(chair), panel, child=robin, reasons=["missing_now"])
