"""Which kinds of file may be added, told by what is in them: a name may say anything."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

TEXT_LOOKED_AT: Final = 64 * 1024  # bytes


@dataclass(frozen=True)
class FileKind:
    """A kind of file: how it is called, its endings, its media type, and how its content is known."""

    title: str
    endings: tuple[str, ...]
    media_type: str
    is_it: Callable[[IO[bytes]], bool]


def _begins(*starts: bytes) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(16).startswith(starts)


def _holds(member: str) -> Callable[[IO[bytes]], bool]:
    """Whether it is a ZIP archive with this member and no macro: Word, Excel, OpenDocument."""

    def look(file: IO[bytes]) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False
        return member in names and not any("vbaproject" in name.lower() for name in names)

    return look


def _plain(file: IO[bytes]) -> bool:
    start = file.read(TEXT_LOOKED_AT)
    if b"\x00" in start:
        return False
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as fault:  # a letter that the look cuts in two is not at fault
        return len(start) == TEXT_LOOKED_AT and fault.reason == "unexpected end of data"
    return True


WORD = "application/vnd.openxmlformats-officedocument."
KINDS: Final = (
    FileKind("PDF", (".pdf",), "application/pdf", _begins(b"%PDF-")),
    FileKind("PNG", (".png",), "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    FileKind("JPEG", (".jpg", ".jpeg"), "image/jpeg", _begins(b"\xff\xd8\xff")),
    FileKind("Word", (".docx",), f"{WORD}wordprocessingml.document", _holds("word/document.xml")),
    FileKind("Excel", (".xlsx",), f"{WORD}spreadsheetml.sheet", _holds("xl/workbook.xml")),
    FileKind("OpenDocument", (".odt",), "application/vnd.oasis.opendocument.text", _holds("content.xml")),
    FileKind("Text", (".txt",), "text/plain", _plain),
)


def kind_of(file: IO[bytes], *, name: str) -> FileKind | None:
    """The kind of a file: its ending and its content have to agree. None where it is none that may be added."""
    for kind in KINDS:
        if name.lower().endswith(kind.endings):
            file.seek(0)
            agrees = kind.is_it(file)
            file.seek(0)
            return kind if agrees else None
    return None
