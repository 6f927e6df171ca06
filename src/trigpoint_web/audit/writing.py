"""Put audit rows into the database. The database numbers, times and chains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from trigpoint_web.audit.acting import Acting

INSERT = """
    insert into audit_auditrow (actor_id, agency_id, purpose_id, act, thing_kind, thing_id, child_id, detail)
    values (%s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True)
class Entry:
    """One act as it goes to the database."""

    actor_id: UUID | None
    agency_id: int | None
    purpose_id: int | None
    act: str
    thing_kind: str
    thing_id: str
    child_id: int | None
    detail: Jsonb

    @classmethod
    def of(
        cls,
        acting: Acting | None,
        act: str,
        *,
        thing: str,
        thing_id: object,
        child_id: int | None,
        detail: Mapping[str, Any],
    ) -> Entry:
        """The entry of an act by `acting`; None is the service itself, as in a nightly task."""
        user = acting.user if acting and acting.user.is_authenticated else None
        return cls(
            actor_id=user.pk if user else None,
            agency_id=getattr(user, "agency_id", None),
            purpose_id=acting.purpose.pk if acting and acting.purpose else None,
            act=str(act),
            thing_kind=thing,
            thing_id=str(thing_id),
            child_id=child_id,
            detail=Jsonb(dict(detail)),
        )


def insert(entries: Sequence[Entry]) -> None:
    """Write the entries in their order, in the open transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, [_values(entry) for entry in entries])


def _values(entry: Entry) -> tuple[Any, ...]:
    """The entry's values in the order of the columns of INSERT."""
    return tuple(getattr(entry, name) for name in Entry.__dataclass_fields__)
