"""The slots of the person that a row is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from trigpoint.intake.compile import identifiers
from trigpoint.intake.compile.dates import EARLIEST, clock, counted_in_days, moment, precision
from trigpoint.intake.compile.quoting import digest, text
from trigpoint.intake.compile.slots import CODE_MEND, Slot
from trigpoint.intake.compile.values import Cells, coded, raw, split
from trigpoint.intake.language import DateValue, ManyValue, NameValue, Person, Value
from trigpoint.terms.pack import Pack

DATE_MEND = "Correct the date, or give its format under 'dates' in the mapping."


@dataclass(frozen=True)
class Setting:
    """What every slot needs to know: the cells, the pack, the file's date formats, the latest moment that can be."""

    cells: Cells
    pack: Pack
    dates: tuple[str, ...]
    latest: str
    source: str


def columns_of(value: Value) -> str:
    """The names of the value's columns, for people."""
    named = [value.column, *value.columns]
    if isinstance(value, DateValue):
        named += [value.date, value.time, value.age, value.at]
    inner = [columns_of(v) for v in value.first_of]
    return ", ".join(dict.fromkeys(", ".join(n for n in [*named, *inner] if n).split(", ")))


def date_slot(name: str, label: str, value: DateValue, *, setting: Setting, future: bool = False) -> Slot:
    """A date or moment: real, not before 1900, and (unless `future`) not after the extract was received."""
    formats = value.formats or setting.dates
    slot = Slot(name=name, label=label, columns=columns_of(value), raw="", required=value.required)
    if value.age:
        age, at = setting.cells(value.age), setting.cells(value.at or "")
        text_raw = f"CASE WHEN {age} IS NOT NULL THEN {age} || ' at ' || coalesce({at}, '?') END"
        years = f"try_cast(split_part({slot.r}, ' at ', 1) AS INTEGER)"
        # Half a year back from the youngest that the age allows: the middle of the possible year.
        told_at = f"split_part({slot.r}, ' at ', 2)"
        out = f"{moment(told_at, formats)} - to_months(12 * {years} + 6)"
    elif value.date:
        day, time = setting.cells(value.date), setting.cells(value.time) if value.time else "NULL"
        text_raw = f"CASE WHEN {day} IS NOT NULL THEN concat_ws(chr(31), {day}, {time}) END"
        first, second = f"split_part({slot.r}, chr(31), 1)", f"split_part({slot.r}, chr(31), 2)"
        whole = moment(first, formats)
        out = f"CASE WHEN {second} = '' THEN {whole} ELSE ({whole})::DATE + {clock(second)} END"
    else:
        text_raw = raw(value, setting.cells)
        out = moment(slot.r, formats)
    above = "" if future else f" AND {slot.v} <= {setting.latest}"
    reason = (
        f"CASE WHEN {slot.v} IS NULL AND {counted_in_days(slot.r)} "
        "THEN 'this looks like a day as spreadsheets count them (say ''excel'' under ''dates'' in the mapping)' "
        f"WHEN {slot.v} IS NULL THEN 'this is not a date that can be' "
        f"WHEN {slot.v} < {EARLIEST} THEN 'this date lies before 1900' "
        "ELSE 'this date lies after the extract was received' END"
    )
    final = f"CASE WHEN {slot.v} >= {EARLIEST}{above} THEN {slot.v} END"
    return replace(slot, raw=text_raw, out=out, final=final, reason=reason, mend=DATE_MEND)


def text_slot(name: str, label: str, value: Value, *, setting: Setting) -> Slot:
    """Free text, or text through the mapping's own code table."""
    slot = Slot(
        name=name, label=label, columns=columns_of(value), raw=raw(value, setting.cells), required=value.required,
        needed=value.required, quiet=value.quiet, reason="'the mapping knows no such code'", mend=CODE_MEND,
    )  # fmt: skip
    listed = setting.pack.codes.get(value.codes) if isinstance(value.codes, str) else None
    return replace(slot, out=coded(slot.r, value, listed=listed))


def code_slot(name: str, label: str, value: Value, *, setting: Setting, codes: str) -> Slot:
    """A code of the pack's list `codes` (or of the list that the value names)."""
    listed = setting.pack.codes.get(value.codes if isinstance(value.codes, str) else codes)
    slot = text_slot(name, label, value, setting=setting)
    return replace(slot, out=coded(slot.r, value, listed=listed))


def checked_slot(
    name: str, label: str, value: Value, *, setting: Setting, check: Callable[[str], str], reason: str
) -> Slot:
    """An identifier that `check` puts into its one spelling, or makes NULL."""
    slot = text_slot(name, label, value, setting=setting)
    listed = setting.pack.codes.get(value.codes) if isinstance(value.codes, str) else None
    mend = "Ask the agency for the right one; the row is loaded without it."
    return replace(slot, out=check(coded(slot.r, value, listed=listed)), reason=text(reason), mend=mend)


def many_slot(name: str, label: str, value: ManyValue, *, setting: Setting, each: Callable[[str], str]) -> Slot:
    """Text through `each`; with `split` a list of texts, and a fault when any part cannot be."""
    slot = text_slot(name, label, value, setting=setting)
    if not value.split:
        return replace(slot, out=each(slot.out or slot.r))
    by = split(slot.r, value.split, take=value.take)
    given = f"list_filter(list_transform({by}, lambda x: nullif(trim(x), '')), lambda x: x IS NOT NULL)"
    out = f"list_filter(list_transform({given}, lambda y: {each('y')}), lambda x: x IS NOT NULL)"
    bad = f"{slot.r} IS NOT NULL AND len({slot.w}) < len({given})"
    return replace(slot, out=f"CASE WHEN {slot.r} IS NOT NULL THEN {out} END", bad=bad)


def person_slots(person: Person, setting: Setting) -> list[Slot]:
    """The slots of `person`, named as the columns of `records`."""
    found = [
        text_slot(part, f"person.{part}", getattr(person, part), setting=setting)
        for part in ("local_id", "given_names", "surname", "address", "school", "area")
        if getattr(person, part)
    ]
    if person.full_name:
        found += _names(person.full_name, setting)
    if person.birth_on:
        found.append(date_slot("birth_on", "person.birth_on", person.birth_on, setting=setting))
    for part in ("sex", "ethnicity"):
        if value := getattr(person, part):
            found.append(code_slot(part, f"person.{part}", value, setting=setting, codes=part))
    if person.disability:
        found.append(_disability(person.disability, setting))
    found += _identifiers(person, setting)
    return found


def _disability(value: ManyValue, setting: Setting) -> Slot:
    """Codes in order with a space between; a cell with several is split at '|' unless the mapping says otherwise."""
    listed = setting.pack.codes.get("disability")
    by = value.split or "|"
    slot = text_slot("disability", "person.disability", value, setting=setting)
    several = (
        f"list_transform({split(slot.r, by, take=value.take)}, lambda y: {coded('trim(y)', value, listed=listed)})"
    )
    held = f"nullif(array_to_string(list_sort(list_distinct({several})), ' '), '')"
    alone = coded(slot.r, value, listed=listed)
    many = "true" if by == "json" else f"contains({slot.r}, {text(by)})"
    return replace(slot, out=f"CASE WHEN {many} THEN {held} ELSE {alone} END")


def _names(value: NameValue, setting: Setting) -> list[Slot]:
    given = text_slot("given_names", "person.full_name", value, setting=setting)
    family = text_slot("surname", "person.full_name", value, setting=setting)
    first, rest = "regexp_extract({0}, '^(\\S+)\\s+(.*)$', 1)", "regexp_extract({0}, '^(\\S+)\\s+(.*)$', 2)"
    start, last = "regexp_extract({0}, '^(.*)\\s+(\\S+)$', 1)", "regexp_extract({0}, '(\\S+)$', 1)"
    orders = {"surname_first": (rest, first), "given_first": (start, last)}
    given_sql, family_sql = orders[value.order]
    comma = "CASE WHEN contains({0}, ',') THEN trim(split_part({0}, ',', {1})) ELSE {2} END"
    given_out = comma.format(given.r, 2, given_sql.format(given.r))
    family_out = comma.format(family.r, 1, f"coalesce(nullif({family_sql.format(family.r)}, ''), {family.r})")
    return [
        replace(given, out=f"nullif({given_out}, '')", bad="false"),
        replace(family, out=f"nullif({family_out}, '')", bad="false"),
    ]


def _identifiers(person: Person, setting: Setting) -> list[Slot]:
    checks = {
        "nhs_number": (identifiers.nhs_number, "the NHS number's check digit does not fit (modulus 11)"),
        "upn": (identifiers.upn, "the UPN's check letter does not fit"),
        "postcode": (identifiers.postcode, "this is not a postcode"),
    }
    found = [
        checked_slot(part, f"person.{part}", getattr(person, part), setting=setting, check=check, reason=reason)
        for part, (check, reason) in checks.items()
        if getattr(person, part)
    ]
    for i, phone in enumerate(person.phones):
        slot = many_slot(f"phone_{i}", "person.phones", phone, setting=setting, each=identifiers.phone)
        found.append(replace(slot, reason="'this is not a phone number'", mend="The row is loaded without it."))
    for i, other in enumerate(person.other_names):
        found.append(many_slot(f"other_name_{i}", "person.other_names", other, setting=setting, each=lambda cell: cell))
    for scheme, value in person.other_ids.items():
        slot = text_slot(f"id_{scheme}", f"person.other_ids.{scheme}", value, setting=setting)
        found.append(replace(slot, final=f"{text(scheme + ':')} || {slot.v}"))
    return found


def birth_precision(person: Person, slots: Sequence[Slot], setting: Setting) -> str:
    """How precise the birth date is, as SQL over the stages."""
    value = person.birth_on
    if value is None:
        return "NULL::VARCHAR"
    slot = next(s for s in slots if s.name == "birth_on")
    said = "'estimated'" if value.age else precision(slot.r, value.formats or setting.dates)
    return f"CASE WHEN {slot.w} IS NOT NULL THEN {said} END"


def record_id(slots: Sequence[Slot], setting: Setting) -> str:
    """The record: by the agency's own number, else by what is known of the person; NULL for nobody."""
    has = {slot.name: slot.w for slot in slots}
    source = text(setting.source)
    told = [f"lower({has[part]})" for part in ("given_names", "surname") if part in has]
    rest = [f"{has[part]}::VARCHAR" for part in ("birth_on", "postcode", "nhs_number") if part in has]
    by_person = digest(source, *told, *rest)
    known = [has[part] for part in ("given_names", "surname", "nhs_number", "upn") if part in has]
    arms = []
    if "local_id" in has:
        arms.append(f"WHEN {has['local_id']} IS NOT NULL THEN {digest(source, has['local_id'])}")
    if known:
        arms.append(f"WHEN coalesce({', '.join(known)}) IS NOT NULL THEN {by_person}")
    return f"CASE {' '.join(arms)} END"


def gathered(slots: Sequence[Slot], values: Mapping[str, bool]) -> str:
    """The values of the named slots as one list without doubles and gaps; `values` tells which hold lists."""
    mine = [slot for slot in slots if slot.name in values]
    if not mine:
        return "[]::VARCHAR[]"
    if not any(values.values()):
        if len(mine) == 1:
            return f"CASE WHEN {mine[0].w} IS NULL THEN [] ELSE [{mine[0].w}] END"
        return f"list_sort(list_distinct(list_filter([{', '.join(s.w for s in mine)}], lambda x: x IS NOT NULL)))"
    parts = [f"coalesce({s.w}, [])" if values[s.name] else f"[{s.w}]" for s in mine]
    return f"list_sort(list_filter(list_distinct(flatten([{', '.join(parts)}])), lambda x: x IS NOT NULL))"
