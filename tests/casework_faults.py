"""Invented children and people for tests of faults, written into a database of its own: prints what a test needs.

Run as a program, in the environment of the casework that is tested.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from trigpoint_web.running.starting import as_owner, start_django

CHILDREN = [f"CF{number:03d}" for number in range(12)]


def fill() -> dict[str, Any]:
    """A run with a few children, two supervisors, and a system."""
    from benchmarks.web.people import _session

    from casework_world import Brought, World, child, citation, involved, proposal
    from trigpoint_web.accounts.models import Role
    from trigpoint_web.api.clients import open_client
    from trigpoint_web.casework.border import take_run

    world = World()
    take_run(
        Brought(
            kids=[child(key) for key in CHILDREN],
            involving=[involved(key) for key in CHILDREN],
            found=[citation(key) for key in CHILDREN],
            proposed=[proposal(key) for key in CHILDREN],
        )
    )
    people = {"one": world.person(role=Role.SUPERVISOR), "two": world.person(role=Role.SUPERVISOR)}
    for one in people.values():
        world.acting(one)
    opened = open_client("police", name="Invented system", scopes=["marker:read", "event:write"])
    return {
        "sessions": {name: _session(one) for name, one in people.items()},
        "system": [opened.client.pk, opened.secret],
        "children": CHILDREN,
    }


def second_run() -> None:
    """A later run with more children."""
    from casework_world import Brought, child, citation, involved, missing, proposal
    from trigpoint_web.casework.border import take_run

    keys = [*CHILDREN, *(f"CG{number:03d}" for number in range(300))]
    take_run(
        Brought(
            number=2,
            kids=[child(key) for key in keys],
            involving=[involved(key) for key in keys],
            found=[citation(key, number) for key in keys for number in (1, 2)],
            proposed=[proposal(key, 1, 2) for key in keys],
            away=[missing(key) for key in keys[len(CHILDREN) :]],
        )
    )


if __name__ == "__main__":
    start_django(demo=False)
    with as_owner():
        if "second" in sys.argv:
            second_run()
        else:
            sys.stdout.write(json.dumps(fill()))
