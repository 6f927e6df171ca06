"""Opening what people hand over: a file, a folder, or a zip, within bounds that no crafted archive can break."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trigpoint.errors import ExtractError
from trigpoint.scanner.reading.found import Unread

READABLE = (".txt", ".json", ".jsonl", ".ndjson", ".xml", ".csv", ".tsv")
MOST_FILES = 5_000
MOST_BYTES = 512 * 1024 * 1024  # of one file, unpacked
MOST_IN_ALL = 2 * MOST_BYTES
MOST_RATIO = 200  # unpacked to packed: text packs twenty times at best


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's bytes and its name inside what was handed over. `alone` where it is all that was handed over."""

    name: str
    data: bytes
    alone: bool = False


def open_parts(path: Path, /) -> Iterator[Opened | Unread]:
    """The files of `path`, in order of their names. Raises ExtractError where nothing can be opened."""
    if path.is_dir():
        yield from _folder(path)
    elif not path.is_file():
        raise ExtractError("There is no such file.", mend="Check its name and where it lies.")
    elif zipfile.is_zipfile(path):
        yield from _zip(path)
    else:
        if path.stat().st_size > MOST_BYTES:
            raise ExtractError(f"The file is larger than {MOST_BYTES >> 20} MB.", mend="Split it, and scan each part.")
        yield Opened(path.name, path.read_bytes(), alone=True)


def seal_of(path: Path, /) -> tuple[str, int]:
    """SHA-256 and bytes of the file as received; of a folder, over the names and hashes of its files in order."""
    digest, size = hashlib.sha256(), 0
    if not path.is_dir():
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
        return digest.hexdigest(), size
    for one in sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink()):
        inner, bytes_ = seal_of(one)
        digest.update(f"{one.relative_to(path).as_posix()}\0{inner}\n".encode(errors="surrogateescape"))
        size += bytes_
    return digest.hexdigest(), size


def decoded(data: bytes, /) -> str:
    """Bytes as text: by their mark, else UTF-8, else the Windows code page of western Europe. Never fails."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").replace("\r\n", "\n")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n")


def _folder(path: Path) -> Iterator[Opened | Unread]:
    files = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
    if len(files) > MOST_FILES:
        raise ExtractError(f"The folder holds more than {MOST_FILES:,} files.", mend="Give the folder of the chats.")
    total = 0
    for one in files:
        name, size = one.relative_to(path).as_posix(), one.stat().st_size
        total += size if one.suffix.lower() in READABLE else 0
        why = _why_not(name, size, total)
        yield Unread(name, why) if why else Opened(name, one.read_bytes())


def _zip(path: Path) -> Iterator[Opened | Unread]:
    try:
        with zipfile.ZipFile(path) as archive:
            listed = sorted((i for i in archive.infolist() if not i.is_dir()), key=lambda i: i.filename)
            if len(listed) > MOST_FILES:
                raise ExtractError(f"The zip holds more than {MOST_FILES:,} files.", mend="Unpack it and give a part.")
            total = 0
            for info in listed:
                total += info.file_size if info.filename.lower().endswith(READABLE) else 0
                yield _member(archive, info, total)
    except (zipfile.BadZipFile, OSError, UnicodeError, ValueError) as fault:
        raise ExtractError("The zip is damaged.", mend=f"Export it again ({type(fault).__name__}).") from None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, total: int) -> Opened | Unread:
    why = _why_not(info.filename, info.file_size, total)
    if info.flag_bits & 1:
        why = "it is locked with a password"
    elif not why and info.file_size > MOST_RATIO * max(info.compress_size, 1_000):
        why = "it unpacks to far more than its size, as no text does"
    if why:
        return Unread(info.filename, why)
    try:
        with archive.open(info) as file:
            data = file.read(info.file_size + 1)
    except Exception:  # zlib, lzma, struct, wrong CRC: whatever a damaged or crafted member raises, it is not read
        return Unread(info.filename, "it is damaged in the zip")
    return Opened(info.filename, data) if len(data) <= info.file_size else Unread(info.filename, "its size is false")


def _why_not(name: str, size: int, total: int) -> str | None:
    if not name.lower().endswith(READABLE) or name.startswith("__MACOSX/"):
        return "it is not a kind of file that holds messages"
    if size > MOST_BYTES or total > MOST_IN_ALL:
        return "it is too large"
    return None
