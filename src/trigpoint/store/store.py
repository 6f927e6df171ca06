"""The store of one partnership: open it, read a state of it, write the next one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import unquote

import duckdb
import pyarrow as pa

from trigpoint.errors import StoreError
from trigpoint.records.tables import table_schemas
from trigpoint.store import mending
from trigpoint.store.delta import DeltaFolder
from trigpoint.store.durable import as_store_error
from trigpoint.store.ledger import Commit, Ledger
from trigpoint.store.removal import Predicate
from trigpoint.store.snapshot import Snapshot
from trigpoint.store.turn import Turn, already_writing, left_behind, writers_turn
from trigpoint.store.writing import Step, Writing
from trigpoint.terms.pack import load_pack

FOLDER: Final = ".trigpoint"
WAIT_SECONDS: Final = 60.0
SMALL_FILES: Final = 8
VERSIONS_BEFORE_CHECKPOINT: Final = 25
_SIGNS_REFUSED: Final = "[]|^\\"

At = int | datetime | None
Answer = TypeVar("Answer")


def _nothing(_stage: str) -> None:
    """Where a test would interrupt a writer."""


class Store:
    """Versioned tables under `folder/.trigpoint`. An instance holds no lock and no open file between calls."""

    def __init__(self, folder: Path, *, schemas: Mapping[str, pa.Schema], wait: float, step: Step) -> None:
        self.folder = folder
        self.schemas = dict(schemas)
        self.wait = wait
        self._step = step
        self._held: dict[int, Turn] = {}
        self._tables = folder / "tables"
        self._scratch = folder / "scratch"
        self._ledger = Ledger(folder / "ledger")

    @classmethod
    def open(
        cls,
        folder: Path | str,
        *,
        schemas: Mapping[str, pa.Schema] | None = None,
        wait: float = WAIT_SECONDS,
        step: Step = _nothing,
    ) -> Store:
        """The store of the partnership in `folder`, begun if there is none; a dead writer's leftovers are cleared.

        `schemas` are the declared columns of every table (without them, those of the England and Wales pack);
        `wait` is how many seconds a writer waits for its turn; `step` is told of each stage of a write.
        """
        home = Path(folder).resolve() / FOLDER
        _refuse_signs(home)
        declared = table_schemas(load_pack()) if schemas is None else schemas
        store = cls(home, schemas=declared, wait=wait, step=step)
        try:
            for part in (store._tables, store._ledger.folder, store._scratch):
                part.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise as_store_error(fault, doing="opening the store", where=home) from None
        store._clear_if_interrupted()
        return store

    @contextmanager
    def write(self, what: str, *, wait: float | None = None) -> Iterator[Writing]:
        """One transaction over any number of tables: all of it stands when the block ends well, else none of it.

        `what` says what is being done, in words that name nobody: others who wait are shown it, and it is kept.
        """
        with self._turn(what, wait=wait) as turn, self._transaction(turn, what) as tx:
            yield tx

    @contextmanager
    def hold(self, what: str, *, wait: float | None = None) -> Iterator[None]:
        """Keep everybody else from writing while the block runs: for what reads first and writes by what it read.

        Transactions of this thread through this store work as ever within it, and each stands or falls by itself.
        """
        me = threading.get_ident()
        with self._turn(what, wait=wait) as turn:
            around = turn.standing
            turn.standing, turn.busy, self._held[me] = what, False, turn
            try:
                yield
            finally:
                turn.standing = around
                if around is None:
                    del self._held[me]
                if not turn.interrupted:
                    turn.finish()

    def snapshot(self, at: At = None) -> Snapshot:
        """The tables as one commit left them: the newest, one by number, or the newest not after a moment."""
        return Snapshot(self._tables, self._ledger.readable(at).tables, self.schemas)

    def read(self, table: str, *, columns: Sequence[str] | None = None, at: At = None) -> pa.Table:
        """The rows of `table` in memory."""
        return self._reading(table, at=at, act=lambda state: state.read(table, columns=columns))

    def scan(self, con: duckdb.DuckDBPyConnection, table: str, *, at: At = None, name: str | None = None) -> str:
        """A DuckDB view, with no copy, of `table` as it stands at this moment; later commits do not change it."""
        return self._reading(table, at=at, act=lambda state: state.scan(con, table, name=name))

    def count(self, table: str, *, at: At = None) -> int:
        """The rows of `table`, from the log alone."""
        return self._reading(table, at=at, act=lambda state: state.count(table))

    def head(self) -> Commit:
        """The newest commit; number 0 for a store without one."""
        return self._ledger.head()

    def commits(self) -> list[Commit]:
        """Every commit, oldest first. Those before the newest one's `oldest` can no longer be read."""
        return [self._ledger.read(number) for number in self._ledger.numbers()]

    def compact(self, *, more_than: int = SMALL_FILES) -> int:
        """Join small files, table by table, where there are more than `more_than` of like size; how many fewer.

        Cheap where there is nothing to do. Rows, and what any commit shows, stay the same.
        """
        with self.write("join small files") as tx:
            return sum(tx.compact(table, more_than=more_than) for table in sorted(tx.versions))

    def purge(self, rows: Mapping[str, Predicate], *, what: str) -> Mapping[str, int]:
        """Remove rows for good: from every version, file and log of every table; how many of the newest version.

        `rows` picks them by table (see `Writing.delete`). What came before this commit can no longer be read. When
        this returns, no byte of the rows is left in the store's folder; copies made outside it are not reached.
        """
        with self._turn(what, wait=None) as turn:
            with self._transaction(turn, what, forget=True) as tx:
                gone = {table: tx.delete(table, picked) for table, picked in rows.items()}
            self._tidy(turn)
        return gone

    def expire(self, *, before: datetime | None = None, keep: int | None = None) -> int:
        """Let go of old versions: those not after `before`, and all but the newest `keep`; the oldest left.

        The rows of the newest version stay: only what it no longer holds is removed from the disk.
        """
        if keep is not None and keep < 1:
            raise StoreError("At least one version must be kept.", mend="Give a number from 1.")
        what = "let old versions expire"
        with self._turn(what, wait=None) as turn:
            head = self.head()
            oldest = max(head.oldest, self._oldest_kept(head, before=before, keep=keep))
            if oldest > head.oldest:
                self._name(head, what=what, oldest=oldest)
                self._step("committed")
                self._tidy(turn)
        return oldest

    def _oldest_kept(self, head: Commit, *, before: datetime | None, keep: int | None) -> int:
        by_time = self._ledger.not_after(before).number if before is not None else 0
        by_count = head.number - keep + 1 if keep is not None else 0
        return min(head.number, max(by_time, by_count))

    def _reading(self, table: str, *, at: At, act: Callable[[Snapshot], Answer]) -> Answer:
        while True:
            commit = self._ledger.readable(at)
            try:
                return act(Snapshot(self._tables, commit.tables, self.schemas))
            except Exception as fault:
                # Rows may be forgotten while they are read: what then counts is the newer state.
                if self._ledger.head().oldest <= commit.number:
                    raise as_store_error(fault, doing=f"reading table {table}", where=self._tables) from None

    @contextmanager
    def _turn(self, what: str, *, wait: float | None) -> Iterator[Turn]:
        held = self._held.get(threading.get_ident())
        if held is not None and held.busy:
            raise already_writing(self.folder)
        waiting = self.wait if wait is None else wait
        with nullcontext(held) if held else writers_turn(self.folder, timeout=waiting) as turn:
            turn.busy = True
            try:
                self._begin(turn, what)
                yield turn
                turn.finish()
            finally:
                turn.busy = False

    def _begin(self, turn: Turn, what: str) -> None:
        self._step("took the turn")
        try:
            turn.announce(what)
            self._step("announced")
            repair = mending.mend if turn.interrupted else mending.unwind
            repair(self._tables, ledger=self._ledger, scratch=self._scratch)
            turn.interrupted = False
        except Exception as fault:
            raise as_store_error(fault, doing="beginning to write", where=self.folder) from None

    @contextmanager
    def _transaction(self, turn: Turn, what: str, *, forget: bool = False) -> Iterator[Writing]:
        head = self.head()
        tx = Writing(
            self._tables,
            scratch=self._scratch,
            schemas=self.schemas,
            versions=dict(head.tables),
            named=head.tables,
            step=self._step,
        )
        try:
            yield tx
            if tx.touched() or forget:
                self._conclude(tx, head=head, what=what, forget=forget)
        except BaseException:
            self._roll_back(turn)
            raise

    def _conclude(self, tx: Writing, *, head: Commit, what: str, forget: bool) -> None:
        for table in tx.touched():
            since = head.tables.get(table, -1) + 1
            DeltaFolder(self._tables / table).flush(since=since, newest=tx.versions[table])
        self._step("flushed")
        oldest = head.number + 1 if forget else head.oldest
        self._name(head, what=what, oldest=oldest, tables=tx.versions, changed=tx.changed)
        self._step("committed")
        for table in tx.touched():
            self._checkpoint(table, tx.versions[table])

    def _name(
        self,
        head: Commit,
        *,
        what: str,
        oldest: int,
        tables: Mapping[str, int] | None = None,
        changed: Mapping[str, int] | None = None,
    ) -> None:
        kept = head.tables if tables is None else tables
        commit = Commit(head.number + 1, datetime.now(UTC), what, kept, changed or {}, oldest)
        try:
            self._ledger.append(commit)
        except OSError as fault:
            raise as_store_error(fault, doing="writing the ledger", where=self.folder) from None

    def _checkpoint(self, table: str, version: int) -> None:
        """Keep opening quick. The state stands without it, so a fault here is no fault of the transaction."""
        folder = DeltaFolder(self._tables / table)
        if version - folder.last_checkpoint() >= VERSIONS_BEFORE_CHECKPOINT:
            with suppress(Exception):
                folder.checkpoint(version)

    def _roll_back(self, turn: Turn) -> None:
        """Undo by the ledger. Where even that fails, the note stays and the next writer does it."""
        turn.interrupted = True
        with suppress(Exception):
            mending.mend(self._tables, ledger=self._ledger, scratch=self._scratch)
            turn.finish()

    def _tidy(self, turn: Turn) -> None:
        turn.interrupted = True
        try:
            mending.mend(self._tables, ledger=self._ledger, scratch=self._scratch)
        except Exception:
            raise StoreError(
                "The newest state is right, but older versions are not all removed from the disk yet.",
                where=str(self.folder),
                mend="See that the folder can be written, then run the command again.",
            ) from None
        self._step("swept")
        # A log holds nothing of any row. If the disk has no room for a shorter one, the next removal shortens it.
        with suppress(Exception):
            mending.trim(self._tables, ledger=self._ledger)

    def _clear_if_interrupted(self) -> None:
        if left_behind(self.folder):
            with suppress(StoreError), self._turn("clear what was left half-done", wait=0.0):
                pass


def _refuse_signs(home: Path) -> None:
    """The table library takes a path for an address: it stops at some signs and decodes `%20` into a blank."""
    spelt = home.as_posix()
    found = sorted(set(spelt) & set(_SIGNS_REFUSED))
    if found or unquote(spelt) != spelt:
        raise StoreError(
            f"The folder's path holds {' '.join(found) or '% before two digits'}, "
            "which the library for tables cannot take.",
            where=str(home),
            mend="Rename the folder, or move it to another one.",
        )
