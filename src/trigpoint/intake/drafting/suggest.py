"""Drafting a mapping for a new extract from its column names and its values. A person reads the draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import yaml

from trigpoint.errors import ExtractError, TrigpointError
from trigpoint.intake.compile.values import fold
from trigpoint.intake.drafting.draft import Draft, write_draft
from trigpoint.intake.drafting.looks import Guess, Look, look_at
from trigpoint.intake.drafting.outline import outline_xml
from trigpoint.intake.extract import Extract
from trigpoint.intake.language import Format, Kind
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
    hints = outline_xml(path) if kind == "xml" else Format(kind=kind, skip=0)
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
                        f"The pack's mapping '{mapping_name}' ({mapping.title}) fits this file: "
                        "use that rather than the draft."
                    )
        except TrigpointError:
            continue
        finally:
            con.close()
    return found


def _draft(path: Path, hints: Format, extract: Extract, *, looks: dict[str, Look], pack: Pack) -> Draft:
    free = [c for c in extract.columns if c != "_rows"]
    person = _assign(free, looks, "person")
    free = [c for c in free if c not in {g.column for g in person}]
    times = _times(free, looks)
    key = _key(extract, looks, person, times)
    free = [c for c in free if c not in {*key, *(g.column for g in times)}]
    place = [g for g in _assign(free, looks, "place") if g.part != "name" or not looks[g.column].codes]
    free = [c for c in free if c not in {g.column for g in place}]
    mentions = _assign(free, looks, "mentions")
    kind, why = _event_kind(path, extract, looks=looks, pack=pack, dated=bool(times))
    if kind is None and times and not person:
        kind, why = "concern_noted", "nothing in the names says what happened; choose a kind of the pack"
    return Draft(
        name="_".join(re.findall("[a-z0-9]+", path.stem.lower())) or "draft", file=path.name, format=hints, looks=looks,
        person=tuple(person), times=tuple(times), place=tuple(place), mentions=tuple(mentions),
        key=tuple(key), kind=kind, kind_why=why, columns=extract.columns,
    )  # fmt: skip


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
    return look.share(PROOF[part][0]) >= 0.8 and look.distinct > 1 and again


def _by_name(columns: list[str], looks: dict[str, Look], part: str, words: dict[str, list[str]]) -> Iterator[Guess]:
    names = {fold(n) for n in words["names"]}
    for column in columns:
        folded = fold(column.split("/")[-1])
        whole = folded in names
        if not whole and not any(p in folded for p in words["parts"]):
            continue
        proof = PROOF.get(part)
        if proof is None:
            yield Guess(column, part, sure=whole, why="by its name")
        elif looks[column].filled == 0:
            yield Guess(column, part, sure=False, why="by its name; the sample holds no values")
        elif (share := looks[column].share(proof[0])) >= proof[1] or proof[0] in ("sex", "ethnicity"):
            yield Guess(column, part, sure=whole and share >= 0.9, why=f"by its name; {share:.0%} of the values fit")
        elif whole and part != "birth_on":
            yield Guess(column, part, sure=False, why=f"by its name; but only {share:.0%} of the values fit")


def _times(columns: list[str], looks: dict[str, Look]) -> list[Guess]:
    """Columns of dates: when learnt, when it ended, when it began; and a column of times beside the beginning."""
    dated = [c for c in columns if looks[c].share("date") >= 0.6 and not _NOT_EVENTS.search(fold(c))]
    found: list[Guess] = []
    for part in ("learnt", "end", "start"):
        words = _synonyms()["times"][part]
        left = [c for c in dated if c not in {g.column for g in found}]
        found += sorted(_by_name(left, looks, part, words), key=lambda g: not g.sure)[:1]
    if dated and not any(g.part == "start" for g in found):
        left = [c for c in dated if c not in {g.column for g in found}] or [found.pop().column]
        found.append(Guess(left[0], "start", sure=False, why="a column of dates"))
    clocks = [c for c in columns if looks[c].share("time") >= 0.8 and looks[c].share("date") < 0.2]
    found += list(_by_name(clocks, looks, "time", _synonyms()["times"]["time"]))[:1]
    return found


def _key(extract: Extract, looks: dict[str, Look], person: list[Guess], times: list[Guess]) -> list[str]:
    words = _synonyms()["key"]
    personal = {g.column for g in person}
    for column in extract.columns:
        named = fold(column) in {fold(n) for n in words["names"]} or any(p in fold(column) for p in words["parts"])
        if named and column not in personal and looks[column].unique and looks[column].full:
            return [column]
    who = [g.column for g in person if g.part in ("local_id", "upn", "nhs_number")][:1]
    start = [g.column for g in times if g.part == "start"]
    return [*(["_rows"] if "_rows" in extract.columns else []), *who, *start] if who and start else []


def _event_kind(
    path: Path, extract: Extract, *, looks: dict[str, Look], pack: Pack, dated: bool
) -> tuple[str | None, str]:
    """The kind whose words and codes the file shows most; None where there are no dates."""
    if not dated:
        return None, ""
    names = [fold(c) for c in extract.columns]
    stem = fold(path.stem)
    scores: dict[str, float] = {}
    for kind, words in _synonyms()["kinds"].items():
        if kind in pack.kinds:
            scores[kind] = sum(2.0 * (w in stem) + any(w in n for n in names) for w in words)
            scores[kind] += sum(
                0.5 for a in pack.kinds[kind].attributes for look in looks.values() if look.share(f"codes:{a}") >= 0.9
            )
    best = max(scores, key=lambda k: scores[k])
    if scores[best] < 1:
        return None, ""
    return best, "by words in the names of the columns and the file"
