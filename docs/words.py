"""Small pieces of Markdown that the generated pages share."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol


class Cited(Protocol):
    """Anything that says where it was taken from."""

    @property
    def title(self) -> str:
        """The document."""

    @property
    def url(self) -> str | None:
        """Its address."""

    @property
    def status(self) -> str:
        """Whether the fact was confirmed there."""


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(headers)} |", f"|{'---|' * len(headers)}"]
    lines += [f"| {' | '.join(cell(one) for one in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def cell(value: object) -> str:
    """A value that cannot break its row."""
    return " ".join(str(value).replace("|", "\\|").split())


def codes(names: Iterable[str]) -> str:
    """Names in code, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def source(cited: Cited) -> str:
    """A source as a link, and whether it was seen there."""
    return linked(cited.title, cited.url, cited.status)


def linked(title: str, url: str | None, status: str) -> str:
    """A document's title as a link; '(unconfirmed)' where nobody has checked the fact in it."""
    said = f"[{title}]({url})" if url else title
    return said + ("" if status == "confirmed" else " (unconfirmed)")


def head_of(path: Path) -> str:
    """The comment at the top of a file, as paragraphs."""
    lines = itertools.takewhile(lambda line: line.startswith("#"), path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line[1:].removeprefix(" ") for line in lines)
