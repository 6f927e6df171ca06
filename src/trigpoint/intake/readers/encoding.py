"""What bytes a text file holds, in one streaming pass; and the file as UTF-8 where it is something else."""

from __future__ import annotations

import codecs
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
from charset_normalizer import from_bytes

from trigpoint.errors import ExtractError
from trigpoint.intake.compile.values import Spaces

CHUNK = 1 << 20
_BORDER = np.zeros(256, dtype=bool)
_BORDER[list(b",;\t|^~\r\n\"'")] = True
# What authorities' systems write. Guessing among every code page of the world turns a few accents into Cyrillic.
LIKELY = ["cp1252", "cp850", "mac_roman"]
_BRITISH = frozenset("‘’“”–—…£€°½¼¾©®«»·ŒœŠšŸ\u00a0")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# UTF-8 read as Windows-1252 and written as UTF-8 again: Ã followed by a sign, or â€.
_MOJIBAKE = (b"\xc3\x83\xc2", b"\xc3\x82\xc2", b"\xc3\xa2\xe2\x82\xac", b"\xc3\x83\xe2", b"\xef\xbf\xbd")


@dataclass
class Survey:
    """What one pass over the bytes of a UTF-8 file saw."""

    newlines: int = 0
    returns: bool = False
    ends_open: bool = False
    odd_spaces: bool = False
    padded: bool = False
    garbled: bool = False
    nul: bool = False
    utf8: bool = True
    first_odd: int = 0
    size: int = 0
    _before: bytes = b"\n"
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"), repr=False)

    @property
    def spaces(self) -> Spaces:
        """What may stand round the cells: trimming cells that need none costs more than looking once."""
        return "odd" if self.odd_spaces else "plain" if self.padded else "none"

    def take(self, chunk: bytes, *, last: bool) -> None:
        """Add a chunk."""
        # A search for one byte is some fifteen times as quick as for two: the first tells whether to do the second.
        returns, plain = b"\r" in chunk, chunk.isascii()
        self.newlines += chunk.count(b"\n")
        self.returns |= returns
        self.nul |= b"\0" in chunk
        self.odd_spaces |= b"\t" in chunk or (not plain and b"\xc2\xa0" in chunk) or (returns and b" \r" in chunk)
        # Read with the byte before it: a border of a chunk is no border of a cell.
        self.padded = self.padded or _padded(self._before + chunk) or (last and chunk.endswith(b" "))
        self._before = chunk[-1:]
        if not plain:
            self.garbled |= any(mark in chunk for mark in _MOJIBAKE)
        if self.utf8 and not (plain and not self._decoder.getstate()[0]):
            self._decode(chunk, last=last)
        self.size += len(chunk)
        self.ends_open = not chunk.endswith(b"\n")

    def _decode(self, chunk: bytes, *, last: bool) -> None:
        try:
            self._decoder.decode(chunk, final=last)
        except UnicodeDecodeError as fault:
            self.utf8 = False
            self.first_odd = self.size + max(fault.start, 0)


def _padded(data: bytes) -> bool:
    """Whether a space stands beside what may be the border of a cell, or a cell is a pair of quotes."""
    if b'"' in data and b'""' in data:
        return True
    seen = np.frombuffer(data, dtype=np.uint8)
    at = np.flatnonzero(seen == 32)
    after, before = at[at < len(seen) - 1] + 1, at[at > 0] - 1
    return bool(_BORDER[seen[after]].any() or _BORDER[seen[before]].any())


def survey(path: Path) -> Survey:
    """Look at every byte once, holding one chunk at a time."""
    found = Survey()
    with path.open("rb") as file:
        chunk = file.read(CHUNK)
        while chunk:
            following = file.read(CHUNK)
            found.take(chunk, last=not following)
            chunk = following
    return found


@dataclass(frozen=True)
class Text:
    """A file that is UTF-8: the agency's own, or a copy turned into it."""

    path: Path
    survey: Survey
    remarks: tuple[str, ...]
    copied: bool

    def discard(self) -> None:
        """Remove the copy, if there is one."""
        if self.copied:
            self.path.unlink(missing_ok=True)


def as_utf8(path: Path, encoding: str | None, con: duckdb.DuckDBPyConnection) -> Text:
    """The file as UTF-8 text with plain line ends. Raises ExtractError where its encoding cannot be told.

    A copy lies where DuckDB spills to disk, so that it goes with the rest of the working files, crash or not.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for bom, name in _BOMS if start.startswith(bom)), None)
    if encoding is None and marked in (None, "utf-8-sig"):
        found = survey(path)
        if found.utf8 and not found.nul and not found.returns and marked is None:
            return Text(path, found, _said(found), copied=False)
        encoding = marked if marked and found.utf8 else _guess(path, found)
    chosen = marked if marked and marked != "utf-8-sig" else encoding or "utf-8"
    return _transcoded(path, chosen, folder=_scratch(con))


def _scratch(con: duckdb.DuckDBPyConnection) -> Path | None:
    """DuckDB's folder for spilling, where it is a place of its own; None for the system's."""
    folder = Path(str(con.execute("SELECT current_setting('temp_directory')").fetchall()[0][0] or "."))
    if not folder.is_absolute():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _said(found: Survey) -> tuple[str, ...]:
    if not found.garbled:
        return ()
    return ("Some letters look garbled, as if the text had been saved in the wrong encoding (like 'Ã©' for 'é').",)


def _guess(path: Path, found: Survey) -> str:
    if found.utf8 and not found.nul:
        return "utf-8"
    with path.open("rb") as file:
        file.seek(max(0, found.first_odd - 2000) & ~1)
        sample = file.read(64_000)
    if found.nul:
        return _wide(sample, path)
    if _western(sample):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=LIKELY).best()
    if best is None:
        raise ExtractError(
            f"The encoding of {path.name} cannot be told.",
            mend="Set format.encoding in the mapping, or ask the agency for UTF-8.",
        )
    return best.encoding


def _western(sample: bytes) -> bool:
    """Whether the bytes beyond ASCII are, read as Windows-1252, the letters and signs that British text holds."""
    odd = bytes(b for b in sample if b > 127)
    try:
        read = odd.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return sum(c in _BRITISH or "\u00c0" <= c <= "\u00ff" for c in read) >= 0.95 * len(read)


def _wide(sample: bytes, path: Path) -> str:
    """UTF-16 without a mark: the half of the bytes that is nought says which way round."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample):
        raise ExtractError(f"{path.name} is not text.", mend="Check that it is the file that the agency meant to send.")
    return "utf-16-be" if even > odd else "utf-16-le"


def _transcoded(path: Path, encoding: str, *, folder: Path | None) -> Text:
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    except LookupError:
        raise ExtractError(
            f"'{encoding}' is not an encoding.", mend="Set format.encoding to utf-8, cp1252 or utf-16."
        ) from None
    found = Survey()
    with tempfile.NamedTemporaryFile("wb", suffix=".utf8", dir=folder, delete=False) as out:
        copy = Path(out.name)
        try:
            _copy(path, copy, decoder=decoder, found=found)
        except UnicodeDecodeError:
            copy.unlink(missing_ok=True)
            raise ExtractError(
                f"{path.name} is not written in {encoding} throughout.",
                mend="Set format.encoding in the mapping, or ask the agency for UTF-8.",
            ) from None
    remark = () if encoding.startswith("utf") else (f"Read as {encoding}, which is not UTF-8.",)
    return Text(copy, found, (*remark, *_said(found)), copied=True)


def _copy(path: Path, copy: Path, *, decoder: codecs.IncrementalDecoder, found: Survey) -> None:
    pending = ""
    with path.open("rb") as source, copy.open("wb") as out:
        chunk = source.read(CHUNK)
        while chunk or pending:
            following = source.read(CHUNK)
            text = pending + decoder.decode(chunk, final=not following)
            # A return at the end of a chunk may be half of a line end.
            pending = "\r" if text.endswith("\r") and following else ""
            text = text[: len(text) - len(pending)].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
            data = text.lstrip("\ufeff").encode() if found.size == 0 else text.encode()
            found.take(data, last=not following)
            out.write(data)
            chunk = following
