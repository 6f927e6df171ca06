"""Who is at work: fifty people with sessions, five agencies' systems with tokens, and whom they look for.

Runs within Django as the owner of the tables and prints JSON. A password is checked slowly on purpose, so signing in
is left out of what is measured: sessions stand as they do after it.
"""

from __future__ import annotations

import json
from typing import Any

from trigpoint_web.running.starting import as_owner, start_django

SYSTEMS = ("police", "childrens_services", "missing_persons", "health", "education")
KNOWN = 400  # children of each person or system who are opened or asked about


def main() -> None:
    """Print it."""
    start_django(demo=False)
    with as_owner():
        apart = _apart()  # first: whom it restricts nobody is to open
        print(json.dumps({"people": _people(), "systems": _systems(), "apart": apart}))


def _people() -> list[dict[str, Any]]:
    from trigpoint_web.accounts.models import Role, User

    people = User.objects.exclude(role=Role.SYSTEM_CLIENT).select_related("agency", "team").order_by("email")
    seen: dict[tuple[Any, str], dict[str, Any]] = {}  # of an agency and a role all see the same
    for one in people:
        if (one.agency_id, one.role) not in seen:
            seen[one.agency_id, one.role] = _known(one)
    return [{"role": one.role, "session": _session(one)} | seen[one.agency_id, one.role] for one in people]


def _session(person: Any) -> str:
    """A session as it stands after a password and a second factor, with the purpose said."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from trigpoint_web.accounts.middleware import PURPOSE, SECOND_FACTOR

    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store[SECOND_FACTOR], store[PURPOSE] = True, person.purposes.first().pk
    store.create()
    return str(store.session_key)


def _known(person: Any) -> dict[str, Any]:
    """Children whom the person sees: half of them with something proposed, as the work is; and names to look for."""
    from trigpoint_web.casework.models import Proposal
    from trigpoint_web.casework.policy import children_visible_to

    mine = children_visible_to(person).filter(current=True).select_related("face").order_by("?")
    waiting = Proposal.objects.filter(standing__isnull=False).values("child")
    seen = [*mine.filter(pk__in=waiting)[: KNOWN // 2], *mine[: KNOWN // 2]]
    return {"keys": [one.key for one in seen], "faces": [_face(one) for one in seen if one.face.birth_on]}


def _face(child: Any) -> dict[str, str]:
    face = child.face
    return {"given_names": face.given_names, "surname": face.surname, "born": face.birth_on.isoformat()}


def _systems() -> list[dict[str, Any]]:
    from trigpoint_web.api.clients import open_client

    made = []
    for code in SYSTEMS:
        opened = open_client(code, name=f"Invented system of {code}", scopes=["marker:read", "event:write"])
        made.append({"id": opened.client.pk, "secret": opened.secret} | _known(opened.client.owner))
    return made


def _apart() -> dict[str, Any]:
    """A person, and keys of children who may not be known to that person: another agency's, restricted, not there."""
    from trigpoint_web.accounts.models import Role, User
    from trigpoint_web.casework.models import Child, Restriction
    from trigpoint_web.casework.policy import children_visible_to

    person = User.objects.filter(agency__code="police", role=Role.PRACTITIONER).order_by("email").first()
    other = User.objects.filter(role=Role.SUPERVISOR).order_by("email").first()
    assert person
    assert other
    mine = list(children_visible_to(person).filter(current=True).order_by("pk")[:100])
    for child in mine:
        Restriction.objects.create(child=child, reason="Invented.", by=other).may_see.set([other])
    others = Child.objects.filter(current=True).exclude(pk__in=children_visible_to(person).values("pk"))
    elsewhere = others.exclude(pk__in=[one.pk for one in mine])
    return {
        "session": _session(person),
        "restricted": [one.key for one in mine],
        "forbidden": [one.key for one in elsewhere.order_by("pk")[:100]],
        "unknown": [f"{one.key[:-3]}{number:03d}Z"[-len(one.key) :] for number, one in enumerate(mine)],
    }


if __name__ == "__main__":
    main()
