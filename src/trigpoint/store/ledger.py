"""The ledger: which version of every table belongs together.

One small JSON file for each commit, written aside and moved into place. The newest file is the store as it stands;
a table's own log may be ahead of it only while a writer is at work or after one died.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trigpoint.errors import StoreError
from trigpoint.store.durable import put


@dataclass(frozen=True)
class Commit:
    """One whole state of the store.

    `tables` names the version of each table; `changed` the rows added less the rows removed by this commit;
    `oldest` the first commit that can still be read once this one stands. `at` is UTC.
    """

    number: int
    at: datetime
    what: str
    tables: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)
    oldest: int = 0


NOTHING = Commit(0, datetime(1970, 1, 1, tzinfo=UTC), "an empty store")


class Ledger:
    """The commits of one store, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def numbers(self) -> list[int]:
        """The numbers of all commits, ascending."""
        return sorted(int(path.stem) for path in self.folder.glob("[0-9]*.json"))

    def head(self) -> Commit:
        """The newest commit; `NOTHING` for a store without one."""
        numbers = self.numbers()
        return self.read(numbers[-1]) if numbers else NOTHING

    def read(self, number: int) -> Commit:
        """One commit by its number."""
        if number == 0:
            return NOTHING
        path = self._path(number)
        try:
            return _from_json(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise StoreError(
                f"There is no commit {number} in this store.",
                where=str(self.folder),
                mend=f"The newest is {self.head().number}.",
            ) from None
        except (ValueError, KeyError, TypeError):
            raise StoreError(
                f"Commit {number} of the store's ledger is not readable.",
                where=str(path),
                mend="Restore this file from a backup; the tables beside it are not touched.",
            ) from None

    def readable(self, at: int | datetime | None) -> Commit:
        """The commit to read: the newest, one by number, or the newest not after a moment."""
        head = self.head()
        if at is None:
            return head
        chosen = self.read(at) if isinstance(at, int) else self.not_after(at)
        if chosen.number < head.oldest:
            raise StoreError(
                f"Commit {chosen.number} can no longer be read: its rows were forgotten or have expired.",
                where=str(self.folder),
                mend=f"The oldest that can be read is {head.oldest}.",
            )
        return chosen

    def append(self, commit: Commit) -> None:
        """Name a new state. From the moment the file has its name, the state stands."""
        put(self._path(commit.number), _to_json(commit))

    def not_after(self, moment: datetime) -> Commit:
        """The newest commit that stood at a moment; `NOTHING` if none did."""
        for number in reversed(self.numbers()):
            commit = self.read(number)
            if commit.at <= moment.astimezone(UTC):
                return commit
        return NOTHING

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:08d}.json"


def _to_json(commit: Commit) -> str:
    body = {**vars(commit), "at": commit.at.isoformat(), "tables": dict(commit.tables)}
    return json.dumps({**body, "changed": dict(commit.changed)}, indent=1)


def _from_json(body: dict[str, Any]) -> Commit:
    return Commit(**{**body, "at": datetime.fromisoformat(body["at"])})
