"""From the events of a chunk to the rows of every file, as far as each agency saw them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from trigpoint.synthetic.clock import DAY, EARLIER, ENDS, NONE
from trigpoint.synthetic.columns import Objects, Whole, YesNo, objects
from trigpoint.synthetic.files.cells import Rows, cells
from trigpoint.synthetic.files.census import census_piece
from trigpoint.synthetic.files.dirt import Sheet, clean_sheet, soil
from trigpoint.synthetic.files.layouts import Layout, layouts
from trigpoint.synthetic.files.writing import Piece, piece
from trigpoint.synthetic.life.drawing import World
from trigpoint.synthetic.life.events import Events, no_events, put_together
from trigpoint.synthetic.people.places import places
from trigpoint.synthetic.people.views import View, view_people

_SENT: Final = (ENDS + 1) * DAY  # what is learnt later is in no file yet
_CARE: Final = (
    "contact", "referral", "assessment", "assessment_factor", "section_47", "strategy_discussion",
    "child_in_need_plan", "child_protection_plan", "looked_after", "placement", "early_help",
)  # fmt: skip
_LATER: Final = {"RUI": "NFA", "Released under investigation": "Charged", "Bail": "NFA"}  # outcomes that came later


@dataclass
class Written:
    """Rows of one file that came through: the events, and whether each row can be read."""

    layout: Layout
    events: Events
    kind: Objects
    readable: YesNo


def write_chunk(
    world: World, events: dict[str, Events], *, chunk: int, seed: int, small: bool
) -> tuple[list[Piece], list[Written]]:
    """Every file's piece of this chunk, in the order of the layouts, and what was written in them.

    Each file has a random sequence of its own, so that a change to one leaves the others as they were.
    """
    events = {**events, **_derived(world, events)}
    held = layouts(small=small)
    views = {
        name: view_people(_rng(seed, chunk, name), world.people, habits=habits, rates=world.rates)
        for name, habits in held.habits.items()
    }
    pieces: list[Piece] = []
    written: list[Written] = []
    for layout in held.extracts:
        rng = _rng(seed, chunk, layout.file.split(".")[0])
        rows = _rows(world, events, layout, view=views[layout.source], chunk=chunk, rng=rng, words=held.words)
        if layout.shape.kind == "census":
            pieces.append(census_piece(rows, events, layout))
            written.extend(_census_written(rows, events, layout))
            continue
        made, told = _file(world, rows, layout)
        pieces.extend(made)
        written.append(told)
    return pieces, written


def _rng(seed: int, chunk: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, chunk, zlib.crc32(name.encode())])


def _file(world: World, rows: Rows, layout: Layout) -> tuple[list[Piece], Written]:
    titles = [title for title, _ in layout.columns]
    columns = [cells(rows, said).astype(object, copy=True) for _, said in layout.columns]
    clean = clean_sheet(titles, columns, rows.child)
    early = rows.events.learnt < (EARLIER + 1) * DAY if layout.earlier else np.zeros(len(rows), dtype=np.bool_)
    again = _corrected(rows, clean, early, share=world.rates.corrected) if layout.corrected else None
    dirty = soil(rows.rng, clean, layout, rates=world.rates)
    told = np.zeros(len(rows), dtype=np.bool_)
    made = []
    for file, chosen in ((layout.earlier, early), (layout.file, ~early)):
        if file:
            sheet = dirty.take(np.flatnonzero(chosen[dirty.origin]))
            made.append(piece(rows.rng, sheet, layout, numbers=world.people.number, rates=world.rates, file=file))
            told[sheet.origin[made[-1].readable & sheet.sound]] = True
    if again is not None:
        file = layout.corrected
        made.append(piece(rows.rng, again, layout, numbers=world.people.number, rates=world.rates, file=file))
    return made, Written(layout, rows.events, rows.kind, told)


def _corrected(rows: Rows, sheet: Sheet, early: YesNo, *, share: float) -> Sheet:
    """Rows of the earlier extract sent again, with what was decided since."""
    at = sheet.titles.index("Disposal")
    open_still = np.array([word in _LATER for word in sheet.columns[at].tolist()], dtype=np.bool_)
    chosen = np.flatnonzero(early & open_still & (rows.rng.random(len(rows)) < share))
    again = sheet.take(chosen)
    again.columns[at] = np.array([_LATER[word] for word in again.columns[at].tolist()], dtype=object)
    return again


def _derived(world: World, events: dict[str, Events]) -> dict[str, Events]:
    """Kinds that only files have: children known to children's services, their homes, and missing from care."""
    care = [events[k] for k in _CARE if k in events]
    first = put_together(care) if care else no_events()
    order = np.lexsort((first.at, first.child))
    lead = np.r_[True, np.diff(first.child[order]) > 0] if len(first) else np.zeros(0, dtype=bool)
    known = first.take(order[lead])
    known.pattern = np.full(len(known), "", dtype=object)
    home = events.get("home", no_events())
    homes = home.take(np.isin(home.child, known.child))
    missing = events.get("missing", no_events())
    day = missing.at // DAY
    since, until = world.cast.care_from[missing.child], world.cast.care_until[missing.child]
    from_care = missing.take((since != NONE) & (day >= since) & ((until == NONE) | (day <= until)))
    from_care.pattern = np.full(len(from_care), "", dtype=object)
    said = ["M" if word is None else word for word in from_care.word("absence_type").tolist()]
    from_care.words = {**from_care.words, "absence_type": objects(said)}
    return {"known": known, "known_home": homes, "missing_from_care": from_care}


def _rows(
    world: World,
    events: dict[str, Events],
    layout: Layout,
    *,
    view: View,
    chunk: int,
    rng: np.random.Generator,
    words: dict[str, dict[str, list[str]]],
) -> Rows:
    """The rows of a file: events of its kinds that the agency saw, ordered by when it learnt of them."""
    parts = [(kind, events[kind]) for kind in layout.kinds if kind in events]
    kind = np.concatenate([np.full(len(e), k, dtype=object) for k, e in parts]) if parts else np.zeros(0, dtype=object)
    both = put_together([e for _, e in parts]) if parts else no_events()
    seen = _seen(world, both, layout, rng)
    chosen = np.flatnonzero(seen)
    chosen = chosen[np.argsort(both.learnt[chosen], kind="stable")]
    taken = both.take(chosen)
    double = _rng_share(world.people.number, world.rates.two_numbers)
    second = double[taken.child] & (rng.random(len(taken)) < 0.5) & (layout.source != "childrens_services")
    return Rows(taken, kind[chosen], world.people, world.cast, view, words, chunk, rng, second)


def _rng_share(number: Whole, share: float) -> YesNo:
    """The same children in every file, by their number."""
    mixed = (number * 2_654_435_761) % 10_007
    few: YesNo = mixed < share * 10_007
    return few


def _seen(world: World, events: Events, layout: Layout, rng: np.random.Generator) -> YesNo:
    seen = rng.random(len(events)) >= world.rates.unseen
    seen &= rng.random(len(events)) < layout.seen
    seen &= events.learnt < _SENT
    day = events.at // DAY
    if layout.areas:
        codes = [places().areas.index(a) for a in layout.areas]
        seen &= np.isin(world.people.area[events.child], codes)
    if layout.period:
        seen &= (day >= layout.period[0]) & (day <= layout.period[1])
    for begin, end in layout.gaps:
        seen &= (day < begin) | (day > end)
    for name, values in layout.only:
        seen &= np.isin(events.word(name).astype(str), values)
    return seen


def _census_written(rows: Rows, events: dict[str, Events], layout: Layout) -> list[Written]:
    """What the census tells, as events: all that came to its children from their first referral on."""
    first = np.full(len(rows.people), np.iinfo(np.int64).max)
    np.minimum.at(first, rows.child, rows.events.at)
    made = []
    for kind in ("referral", "assessment_factor", "section_47"):
        if kind in events:
            told = events[kind].take(events[kind].at >= first[events[kind].child])
            made.append(Written(layout, told, np.full(len(told), kind, dtype=object), np.ones(len(told), dtype=bool)))
    return made
