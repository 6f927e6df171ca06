"""The one tree of errors that people see.

Each says what is wrong, where, and how to mend it. None of them carries a person's data: a refused value is kept
in the store, never in a message.
"""

from __future__ import annotations


class TrigpointError(Exception):
    """Something a person can mend. `what` happened, `where` it stands, how to `mend` it."""

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.mend:
            lines.append(f"  mend:  {self.mend}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.where, self.mend))


def _rebuild(kind: type[TrigpointError], what: str, where: str | None, mend: str | None) -> TrigpointError:
    return kind(what, where=where, mend=mend)


class SettingsError(TrigpointError):
    """A setting of a partnership is missing or cannot be right."""


class TermsError(TrigpointError):
    """A file of the pack (kinds, codes, indicators, policy) is broken."""


class MappingError(TrigpointError):
    """A mapping does not fit the pack or the extract."""


class ExtractError(TrigpointError):
    """A file from an agency cannot be read at all."""


class StoreError(TrigpointError):
    """The store cannot be opened, read or written now."""


class LinkageError(TrigpointError):
    """Records cannot be linked as asked."""


class IndexUnfitError(LinkageError):
    """The look-up's index is not whole, or of another version: nothing is wrong with what was asked."""


class NotFoundError(TrigpointError):
    """There is nothing by that name or key."""


class CountsError(TrigpointError):
    """A table cannot be counted or protected as asked."""


class ReleaseError(TrigpointError):
    """A step of a release cannot be taken as asked."""


def nearest(word: str, words: list[str]) -> str | None:
    """The spelling among `words` that is closest to `word`, or None where none is near."""
    import difflib

    found = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return found[0] if found else None
