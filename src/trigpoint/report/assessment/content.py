"""What a document is made of, before it is a page or a Word file: sections of blocks, said once for both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from trigpoint.report.figures import DataTable, Figure


@dataclass(frozen=True)
class Text:
    """A paragraph; `strong` are words put before it in bold."""

    words: str
    strong: str = ""


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Warn:
    """A paragraph that must not be missed."""

    words: str
    strong: str = ""


@dataclass(frozen=True)
class KeyNumbers:
    """A few numbers that stand large, each with what it is of."""

    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Listing:
    """A table with where its numbers come from. `of_agencies`: it counts months or kinds of event, not children."""

    table: DataTable
    source: str
    of_agencies: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture with its words, its table, and where its numbers come from."""

    figure: Figure
    source: str


@dataclass(frozen=True)
class Ask:
    """A place for the partnership to write: the questions that it has to answer there."""

    title: str
    questions: Sequence[str]


@dataclass(frozen=True)
class Sub:
    """A heading within a section."""

    title: str


Block: TypeAlias = Text | Points | Warn | KeyNumbers | Listing | Picture | Ask | Sub


@dataclass(frozen=True)
class Section:
    """A numbered section: its short name for links, its title, its blocks."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """A whole document. `stamp` says what made it from what; `front` comes before the first section."""

    title: str
    subtitle: str
    partnership: str
    as_at: date
    made_at: datetime
    invented: bool
    front: Sequence[Block] = ()
    sections: Sequence[Section] = field(default_factory=tuple)
    stamp: Sequence[tuple[str, str]] = ()

    def blocks(self) -> Iterator[Block]:
        """Every block in the order in which it is read."""
        yield from self.front
        for section in self.sections:
            yield from section.blocks
