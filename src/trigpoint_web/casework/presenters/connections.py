"""What a child shares with other children: as a table, and as a drawing of the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trigpoint.services.find_connections import Shared
from trigpoint_web.casework.presenters.pack_words import kind_title
from trigpoint_web.casework.presenters.wording import age, agencies, called, day
from trigpoint_web.casework.queries.connections import Connection, OtherChild

KINDS: Final = {
    "person": gettext_lazy("Person"),
    "place": gettext_lazy("Place"),
    "phone": gettext_lazy("Phone number"),
    "handle": gettext_lazy("Online handle"),
    "vehicle": gettext_lazy("Vehicle"),
    "account": gettext_lazy("Bank account"),
    "address": gettext_lazy("Address"),
    "line": gettext_lazy("Line"),
    "online_space": gettext_lazy("Online space"),
    "venue": gettext_lazy("Venue"),
}
# The drawing, in the units of its own.
ROW, TOP, WIDTH = 44, 30, 900
LEFT, MIDDLE, RIGHT = 20, 320, 640
LONGEST = 27  # letters of a label; the table has all of it


@dataclass(frozen=True)
class Sharing:
    """Another child who has the thing: who, and how it is known."""

    key: str
    name: str
    said: str


@dataclass(frozen=True)
class ConnectionLine:
    """One thing that is shared."""

    kind: str
    value: str
    said: str
    others: list[Sharing]


@dataclass(frozen=True)
class Label:
    """Words at a place of the drawing; `line_to` is a place to draw a line to."""

    x: int
    y: int
    text: str
    full: str


@dataclass(frozen=True)
class Drawing:
    """The table again, drawn: the child on the left, things in the middle, other children on the right."""

    width: int
    height: int
    child: Label
    things: list[Label]
    others: list[Label]
    lines: list[dict[str, int]]


def connection_lines(connections: Sequence[Connection]) -> list[ConnectionLine]:
    """The rows of the table: what most children share first, then by kind."""
    in_order = sorted(connections, key=lambda one: (-len(one.others), one.kind, one.value))
    return [_line(one) for one in in_order]


def _line(one: Connection) -> ConnectionLine:
    return ConnectionLine(
        kind=str(KINDS.get(one.kind, one.kind)),
        value=_value(one),
        said=_known(one.own),
        others=[_sharing(other) for other in one.others],
    )


def _value(one: Connection) -> str:
    """The thing itself. Of a person who is a child here, the name that the person may read."""
    if one.kind != "person":
        return one.value
    named = next((other for other in one.others if other.child.key == one.value), None)
    if named:
        return called(named.face)
    return _("This child, named by others") if one.own.child_key == one.value else _("Somebody whom both name")


def _sharing(other: OtherChild) -> Sharing:
    face = other.face
    born = face.get("birth_on")
    years = age(born) if born else ""  # type: ignore[arg-type]  # a date where it is there
    return Sharing(other.child.key, ", ".join(filter(None, [called(face), years])), _known(other.shared))


def _known(shared: Shared) -> str:
    """How it is known: from which kinds of event, from whom, and when."""
    what = ", ".join(kind_title(kind).lower() for kind in shared.kinds) or _("their record")
    when = day(shared.last_on)
    times = ngettext("%(number)s time", "%(number)s times", shared.times) % {"number": shared.times}
    return _("%(what)s (%(times)s, last on %(when)s; %(agencies)s)") % {
        "what": what,
        "times": times,
        "when": when,
        "agencies": agencies(shared.agencies),
    }


def drawing(name: str, lines: Sequence[ConnectionLine]) -> Drawing:
    """The drawing of the table."""
    names = {other.key: other.name for line in lines for other in line.others}
    keys = list(names)
    height = TOP * 2 + ROW * max(len(lines), len(keys), 1)
    things = [_label(MIDDLE, _spread(i, len(lines), height), f"{one.kind}: {one.value}") for i, one in enumerate(lines)]
    others = [_label(RIGHT, _spread(i, len(keys), height), names[key]) for i, key in enumerate(keys)]
    child = _label(LEFT, height // 2, name)
    joins = [_join(child, thing) for thing in things]
    for line, thing in zip(lines, things, strict=True):
        joins += [_join(thing, others[keys.index(other.key)]) for other in line.others]
    return Drawing(WIDTH, height, child, things, others, joins)


def _spread(number: int, of: int, height: int) -> int:
    """Where the row `number` of `of` rows stands when they are spread over the height."""
    return round(height * (number + 1) / (of + 1))


def _label(x: int, y: int, text: str) -> Label:
    return Label(x, y, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…", text)


def _join(left: Label, right: Label) -> dict[str, int]:
    """From the right end of one box to the left end of the other."""
    return {"x1": left.x + 240, "y1": left.y, "x2": right.x, "y2": right.y}
