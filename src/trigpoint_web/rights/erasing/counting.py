"""What is about to go, as counts and keyed hashes: enough to prove later what went, and nothing of what it said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from trigpoint.services.gather_held import HeldRow
from trigpoint_web.rights.held import HELD, where

STORE = "store"


def casework_manifest(kids: Sequence[int]) -> tuple[dict[str, int], dict[str, str]]:
    """Rows by table of casework, and a hash of each table's rows in order."""
    counts, hashes = {}, {}
    for held in HELD:
        rows = _rows(held.table, where(held, "%s"), kids)
        if rows:
            counts[held.table], hashes[held.table] = len(rows), keyed_hash(rows)
    return counts, hashes


def store_manifest(rows: Iterable[HeldRow]) -> tuple[dict[str, int], dict[str, str]]:
    """Rows by table of the store, and a hash of each table's rows in order."""
    by_table: dict[str, list[str]] = {}
    for row in rows:
        by_table.setdefault(f"{STORE}.{row.table}", []).append(json.dumps(row.fields, default=str, sort_keys=True))
    counts = {table: len(each) for table, each in by_table.items()}
    return counts, {table: keyed_hash(sorted(each)) for table, each in by_table.items()}


def keyed_hash(rows: Iterable[str]) -> str:
    """A hash that nobody can find a row from by trying: it needs the service's secret key."""
    keyed = hashlib.blake2b(key=settings.SECRET_KEY.encode()[:64], digest_size=16, person=b"trigpoint erased")
    for row in rows:
        keyed.update(row.encode() + b"\x1e")
    return keyed.hexdigest()


def _rows(table: str, condition: str, kids: Sequence[int]) -> list[str]:
    given: list[Any] = [list(kids)] * condition.count("%s")
    with connection.cursor() as cursor:
        cursor.execute(f"select to_jsonb(t)::text from {table} t where {condition} order by 1", given)
        return [row for (row,) in cursor.fetchall()]
