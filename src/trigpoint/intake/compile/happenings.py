"""The slots of an event, and the rows of `events` and `mentions` that come of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import md5

from trigpoint.intake.compile import identifiers
from trigpoint.intake.compile.people import Setting, checked_slot, code_slot, date_slot, many_slot, text_slot
from trigpoint.intake.compile.quoting import digest, lookup, name, text
from trigpoint.intake.compile.slots import Slot
from trigpoint.intake.compile.values import TRUTH, coded
from trigpoint.intake.language import Event, Place, Value
from trigpoint.terms.pack import Attribute

_POINT = {"easting": "INTEGER", "northing": "INTEGER", "lat": "DOUBLE", "lon": "DOUBLE"}


@dataclass(frozen=True)
class Block:
    """One `events` entry of a mapping: its place among those of its kind, and its slots by their part."""

    event: Event
    prefix: str
    ordinal: int
    slots: dict[str, Slot]
    columns: dict[str, str] = field(default_factory=dict)

    def w(self, part: str) -> str:
        """The SQL of a part's value, NULL where the mapping has none."""
        return self.slots[part].w if part in self.slots else "NULL"

    @property
    def active(self) -> str:
        """The column that says whether a row has this event."""
        return name(f"{self.prefix}_on")


def block(event: Event, index: int, *, ordinal: int, setting: Setting) -> Block:
    """The slots of one event; all of them count only where the event is active."""
    prefix = f"e{index}"
    active = f"{name(prefix + '_when')}"
    said = f"{event.kind}"
    found: dict[str, Slot] = {}
    at = date_slot(f"{prefix}_at", f"{said}.happened_at", event.happened_at, setting=setting)
    found["at"] = replace(
        at, required=True, needed=not event.if_dated,
        empty_reason=f"{said}.happened_at is needed and the cell is empty",
    )  # fmt: skip
    if event.ended_at:
        found["end"] = _end(event, prefix, found["at"], setting)
    for attribute, value in event.attributes.items():
        slot_name, label = f"{prefix}_a_{attribute}", f"{said}.{attribute}"
        found[f"a_{attribute}"] = _attribute(
            slot_name, label, value, attribute=setting.pack.attributes[attribute], setting=setting
        )
    if event.place:
        found |= _place(event.place, prefix, said, setting)
    for j, mention in enumerate(event.mentions):
        each: Callable[[str], str] = identifiers.MENTIONS.get(mention.kind, identifiers.plain)
        if mention.kind == "person":
            each = _record_of(setting.source)
        label = f"{said}.mentions.{mention.kind}"
        slot = many_slot(f"{prefix}_m{j}", label, mention.value, setting=setting, each=each)
        found[f"m{j}"] = replace(
            slot, reason=text(f"this is not a {mention.kind}"), mend="The row is loaded without it."
        )
    held = {part: replace(slot, active=active) for part, slot in found.items()}
    return Block(event=event, prefix=prefix, ordinal=ordinal, slots=held)


def _record_of(source: str) -> Callable[[str], str]:
    return lambda cell: f"CASE WHEN {cell} IS NOT NULL THEN {digest(text(source), cell)} END"


def _end(event: Event, prefix: str, start: Slot, setting: Setting) -> Slot:
    slot = date_slot(
        f"{prefix}_end", f"{event.kind}.ended_at", event.ended_at or event.happened_at, setting=setting, future=True
    )
    in_order = f"{slot.v}::DATE >= {start.v}::DATE"
    # An end given as a day, on the day it began, must not lie before a beginning given with its hour.
    final = f"CASE WHEN {slot.v} >= {_early()} AND coalesce({in_order}, true) THEN greatest({slot.v}, {start.v}) END"
    reason = f"CASE WHEN {slot.v} IS NULL THEN 'this is not a date that can be' ELSE 'it would end before it began' END"
    return replace(slot, final=final, reason=reason)


def _early() -> str:
    from trigpoint.intake.compile.dates import EARLIEST

    return EARLIEST


def _attribute(slot_name: str, label: str, value: Value, *, attribute: Attribute, setting: Setting) -> Slot:
    if attribute.type == "code" and attribute.codes:
        return code_slot(slot_name, label, value, setting=setting, codes=attribute.codes)
    slot = text_slot(slot_name, label, value, setting=setting)
    if attribute.type in ("text", "code"):
        return slot
    listed = setting.pack.codes.get(value.codes) if isinstance(value.codes, str) else None
    word = coded(slot.r, value, listed=listed)
    if attribute.type == "boolean":
        out = f"{lookup(f'lower({word})', TRUTH)}::BOOLEAN"
        return replace(slot, out=out, reason="'this is neither yes nor no'")
    return _number(slot, word, whole=attribute.type == "integer", value=value, per_cent=attribute.unit == "per_cent")


def _number(slot: Slot, word: str, *, whole: bool, value: Value, per_cent: bool) -> Slot:
    """A number, `times` what the cell holds unless the cell itself says per cent.

    A spreadsheet keeps 95% as 0.95: read as it stands, it would be an attendance of one per cent.
    """
    told = f"try_cast(regexp_replace({word}, '[,%£ ]', '', 'g') AS DOUBLE)"
    number = f"CASE WHEN contains({word}, '%') THEN {told} ELSE {told} * {value.times} END" if value.times else told
    out = f"try_cast(round({number}) AS BIGINT)" if whole else number
    if not per_cent:
        return replace(slot, out=out, reason="'this is not a number'", mend="Write a plain number.")
    part = f"({told} > 0 AND {told} < 1 AND NOT contains({word}, '%'))" if not value.times else "false"
    reason = (
        f"CASE WHEN {told} IS NULL THEN 'this is not a number' "
        f"WHEN {part} THEN 'this looks like a part of one, not like per cent' ELSE 'this is not from 0 to 100' END"
    )
    return replace(
        slot, out=f"CASE WHEN {number} BETWEEN 0 AND 100 AND NOT {part} THEN {out} END", reason=reason,
        mend="Write per cent from 0 to 100; where a file holds 0.95 for 95%, say 'times: 100' in the mapping.",
    )  # fmt: skip


def _place(place: Place, prefix: str, said: str, setting: Setting) -> dict[str, Slot]:
    found: dict[str, Slot] = {}
    for part in ("id", "name", "area"):
        if value := getattr(place, part):
            found[f"p_{part}"] = text_slot(f"{prefix}_p_{part}", f"{said}.place.{part}", value, setting=setting)
    if place.postcode:
        found["p_postcode"] = checked_slot(
            f"{prefix}_p_postcode", f"{said}.place.postcode", place.postcode, setting=setting,
            check=identifiers.postcode, reason="this is not a postcode",
        )  # fmt: skip
    for part, sql_type in _POINT.items():
        if value := getattr(place, part):
            slot = text_slot(f"{prefix}_p_{part}", f"{said}.place.{part}", value, setting=setting)
            cast = f"try_cast({slot.r} AS DOUBLE)"
            limits = {"lat": (49, 62), "lon": (-9, 3)}.get(part, (0, 1_300_000))
            inside = f"CASE WHEN {cast} BETWEEN {limits[0]} AND {limits[1]} THEN {cast}::{sql_type} END"
            found[f"p_{part}"] = replace(slot, out=inside, reason="'this point does not lie in Great Britain'")
    return found


def event_id(found: Block, per_row: str | None) -> str:
    """The id of an event: that of its row, then its kind, its place among those of its kind, and `per_row`.

    The row's id is a digest of all that the row holds; a second digest for each event would tell nothing more.
    """
    kind = md5(found.event.kind.encode(), usedforsecurity=False).hexdigest()[:6]
    ending = text(f"{kind}{found.ordinal}")
    return f"row_id || {ending}" if per_row is None else f"concat(row_id, {ending}, '.', {per_row})"


def event_rows(
    found: Block, *, relation: str, attributes: Sequence[Attribute], happened: bool, per_row: str | None = None
) -> str:
    """Rows of `events` before their place is looked up, from a relation with the block's columns and the row's ids."""
    moment = found.w("at")
    columns = {
        "event_id": event_id(found, per_row),
        "rid": "rid",
        "row_id": "row_id",
        "record_id": "record_id",
        "kind": text(found.event.kind),
        "happened_at": f"{moment}::TIMESTAMP",
        "day_only": f"{moment} = date_trunc('day', {moment})",
        "ended_at": f"{found.w('end')}::TIMESTAMP",
        "learnt_at": f"CASE WHEN learnt_own THEN learnt_at ELSE greatest(learnt_at, {moment}) END"
        if happened
        else "learnt_at",
        **{f"p_{part}": f"{found.w('p_' + part)}::VARCHAR" for part in ("id", "name", "area", "postcode")},
        **{f"p_{part}": f"{found.w('p_' + part)}::{kind}" for part, kind in _POINT.items()},
        **{a.name: f"{found.w('a_' + a.name)}::{SQL_TYPES[a.type]}" for a in attributes},
    }
    listed = ", ".join(f"{sql} AS {name(column)}" for column, sql in columns.items())
    return f"SELECT {listed} FROM {relation} WHERE {found.active}"


SQL_TYPES = {"text": "VARCHAR", "code": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}


def mention_rows(found: Block, *, relation: str, per_row: str | None = None) -> list[str]:
    """Rows of `mentions`, one query for each mention of the block."""
    queries = []
    for j, mention in enumerate(found.event.mentions):
        role = text(mention.role) if mention.role else "NULL"
        held = found.w(f"m{j}")
        value = f"unnest(list_distinct({held}))" if mention.value.split else held
        queries.append(
            f"SELECT {event_id(found, per_row)} AS event_id, rid, row_id, {text(mention.kind)} AS kind, "
            f"{value} AS value, {role}::VARCHAR AS role FROM {relation} WHERE {found.active} AND {held} IS NOT NULL"
        )
    return queries
