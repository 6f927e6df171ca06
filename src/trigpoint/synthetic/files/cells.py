"""What stands in the cells of a column: `cells` answers each way of saying it that data/layouts.yaml uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from trigpoint.synthetic.clock import DAY, ENDS, NONE, spelt
from trigpoint.synthetic.columns import Objects, Whole, YesNo, only_where
from trigpoint.synthetic.life.cast import Cast
from trigpoint.synthetic.life.events import Events
from trigpoint.synthetic.people.families import People
from trigpoint.synthetic.people.places import places
from trigpoint.synthetic.people.views import View, second_number

Said = tuple[str, ...]

_POLICE: Final = {
    "WBRI": "W1", "WIRI": "W2", "WIRT": "W3", "WROM": "W3", "WOTH": "W9", "MWBC": "M1", "MWBA": "M2", "MWAS": "M3",
    "MOTH": "M9", "AIND": "A1", "APKN": "A2", "ABAN": "A3", "CHNE": "A4", "AOTH": "A9", "BCRB": "B1", "BAFR": "B2",
    "BOTH": "B9", "OOTH": "O9", "NOBT": "NS",
}  # fmt: skip
_WORDS: Final = {
    "WBRI": "White - British", "WIRI": "White - Irish", "WIRT": "White - Gypsy or Irish Traveller",
    "WROM": "Gypsy/Roma", "WOTH": "White - Any other White background", "MWBC": "Mixed - White and Black Caribbean",
    "MWBA": "Mixed - White and Black African", "MWAS": "Mixed - White and Asian", "MOTH": "Mixed other",
    "AIND": "Asian - Indian", "APKN": "Asian - Pakistani", "ABAN": "Asian - Bangladeshi", "CHNE": "A4",
    "AOTH": "Asian other", "BCRB": "Caribbean", "BAFR": "African", "OOTH": "O9", "NOBT": "Not known",
}  # fmt: skip

_LEFT_EMPTY: Final = 0.06  # of postcodes of events


@dataclass
class Rows:
    """The rows of one file in one chunk: events, and the view that the source has of their children."""

    events: Events
    kind: Objects
    people: People
    cast: Cast
    view: View
    words: dict[str, dict[str, list[str]]]
    chunk: int
    rng: np.random.Generator
    second: YesNo  # rows under the child's second number in this source

    @property
    def child(self) -> Whole:
        """The child of each row."""
        return self.events.child

    def __len__(self) -> int:
        return len(self.events)


def cells(rows: Rows, said: Said) -> Objects:
    """The cells of a column. An unknown way of saying it is a KeyError: the layouts are the project's own."""
    return _WAYS[said[0]](rows, said[1:])


def _ref(rows: Rows, said: Said) -> Objects:
    return np.array([f"{said[0]}{rows.chunk:03d}{i:06d}" for i in range(len(rows))], dtype=object)


def _local(rows: Rows, _: Said) -> Objects:
    local = rows.view.local[rows.child]
    return np.where(rows.second, second_number(local), local)


def _peer(rows: Rows, _: Said) -> Objects:
    """The number of another child of the line, where police know that they were together."""
    peer = rows.cast.peer[rows.child]
    known = (peer >= 0) & np.char.endswith(rows.events.pattern.astype(str), "together")
    return only_where(known, rows.view.local[peer])


def _sex(rows: Rows, said: Said) -> Objects:
    male, female, unknown = said[0].split("/")
    table = {"M": male, "F": female, "U": unknown}
    return np.array([table[s] for s in rows.view.sex[rows.child].tolist()], dtype=object)


def _ethnicity(rows: Rows, said: Said) -> Objects:
    held = rows.view.ethnicity[rows.child]
    if said[0] == "dfe":
        return held
    table = _POLICE if said[0] == "police" else _WORDS
    return np.array([table.get(code) for code in held.tolist()], dtype=object)


def _word(rows: Rows, said: Said) -> Objects:
    """A word of the event, as it is or as the agency says it."""
    held = rows.events.word(said[0])
    if len(said) == 1:
        return held
    if said[1] == "json_list":
        return np.array([None if w is None else f'["{w}"]' for w in held.tolist()], dtype=object)
    return _translated(rows, held, said[1])


def _translated(rows: Rows, held: Objects, table: str) -> Objects:
    ways = rows.words[table]
    made = np.full(len(held), None, dtype=object)
    turn = rows.rng.integers(0, 1 << 20, len(held)).tolist()
    for i, word in enumerate(held.tolist()):
        if word is not None:
            said = ways.get(word)
            made[i] = said[turn[i] % len(said)] if said else word
    return made


def _place(rows: Rows, said: Said) -> Objects:
    """Where it happened: the town, or the postcode, always or as often as people fill it in."""
    if said[0] == "town":
        return places().town_names(rows.events.place)
    made = places().postcodes(rows.events.place)
    return made if said[0] == "always" else only_where(rows.rng.random(len(rows)) >= _LEFT_EMPTY, made)


def _home(rows: Rows, _: Said) -> Objects:
    home = rows.people.home_at(rows.child, rows.events.at // DAY)
    return places().postcodes(home)


def _found(rows: Rows, said: Said) -> Objects:
    return only_where(rows.events.end != NONE, _place(rows, said))


def _found_with(rows: Rows, _: Said) -> Objects:
    return only_where(rows.events.end != NONE, _word(rows, ("found_with", "found_with")))


def _held(rows: Rows) -> YesNo:
    held: YesNo = (rows.events.word("accepted") == "yes") & (rows.events.end != NONE)
    return held


def _later(rows: Rows, said: Said) -> Whole:
    days = rows.events.word(said[0])
    filled = np.array([-1.0 if d is None else float(d) for d in days.tolist()])
    at = rows.events.at + (filled * DAY).astype(np.int64)
    return np.where((filled < 0) | (at >= ENDS * DAY), NONE, at)


def _later_word(rows: Rows, said: Said) -> Objects:
    return only_where(_later(rows, said) != NONE, rows.events.word(said[1]))


def _in_custody(rows: Rows, *, minutes: int, from_end: bool) -> Whole:
    taken = (rows.events.word("outcome") != "community_resolution") & (rows.events.end != NONE)
    base = rows.events.end if from_end else rows.events.at
    return np.where(taken, base + minutes, NONE)


def _kind(rows: Rows, said: Said) -> Objects:
    table = dict(part.split("=", 1) for part in _joined(said))
    return np.array([table[k] for k in rows.kind.tolist()], dtype=object)


def _joined(said: Said) -> list[str]:
    """Words put together again where a value of several words was cut at its spaces."""
    made: list[str] = []
    for part in said:
        if "=" in part or not made:
            made.append(part)
        else:
            made[-1] += " " + part
    return made


def _pick(rows: Rows, said: Said) -> Objects:
    chosen: Objects = np.array(said, dtype=object)[rows.rng.integers(0, len(said), len(rows))]
    return chosen


def _days(rows: Rows, _: Said) -> Objects:
    length = (rows.events.end - rows.events.at) / DAY
    whole = np.maximum(0.5, np.round(length * 2) / 2)
    texts = np.array([f"{d:g}" for d in whole.tolist()], dtype=object)
    return only_where(rows.events.end != NONE, texts)


def _category(rows: Rows, _: Said) -> Objects:
    said = _word(rows, ("category", "category"))
    return np.where(rows.kind == "self_harm", "Self-harm", said)


def _sometimes(rows: Rows, held: Objects, share: float) -> Objects:
    """What a platform was told: not everybody gives a name, and not the same each time."""
    return only_where(rows.rng.random(len(rows)) < share, held[rows.child])


def _text(rows: Rows, said: Said) -> Objects:
    return np.full(len(rows), " ".join(said) or None, dtype=object)


def _form(said: Said) -> str:
    return " ".join(said)


_WAYS: Final[dict[str, Callable[[Rows, Said], Objects]]] = {
    "ref": _ref,
    "local": _local,
    "peer": _peer,
    "given": lambda rows, _: rows.view.given[rows.child],
    "surname": lambda rows, _: rows.view.surname[rows.child],
    "given_or_none": lambda rows, _: _sometimes(rows, rows.view.given, 0.75),
    "surname_or_none": lambda rows, _: _sometimes(rows, rows.view.surname, 0.6),
    "postcode_or_none": lambda rows, _: _sometimes(rows, rows.view.postcode, 0.5),
    "born": lambda rows, said: spelt(rows.view.born[rows.child] * DAY, _form(said)),
    "sex": _sex,
    "ethnicity": _ethnicity,
    "nhs": lambda rows, _: rows.view.nhs[rows.child],
    "upn": lambda rows, _: rows.view.upn[rows.child],
    "upn_always": lambda rows, _: rows.people.upn[rows.child],
    "postcode": lambda rows, _: rows.view.postcode[rows.child],
    "address": lambda rows, _: rows.view.address[rows.child],
    "phone": lambda rows, _: rows.view.phone[rows.child],
    "handle": lambda rows, _: rows.people.handle[rows.child],
    "school": lambda rows, _: rows.people.school[rows.child],
    "area": lambda rows, _: np.array(places().areas, dtype=object)[rows.people.area[rows.child]],
    "at": lambda rows, said: spelt(rows.events.at, _form(said)),
    "end": lambda rows, said: spelt(rows.events.end, _form(said)),
    "learnt": lambda rows, said: spelt(rows.events.learnt, _form(said)),
    "detained": lambda rows, said: spelt(_in_custody(rows, minutes=35, from_end=False), _form(said)),
    "released": lambda rows, said: spelt(_in_custody(rows, minutes=35, from_end=True), _form(said)),
    "held": lambda rows, said: spelt(np.where(_held(rows), rows.events.end, NONE), _form(said)),
    "held_word": lambda rows, said: only_where(_held(rows), rows.events.word(said[0])),
    "later": lambda rows, said: spelt(_later(rows, said), _form(said[1:])),
    "later_word": _later_word,
    "word": _word,
    "place": _place,
    "from": _home,
    "found": _found,
    "found_with": _found_with,
    "kind": _kind,
    "pick": _pick,
    "days": _days,
    "category": _category,
    "text": _text,
}
DATES: Final = frozenset({"at", "end", "learnt", "born", "detained", "released", "held", "later"})
NAMES: Final = frozenset({"given", "surname"})
CODES: Final = frozenset({"word", "sex"})
NEEDED: Final = frozenset({"at", "held", "detained", "later"})  # a row is refused whose time of an event cannot be
