"""What the rows of a file tell of: which kind of event, when it began and ended, where, and with which attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trigpoint.intake.compile.values import fold
from trigpoint.intake.drafting.learnt import END, START, Learnt
from trigpoint.intake.drafting.looks import Guess, Look
from trigpoint.terms.pack import Pack

KNOWN = "so called in the pack's mappings"
DATED = 0.6  # the share of values that are dates from which a column is one of dates
NAMED_DATES = 0.25  # and where its name says so
ENOUGH = 1.0


@dataclass(frozen=True)
class Happening:
    """One event that each row tells of. `times` has the parts start, time and end."""

    kind: str
    why: str
    times: tuple[Guess, ...]
    attributes: tuple[Guess, ...] = ()
    place: tuple[Guess, ...] = ()
    mentions: tuple[Guess, ...] = ()


@dataclass(frozen=True)
class Telling:
    """The columns of a file that are free to tell of events, and the words by which to know them."""

    columns: Sequence[str]
    looks: Mapping[str, Look]
    words: Mapping[str, Sequence[str]]  # by kind
    times: Mapping[str, Mapping[str, Sequence[str]]]  # by part
    learnt: Learnt
    pack: Pack = field(repr=False)

    @property
    def dated(self) -> list[str]:
        """The columns of dates."""
        return [c for c in self.columns if self.looks[c].share("date") >= (NAMED_DATES if self._dates(c) else DATED)]

    def _dates(self, column: str) -> bool:
        told = (names.get(part, ()) for names in self.learnt.kinds.values() for part in (START, END))
        return any(fold(column) in names for names in told) or any(self.called(column, part) for part in self.times)

    def called(self, column: str, part: str) -> float:
        """How far a column is called after a part of time: 1 by its whole name, less by a part of it."""
        name = fold(column.rsplit("/", maxsplit=1)[-1])
        if name in {fold(one) for one in self.times[part]["names"]}:
            return 1.0
        return 0.5 if any(one in name for one in self.times[part]["parts"]) else 0.0

    def says(self, column: str, kind: str) -> bool:
        """Whether a word of the kind stands in the name of the column."""
        return any(word in fold(column) for word in self.words.get(kind, ()))


def kind_of_rows(telling: Telling, stem: str) -> tuple[str | None, str]:
    """The kind that names, codes and the pack's mappings speak for most; None where nothing does or nothing is dated.

    `stem` is the name of the file without its ending, folded.
    """
    if not telling.dated:
        return None, ""
    scores = {kind: _score(kind, telling, stem) for kind in telling.pack.kinds}
    best = max(scores, key=lambda kind: scores[kind])
    return (best, "by the names of the columns and the file") if scores[best] >= ENOUGH else (None, "")


def _score(kind: str, telling: Telling, stem: str) -> float:
    words = telling.words.get(kind, ())
    named = sum(2.0 * (word in stem) + any(word in fold(c) for c in telling.columns) for word in words)
    learnt = sum(1.5 * telling.learnt.tells(kind, column) for column in telling.columns)
    looks = [telling.looks[column] for column in telling.columns]
    coded = sum(0.5 for a in telling.pack.kinds[kind].attributes for one in looks if one.share(f"codes:{a}") >= 0.9)
    ended = 0.5 * any(telling.learnt.gives(kind, END, column) for column in telling.dated)
    return named + learnt + coded + ended + 1.5 * any(_tells(look, words) for look in looks)


def _tells(look: Look, words: Sequence[str]) -> bool:
    """Whether some of the few values of a column name the kind."""
    return any(word in fold(value) for value in look.values for word in words if len(word) > 3)


def times_of(kind: str, telling: Telling) -> tuple[Guess, ...]:
    """When it began, its time of day, when it ended, and when it was learnt, each by its best column."""
    left = list(telling.dated)
    end = _best(left, lambda c: 3 * telling.learnt.gives(kind, END, c) + telling.called(c, "end"))
    left = [c for c in left if c != end] or left
    start = _best(left, lambda c: _starts(kind, c, telling)) or next(iter(left), None)
    learnt = _best([c for c in left if c != start], lambda c: telling.called(c, "learnt"))
    clocks = [c for c in telling.columns if _is_clock(telling.looks[c])]
    clock = _best(clocks, lambda c: telling.called(c, "time"))
    found = [("start", start), ("time", clock), ("end", end if end != start else None), ("learnt", learnt)]
    return tuple(_time(kind, part, column, telling) for part, column in found if column is not None)


def _best(columns: Sequence[str], worth: Callable[[str], float]) -> str | None:
    best = max(columns, key=worth, default=None)
    return best if best is not None and worth(best) > 0 else None


def _starts(kind: str, column: str, telling: Telling) -> float:
    called = telling.called(column, "start") - telling.called(column, "learnt")
    return 3.0 * telling.learnt.gives(kind, START, column) + 2.0 * telling.says(column, kind) + called


def _is_clock(look: Look) -> bool:
    return look.share("time") >= 0.8 and look.share("date") < 0.2


def _time(kind: str, part: str, column: str, telling: Telling) -> Guess:
    role = {"start": START, "end": END}.get(part, "")
    if telling.learnt.gives(kind, role, column):
        return Guess(column, part, sure=True, why=KNOWN)
    named = telling.called(column, part) or (part == "start" and telling.says(column, kind))
    return Guess(column, part, sure=telling.called(column, part) == 1, why="by its name" if named else "of dates")


def attributes_of(kind: str, telling: Telling, free: Sequence[str]) -> tuple[Guess, ...]:
    """The best column for each attribute of the kind, by its name, the pack's mappings and its values."""
    left, found = list(free), []
    for attribute in telling.pack.kinds[kind].attributes:
        column = max(left, key=lambda c: _likeness(kind, attribute, c, telling), default=None)
        if column is not None and _likeness(kind, attribute, column, telling) >= 0.5:
            left.remove(column)
            found.append(_attribute(kind, attribute, column, telling))
    return tuple(found)


def _attribute(kind: str, attribute: str, column: str, telling: Telling) -> Guess:
    share = telling.looks[column].share(f"codes:{attribute}")
    coded = f"{share:.0%} of the values are codes of the pack" if telling.pack.attributes[attribute].codes else ""
    known = telling.learnt.gives(kind, attribute, column)
    why = "; ".join(filter(None, (KNOWN if known else "", coded))) or "by its name"
    return Guess(column, attribute, sure=known and share >= 0.9, why=why)


def _likeness(kind: str, attribute: str, column: str, telling: Telling) -> float:
    name, wanted = fold(column), fold(attribute)
    named = wanted in name or (len(name) > 3 and name in wanted)
    known = telling.learnt.gives(kind, attribute, column)
    return telling.looks[column].share(f"codes:{attribute}") + 0.6 * named + 0.8 * known


def beside(first: Happening, telling: Telling, free: Sequence[str]) -> Iterator[Happening]:
    """The other events that the same rows tell of, as the pack's mappings take them from rows of the first kind.

    One stands on a date of its own, and on a place or an attribute that speaks of nothing else.
    """
    begun = {g.column for g in first.times if g.part == "start"}
    for kind in sorted(telling.learnt.beside.get(first.kind, ())):
        dates = [c for c in telling.dated if c not in begun and _dates_it(kind, c, telling)]
        attributes = attributes_of(kind, telling, free)
        place = tuple(g for g in first.place if _places_it(kind, g.column, telling))
        if dates and (attributes or place):
            start = Guess(dates[0], "start", sure=telling.learnt.gives(kind, START, dates[0]), why=KNOWN)
            yield Happening(kind, f"beside {first.kind} in the pack's mappings", (start,), attributes, place)


def _dates_it(kind: str, column: str, telling: Telling) -> bool:
    return telling.learnt.gives(kind, START, column) and telling.learnt.tells(kind, column) >= 1 / 4


def _places_it(kind: str, column: str, telling: Telling) -> bool:
    return telling.learnt.gives(kind, "place", column) or fold(kind) in fold(column)
