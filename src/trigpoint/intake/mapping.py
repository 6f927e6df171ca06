"""Reading a mapping file and checking it against the pack, with a caret under what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from trigpoint.errors import MappingError, TrigpointError, nearest
from trigpoint.intake.compile.dates import format_fault
from trigpoint.intake.language import (
    Condition,
    DateValue,
    Event,
    ForEach,
    Format,
    ManyValue,
    Mapping,
    Mention,
    NameValue,
    Person,
    Place,
    Value,
)
from trigpoint.terms.located import Key, Located, parse_yaml, read_yaml
from trigpoint.terms.pack import Pack

Trail = tuple[Key, ...]
Fault = tuple[Trail, str, str]
DATE_FORMATS = "Use strptime directives such as %d/%m/%Y, or the words usual or excel."
PERSON_CODES = ("sex", "ethnicity", "disability")
_PLAIN = {"missing": "this key is missing", "extra_forbidden": "the mapping language has no such key"}


def read_mapping(path: Path, pack: Pack) -> Mapping:
    """Read the mapping at `path`. Raises MappingError with file, line, caret and mend."""
    return _checked(read_yaml(path, kind=MappingError), pack)


def parse_mapping(text: str, pack: Pack, *, path: Path = Path("mapping.yaml")) -> Mapping:
    """Read a mapping from `text`, as if it stood in `path`."""
    return _checked(parse_yaml(text, path=path, kind=MappingError), pack)


def _checked(located: Located, pack: Pack) -> Mapping:
    if not isinstance(located.value, dict):
        raise located.error(
            "a mapping is a set of keys", kind=MappingError, mend="Begin with 'mapping: NAME'; see docs/mappings.md."
        )
    try:
        mapping = Mapping.model_validate(located.value)
    except ValidationError as fault:
        raise _first(fault, located) from None
    for at, message, mend in _faults(mapping, pack):
        raise located.error(message, at=at, mend=mend, kind=MappingError)
    mapping._located = located
    return mapping


def _first(fault: ValidationError, located: Located) -> TrigpointError:
    # A misspelt key is two faults, one missing and one unknown; the unknown one tells more.
    found = min(fault.errors(include_url=False), key=lambda f: f["type"] != "extra_forbidden")
    loc: Trail = tuple(found["loc"])
    message = _PLAIN.get(found["type"]) or str(found["msg"]).removeprefix("Value error, ")
    mend = "docs/mappings.md lists the keys and what each takes."
    if found["type"] == "extra_forbidden":
        near = nearest(str(loc[-1]), _known_keys())
        mend = f"Did you mean '{near}'? {mend}" if near else mend
    said = ".".join(str(part + 1) if isinstance(part, int) else part for part in loc) or "mapping"
    return located.error(f"'{said}': {message}", at=loc, mend=mend, kind=MappingError)


def _known_keys() -> list[str]:
    """Every key of the language."""
    found: set[str] = set()
    for model in (Mapping, Format, Person, Event, Place, Mention, ForEach, Condition, ManyValue, NameValue, DateValue):
        found |= {field.alias or key for key, field in model.model_fields.items()}
    return sorted(found)


def _faults(mapping: Mapping, pack: Pack) -> Iterator[Fault]:
    """What the models cannot see: words that the pack does not know, formats and patterns that cannot be."""
    yield from _value_faults(mapping, pack)
    for i, event in enumerate(mapping.events):
        yield from _event_faults(event, pack, at=("events", i))
    for i, fmt in enumerate(mapping.dates):
        if fault := format_fault(fmt):
            yield ("dates", i), fault, DATE_FORMATS
    if mapping.person:
        for name in PERSON_CODES:
            value = getattr(mapping.person, name)
            if value and name in pack.codes:
                yield from code_faults(value, pack, default=name, at=("person", name))


def _value_faults(mapping: Mapping, pack: Pack) -> Iterator[Fault]:
    for at, value in walk(mapping, ()):
        if isinstance(value, DateValue):
            for fmt in value.formats:
                if fault := format_fault(fmt):
                    yield (*at, "formats"), fault, DATE_FORMATS
        pattern = value.match if isinstance(value, Value) else value.matches
        if pattern is not None and (fault := _pattern_fault(pattern)):
            yield at, fault, "Mend the regular expression (RE2)."
        if isinstance(value, Value) and value.times and "attributes" not in at:
            yield (*at, "times"), "'times' is for the attributes of events that are numbers", "Remove 'times'."
        if isinstance(value, Value) and isinstance(value.codes, str) and value.codes not in pack.codes:
            yield (*at, "codes"), f"the pack has no code list '{value.codes}'", _choose(value.codes, pack.codes)


def _event_faults(event: Event, pack: Pack, *, at: Trail) -> Iterator[Fault]:
    kind = pack.kinds.get(event.kind)
    if kind is None:
        yield (*at, "kind"), f"the pack has no event kind '{event.kind}'", _choose(event.kind, pack.kinds)
        return
    if event.ended_at and not kind.spell:
        yield (*at, "ended_at"), f"'{kind.kind}' does not last, so it has no end", "Remove 'ended_at'."
    for name, value in event.attributes.items():
        where = (*at, "attributes", name)
        if name not in kind.attributes:
            yield where, f"'{kind.kind}' has no attribute '{name}'", _choose(name, kind.attributes)
            continue
        yield from _attribute_faults(name, value, pack, at=where)
    for j, mention in enumerate(event.mentions):
        if mention.kind not in pack.mention_kinds:
            yield (
                (*at, "mentions", j, "kind"),
                f"the pack has no mention kind '{mention.kind}'",
                _choose(mention.kind, pack.mention_kinds),
            )


def _attribute_faults(name: str, value: Value, pack: Pack, *, at: Trail) -> Iterator[Fault]:
    attribute = pack.attributes[name]
    if value.times and attribute.type not in ("integer", "number"):
        yield (*at, "times"), f"'{name}' is not a number", "Remove 'times'."
    if attribute.type == "code" and attribute.codes:
        yield from code_faults(value, pack, default=attribute.codes, at=at)


def code_faults(value: Value, pack: Pack, *, default: str, at: Trail) -> Iterator[Fault]:
    """Constants and right-hand sides of code tables that the pack's list `default` does not hold."""
    known = pack.codes[default].values
    given: list[tuple[Trail, str | None]] = [(("value",), value.value), (("otherwise",), value.otherwise)]
    if isinstance(value.codes, dict):
        given += [(("codes", left), right) for left, right in value.codes.items()]
    for keys, word in given:
        if word is not None and word not in known:
            yield (*at, *keys), f"the code list '{default}' has no '{word}'", _choose(word, known)


def _choose(word: str, known: Any) -> str:
    names = list(known)
    near = nearest(word, names)
    return f"Did you mean '{near}'?" if near else f"Choose one of: {', '.join(sorted(names)[:30]) or 'none'}."


def _pattern_fault(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as fault:
        return f"this is no regular expression: {fault.msg}"
    return None


def walk(model: BaseModel, trail: Trail) -> Iterator[tuple[Trail, Value | Condition]]:
    """Every value and condition of a mapping with the keys that lead to it."""
    if isinstance(model, (Value, Condition)):
        yield trail, model
    for name, field in type(model).model_fields.items():
        yield from _walk_part(getattr(model, name), (*trail, field.alias or name))


def _walk_part(part: Any, trail: Trail) -> Iterator[tuple[Trail, Value | Condition]]:
    if isinstance(part, BaseModel):
        yield from walk(part, trail)
    elif isinstance(part, tuple):
        for i, item in enumerate(part):
            yield from _walk_part(item, (*trail, i))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from _walk_part(item, (*trail, key))


def named_columns(mapping: Mapping) -> Iterator[tuple[Trail, str, Sequence[str]]]:
    """(keys, column, names usable there beside the file's) for every column that the mapping names."""
    for name in mapping.key:
        yield ("key",), name, ()
    for at, found in walk(mapping, ()):
        extra: Sequence[str] = ()
        if at[:1] == ("events",) and isinstance(at[1], int):
            each = mapping.events[at[1]].for_each
            extra = each.names if each else ()
        for name in _columns_of(found):
            yield at, name, extra
    for i, event in enumerate(mapping.events):
        if event.for_each:
            each = event.for_each
            grouped = [c for group in each.groups for c in group.values()]
            for name in (*each.columns, *([each.column] if each.column else []), *grouped):
                yield ("events", i, "for_each"), name, ()


def _columns_of(found: Value | Condition) -> list[str]:
    named = [found.column]
    if isinstance(found, Value):
        named += found.columns
    if isinstance(found, DateValue):
        named += [found.date, found.time, found.age, found.at]
    return [name for name in named if name is not None]
