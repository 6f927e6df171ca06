"""An index that is held open: arrays in memory maps, and the look for a newer one before each answer."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from trigpoint.errors import IndexUnfitError, LinkageError, NotFoundError
from trigpoint.linkage.features.people import TF_COLUMNS
from trigpoint.linkage.lookup.request import STORED, Frame
from trigpoint.linkage.lookup.writing import CURRENT, FORMAT, WORDS, fingerprint
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings, parse_model

MAKE = "Make it with: trigpoint run FOLDER"


class Index:
    """One index, open. Rows are numbered from nought, child by child; nothing is read before it is asked for."""

    def __init__(self, folder: Path) -> None:
        words = _words(folder)
        self.model = _model(folder)
        self.over = str(words["over"])
        self.settings = LinkSettings(**words["settings"])
        if words["made_for"] != fingerprint(self.model, self.settings):
            raise _of_another_version()
        self.frame = Frame.of(self.model, words["same_nhs"])
        self.records = int(words["records"])
        self.children = _array(folder, "children")
        self.child_starts = _array(folder, "child_starts")
        self.child_of = _array(folder, "child_of")
        self.record_ids = _array(folder, "records")
        self._keys = _array(folder, "keys")
        self._starts = _array(folder, "block_starts")
        self._sizes = _array(folder, "block_sizes")
        self._rows = _array(folder, "block_rows")
        self._row_starts = _array(folder, "row_starts")
        self._texts = _mapped(folder / "rows.bin")
        shares = [(STORED.index(c), self.frame.frequencies[c]) for c in TF_COLUMNS]
        self._shares = [(held, listed, listed.get("")) for held, listed in shares]

    def block(self, key: int, *, most: int) -> np.ndarray | None:  # noqa: ARG002  decided when the index was made
        """The rows that share a key; None where they are more than `most`, too many to be compared."""
        at = int(np.searchsorted(self._keys, np.uint64(key)))
        if at == len(self._keys) or int(self._keys[at]) != key:
            return np.zeros(0, np.uint32)
        start, size = int(self._starts[at]), int(self._sizes[at])
        return self._rows[start : start + size] if size else None

    def rows_of(self, child: int) -> range:
        """The rows of a child, by its number."""
        return range(int(self.child_starts[child]), int(self.child_starts[child + 1]))

    def row(self, number: int) -> list[Any]:
        """A linking row in the order of ROW."""
        start, end = int(self._row_starts[number]), int(self._row_starts[number + 1])
        row: list[Any] = json.loads(self._texts[start:end].decode())
        row.extend([shares.get(row[held] or "", rest) for held, shares, rest in self._shares])
        return row

    def child_key(self, child: int) -> str:
        """The key of a child, by its number."""
        return str(self.children[child].decode())

    def child(self, row: int) -> int:
        """The number of the child that a row belongs to."""
        return int(self.child_of[row])

    def record_id(self, row: int) -> str:
        """The record that a row was made of."""
        return str(self.record_ids[row].decode())


class GrownIndex:
    """An index and a smaller one over it: the children of the smaller stand in place of what the first holds of them.

    Rows and children of the smaller one are numbered after those of the first.
    """

    def __init__(self, base: Index, newer: Index, *, replaced: np.ndarray) -> None:
        self.base, self.newer, self._replaced = base, newer, replaced
        self.model, self.settings, self.frame = newer.model, newer.settings, newer.frame
        self.records = newer.records + base.records - int(np.diff(base.child_starts)[replaced].sum())
        self._rows, self._children = base.records, len(base.children)

    def block(self, key: int, *, most: int) -> np.ndarray | None:
        """The rows that share a key; None where they are more than `most`, too many to be compared."""
        older, newer = self.base.block(key, most=most), self.newer.block(key, most=most)
        if older is None or newer is None:
            return None
        kept = older[~self._replaced[self.base.child_of[older]]] if len(older) else older
        both = np.concatenate([kept.astype(np.int64), newer.astype(np.int64) + self._rows])
        return both if len(both) <= most else None

    def rows_of(self, child: int) -> range:
        """The rows of a child, by its number."""
        if child < self._children:
            return self.base.rows_of(child)
        rows = self.newer.rows_of(child - self._children)
        return range(rows.start + self._rows, rows.stop + self._rows)

    def row(self, number: int) -> list[Any]:
        """A linking row in the order of ROW."""
        return self.base.row(number) if number < self._rows else self.newer.row(number - self._rows)

    def child_key(self, child: int) -> str:
        """The key of a child, by its number."""
        older = child < self._children
        return self.base.child_key(child) if older else self.newer.child_key(child - self._children)

    def child(self, row: int) -> int:
        """The number of the child that a row belongs to."""
        return self.base.child(row) if row < self._rows else self.newer.child(row - self._rows) + self._children

    def record_id(self, row: int) -> str:
        """The record that a row was made of."""
        return self.base.record_id(row) if row < self._rows else self.newer.record_id(row - self._rows)


AnyIndex: TypeAlias = "Index | GrownIndex"


def open_index(folder: Path, name: str) -> AnyIndex:
    """The index of this name in the folder, with the one that it stands on."""
    newer = Index(folder / name)
    if not newer.over:
        return newer
    return GrownIndex(Index(folder / newer.over), newer, replaced=_array(folder / name, "replaced"))


class OpenIndex:
    """The current index of a folder: opened when first asked for, and again when a newer one stands there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._name = ""
        self._index: AnyIndex | None = None

    def now(self) -> AnyIndex:
        """The index as it stands. Raises NotFoundError where there is none, LinkageError for another version's."""
        name = self._current()
        while self._index is None or name != self._name:
            self._index = None
            try:
                self._index, self._name = open_index(self.folder, name), name
            except (OSError, LinkageError):
                # Between its name and its files a newer index may have taken this one's place.
                if name == (name := self._current()):
                    raise
        return self._index

    def _current(self) -> str:
        try:
            return (self.folder / CURRENT).read_text(encoding="utf-8")
        except OSError:
            self._index, self._name = None, ""
            raise NotFoundError("There is no index to look a child up in.", where="this folder", mend=MAKE) from None


def _model(folder: Path) -> LinkModel:
    text = (folder / "model.json").read_text(encoding="utf-8")
    try:
        return parse_model(text, where="the look-up's index")
    except LinkageError:
        raise _of_another_version() from None


def _array(folder: Path, name: str) -> np.ndarray:
    made: np.ndarray = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return np.asarray(made) if made.size else np.zeros(0, made.dtype)


def _mapped(path: Path) -> mmap.mmap | bytes:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""


def _words(folder: Path) -> dict[str, Any]:
    try:
        words: dict[str, Any] = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise IndexUnfitError("The look-up's index is not whole.", where="this folder", mend=MAKE) from None
    if words.get("format") != FORMAT:
        raise _of_another_version()
    return words


def _of_another_version() -> IndexUnfitError:
    return IndexUnfitError("The look-up's index was made by another version of Trigpoint.", mend=MAKE)
