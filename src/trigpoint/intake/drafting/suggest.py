"""Drafting a mapping for a new extract from its column names and its values. A person reads the draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import yaml

from trigpoint.errors import ExtractError, TrigpointError
from trigpoint.intake.compile.people import columns_of
from trigpoint.intake.compile.values import fold
from trigpoint.intake.drafting.begins import find_table
from trigpoint.intake.drafting.draft import Draft, write_draft
from trigpoint.intake.drafting.happening import Happening, Telling, attributes_of, beside, kind_of_rows, times_of
from trigpoint.intake.drafting.learnt import learnt_from
from trigpoint.intake.drafting.looks import Guess, Look, look_at
from trigpoint.intake.drafting.outline import outline_xml
from trigpoint.intake.extract import Extract
from trigpoint.intake.language import Format, Kind, Mapping
from trigpoint.intake.mapping import named_columns, parse_mapping, read_mapping
from trigpoint.intake.readers import READERS
from trigpoint.intake.reading import kind_of, read_extract
from trigpoint.terms.pack import Pack

SAMPLE = 5_000
# What values must look like before a name is believed, and what they say by themselves when no name is known.
PROOF = {
    "nhs_number": ("nhs_number", 0.6), "upn": ("upn", 0.6), "postcode": ("postcode", 0.6), "phones": ("phone", 0.6),
    "birth_on": ("date", 0.6), "sex": ("sex", 0.6), "ethnicity": ("ethnicity", 0.6),
}  # fmt: skip
KNOWN_BY = ("local_id", "full_name", "given_names", "surname", "nhs_number", "upn")
_NOT_EVENTS = re.compile("birth|dob|death")
# What values alone can show, without a name; codes only where they come again, for a reference may look like one.
ALONE = {"person": ("nhs_number", "upn", "phones", "ethnicity", "sex"), "place": ("postcode",)}
CODES = ("ethnicity", "sex")


@cache
def _synonyms() -> dict[str, Any]:
    text = files("trigpoint.intake").joinpath("data/synonyms.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def suggest_mapping(path: Path, pack: Pack) -> tuple[str, list[str]]:
    """A mapping drafted for the file at `path`, as YAML that can be read, and remarks on what to check.

    Raises ExtractError where the file cannot be read or holds nothing to go by.
    """
    if not path.is_file() or path.stat().st_size == 0:
        raise ExtractError(f"{path.name} is empty or not there.", mend="Check the path.")
    kind = kind_of(path)
    hints = outline_xml(path) if kind == "xml" else find_table(path, kind)
    con = duckdb.connect()
    try:
        extract = READERS[kind](path, hints, con)
        if extract.rows == 0:
            raise ExtractError(f"{path.name} holds no rows to go by.", mend="Draft from a file with a few rows.")
        looks = look_at(extract, con=con, pack=pack, sample=SAMPLE)
    finally:
        con.close()
    draft = _draft(path, hints, extract, looks=looks, pack=pack)
    text, remarks = write_draft(draft, pack)
    parse_mapping(text, pack, path=Path(f"{draft.name}.yaml"))
    return text, [*_ready_made(path, kind, pack), *extract.remarks, *remarks]


def _ready_made(path: Path, kind: Kind, pack: Pack) -> list[str]:
    """Remarks on mappings of the pack that fit the file as it is."""
    found = []
    for mapping_name, mapping_path in pack.mappings.items():
        con = duckdb.connect()
        try:
            mapping = read_mapping(mapping_path, pack)
            named = {column for _, column, _ in named_columns(mapping)} - set(mapping.optional)
            if (mapping.format.kind or "csv") == kind and len(named) > 1:
                extract = read_extract(path, mapping, con)
                if extract.rows:
                    found.append(
                        f"The pack's mapping '{mapping_name}' ({mapping.title}) {_how_it_fits(extract, mapping)}"
                    )
        except TrigpointError:
            continue
        finally:
            con.close()
    return found


def _how_it_fits(extract: Extract, mapping: Mapping) -> str:
    """Whether a mapping whose columns are there also finds whom the rows are about."""
    person = mapping.person
    values = [getattr(person, part) for part in KNOWN_BY if getattr(person, part, None)]
    columns = [c for value in values for c in columns_of(value).split(", ")]
    if not columns or any(extract.find(mapping, column) for column in columns):
        return "fits this file: use that rather than the draft."
    return (
        f"would fit, but the file has none of the columns by which it knows a person: {', '.join(columns)}. "
        "Copy it into mappings/, and say there where the name or number stands."
    )


def _draft(path: Path, hints: Format, extract: Extract, *, looks: dict[str, Look], pack: Pack) -> Draft:
    columns = [c for c in extract.columns if c != "_rows"]
    person = _assign(columns, looks, "person")
    telling = _telling([c for c in columns if c not in _taken(person)], looks, pack)
    kind, why = kind_of_rows(telling, fold(path.stem))
    if kind is None and telling.dated and not person:
        kind, why = "concern_noted", "nothing in the names says what happened; choose a kind of the pack"
    times = times_of(kind or "", telling)
    key = _key(extract, looks, person, times)
    happenings = _happenings(kind, why, times, telling, key=key) if kind and telling.dated else []
    return Draft(
        name="_".join(re.findall("[a-z0-9]+", path.stem.lower())) or "draft", file=path.name, format=hints, looks=looks,
        person=tuple(person), times=times, happenings=tuple(happenings), key=tuple(key), columns=extract.columns,
    )  # fmt: skip


def _taken(*guesses: Iterable[Guess]) -> set[str]:
    return {guess.column for some in guesses for guess in some}


def _telling(free: list[str], looks: dict[str, Look], pack: Pack) -> Telling:
    """What may tell of events: all but what says who, and when somebody was born or died."""
    words = _synonyms()
    columns = [c for c in free if not _NOT_EVENTS.search(fold(c))]
    return Telling(columns, looks, words["kinds"], words["times"], learnt_from(pack), pack)


def _happenings(
    kind: str, why: str, times: tuple[Guess, ...], telling: Telling, *, key: list[str]
) -> Iterator[Happening]:
    """The event of the kind, and what else the same rows tell of."""
    free = [c for c in telling.columns if c not in {*key, *_taken(times)}]
    looks = dict(telling.looks)
    attributes = attributes_of(kind, telling, free)
    free = [c for c in free if c not in _taken(attributes)]
    place = [g for g in _assign(free, looks, "place") if g.part != "name" or not looks[g.column].codes]
    free = [c for c in free if c not in _taken(place)]
    first = Happening(kind, why, times, attributes, tuple(place))
    others = list(beside(first, telling, free))
    elsewhere = {g.column for one in others for g in (*one.attributes, *one.place)}
    mentions = _assign([c for c in free if c not in elsewhere], looks, "mentions")
    here = tuple(g for g in place if g.column not in elsewhere)
    yield replace(first, place=here, mentions=tuple(mentions))
    yield from others


def _assign(columns: list[str], looks: dict[str, Look], group: str) -> list[Guess]:
    """The best column for each part of `group`, by name proved by values, then by values alone."""
    found: list[Guess] = []
    taken: set[str] = set()
    for part, words in _synonyms()[group].items():
        for guess in sorted(_by_name(columns, looks, part, words), key=lambda g: not g.sure):
            if guess.column not in taken:
                found.append(guess)
                taken.add(guess.column)
                break
    parts = {g.part for g in found}
    for column in columns:
        for part in ALONE.get(group, ()):
            if column not in taken and part not in parts and _shows(looks[column], part):
                share = looks[column].share(PROOF[part][0])
                found.append(Guess(column, part, sure=False, why=f"{share:.0%} of the values look like one"))
                taken.add(column)
                parts.add(part)
    return found


def _shows(look: Look, part: str) -> bool:
    """Whether the values of a column alone show what it is."""
    again = part not in CODES or not look.unique
    # A reference such as YP-01 could be a district; a whole postcode is one.
    what = "whole_postcode" if part == "postcode" else PROOF[part][0]
    return look.share(what) >= 0.8 and look.distinct > 1 and again


def _called(column: str) -> set[str]:
    """What a column is called: its name, and the last part of a path ('patient.birthDate'), but not of 'D.O.B'."""
    name = column.rsplit("/", maxsplit=1)[-1]
    last = name.split(".")[-1]
    return {fold(name), fold(last)} if len(last) > 2 else {fold(name)}


def _by_name(columns: list[str], looks: dict[str, Look], part: str, words: dict[str, list[str]]) -> Iterator[Guess]:
    names = {fold(n) for n in words["names"]}
    for column in columns:
        called = _called(column)
        whole = bool(called & names)
        if not whole and not any(p in folded for p in words["parts"] for folded in called):
            continue
        proof = PROOF.get(part)
        if proof is None:
            yield Guess(column, part, sure=whole, why="by its name")
        elif looks[column].filled == 0:
            yield Guess(column, part, sure=False, why="by its name; the sample holds no values")
        elif (share := looks[column].share(proof[0])) >= proof[1] or proof[0] in ("sex", "ethnicity"):
            yield Guess(column, part, sure=whole and share >= 0.9, why=f"by its name; {share:.0%} of the values fit")
        elif whole and (part != "birth_on" or share > 0):
            yield Guess(column, part, sure=False, why=f"by its name; but only {share:.0%} of the values fit")


def _key(extract: Extract, looks: dict[str, Look], person: list[Guess], times: Sequence[Guess]) -> list[str]:
    words = _synonyms()["key"]
    personal = {g.column for g in (*person, *times)}
    for column in extract.columns:
        folded = fold(column)
        named = folded in {fold(n) for n in words["names"]} or any(p in folded for p in words["parts"])
        named = named or folded.endswith(tuple(words["ends"]))
        if named and column not in personal and looks[column].unique and looks[column].full:
            return [column]
    who = [g.column for g in person if g.part in ("local_id", "upn", "nhs_number") and looks[g.column].full][:1]
    start = [g.column for g in times if g.part == "start"]
    return [*(["_rows"] if "_rows" in extract.columns else []), *who, *start] if who and start else []
