"""Check the chain of audit rows, without trusting the database to have computed it.

The canonical text of a row is the JSON array of its columns as the database's trigger writes it (migration 0002): the
time in whole microseconds since 1970, `detail` as its text. hash = SHA-256(hash before + canonical text).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from trigpoint.errors import StoreError

BEGINNING: Final = bytes(32)
AT_ONCE: Final = 20_000
ROWS: Final = """
    select seq, (extract(epoch from at) * 1000000)::bigint, actor_id::text, agency_id, purpose_id, act, thing_kind,
        thing_id, child_id, detail::text, prev_hash, hash
    from audit_auditrow where seq <= %s order by seq
"""


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold: the number of the row, and what is wrong with it."""

    seq: int
    what: str


@dataclass(frozen=True)
class Checked:
    """What checking found: how many rows, the last hash, and the first break or None."""

    rows: int
    last_hash: str
    broken: Break | None


@dataclass(frozen=True)
class Anchor:
    """A row's number and hash as they were written down outside the database."""

    seq: int
    hash: str


def verify_chain(anchors: list[Anchor] | None = None) -> Checked:
    """Go through the chain up to its head, then look at the head and the anchors.

    Rows that were changed, taken out, put in, or cut off at the end are found and named. What was cut off together
    with the head is found by an anchor that was written before.
    """
    expected = {one.seq: one.hash for one in anchors or []}
    with transaction.atomic():
        head_seq, head_hash = _head()
        state = _State(expected)
        for row in _rows(head_seq):  # rows written meanwhile lie beyond, and belong to the next check
            if broken := state.take(row):
                return Checked(state.rows, state.hash.hex(), broken)
        broken = state.end(head_seq, head_hash)
        if broken is None and (forged := _beyond_head()):
            broken = Break(forged, "lies beyond the head of the chain")
        return Checked(state.rows, state.hash.hex(), broken)


def write_anchor(path: Path) -> Anchor:
    """Append the head of the chain to a file, which belongs on another machine or in print. Returns it."""
    with transaction.atomic():
        seq, hash_ = _head()
    anchor = Anchor(seq, hash_.hex())
    line = {"seq": anchor.seq, "hash": anchor.hash, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return anchor


def read_anchors(path: Path) -> list[Anchor]:
    """The anchors of a file that `write_anchor` wrote. Raises StoreError where a line is not one."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            read = json.loads(line)
            found.append(Anchor(int(read["seq"]), bytes.fromhex(read["hash"]).hex()))
        except (ValueError, KeyError, TypeError):
            raise StoreError(
                "A line of the anchors is not one that casework wrote.",
                where=f"{path}, line {number}",
                mend="Take the file from a copy that nobody has edited.",
            ) from None
    return found


def canonical(row: tuple[Any, ...]) -> bytes:
    """The canonical text of a row of ROWS, as bytes."""
    return json.dumps(list(row[:10]), ensure_ascii=False).encode()


class _State:
    """How far checking has come."""

    def __init__(self, anchors: dict[int, str]) -> None:
        self.rows = 0
        self.hash = BEGINNING
        self._anchors = anchors

    def take(self, row: tuple[Any, ...]) -> Break | None:
        """Check the next row; the break that it shows, if it does."""
        seq, prev, kept = row[0], bytes(row[10]), bytes(row[11])
        if seq != self.rows + 1:
            return Break(self.rows + 1, "is missing")
        if prev != self.hash:
            return Break(seq, "does not follow from the row before it")
        if sha256(prev + canonical(row)).digest() != kept:
            return Break(seq, "was changed after it was written")
        if self._anchors.get(seq, kept.hex()) != kept.hex():
            return Break(seq, "is not the row that was anchored: the chain was written anew")
        self.rows, self.hash = seq, kept
        return None

    def end(self, head_seq: int, head_hash: bytes) -> Break | None:
        """Check what should have come: up to the head, and up to the last anchor."""
        last = max([head_seq, *self._anchors])
        if self.rows < last:
            return Break(self.rows + 1, f"and those up to row {last} were cut off")
        if self.hash != head_hash:
            return Break(head_seq, "does not agree with the head of the chain")
        return None


def _head() -> tuple[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("select seq, hash from audit_chainhead where id = 1")
        seq, hash_ = cursor.fetchone() or (0, BEGINNING)
        return int(seq), bytes(hash_)


def _rows(up_to: int) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(ROWS, [up_to])
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def _beyond_head() -> int | None:
    """The first row beyond the head, which nothing but a forger writes."""
    with connection.cursor() as cursor:
        cursor.execute("select min(seq) from audit_auditrow where seq > (select seq from audit_chainhead)")
        (found,) = cursor.fetchone() or (None,)
        return found
