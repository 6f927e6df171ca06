"""An agency's system as it calls the API, in tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client

from trigpoint_web.casework.grams import fold, grams
from trigpoint_web.casework.models import Child, Name

SCOPES = ("marker:read", "event:write", "marker:export")


@dataclass
class System:
    """A system of an agency, as it calls."""

    client_id: str
    secret: str
    token: str = ""

    def fetch(self, **more: str) -> Any:
        given = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret}
        return Client().post("/api/token", given | more)

    def sign_in(self, **more: str) -> System:
        answer = self.fetch(**more)
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]
        return self

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Trigpoint-Purpose": "safeguarding",
            "Trigpoint-Legal-Basis": "law_enforcement",
        }

    def call(self, path: str, sent: Any, **headers: str) -> Any:
        return Client().post(f"/api/v1/{path}", sent, content_type="application/json", headers=self.headers | headers)

    def look_up(self, person: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        answer = self.call("look-up", {"person": person or ROBIN} | more)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, kind: str = "arrest", *, key: object = "", **more: Any) -> Any:
        sent = {"kind": kind, "person": ROBIN, "happened_at": "2026-11-01T21:30:00+00:00"}
        sent |= {"risk": "medium"} if kind == "missing" else {}
        return self.call("events", sent | more, **{"Idempotency-Key": str(key or uuid4())})


ROBIN = {"given_names": "Robin", "surname": "Inventedcaaa", "born": "2011-05-04"}


def named(child: Child) -> Child:
    """The child with its name as searching finds it."""
    folded = fold(str(child.face))
    Name.objects.create(
        child=child, agency="police", given_names=child.face.given_names, surname=child.face.surname, folded=folded,
        grams=grams(folded),
    )  # fmt: skip
    return child
