"""Writing a drafted mapping as YAML, each line with how sure it is and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trigpoint.errors import ExtractError
from trigpoint.intake.drafting.happening import Happening
from trigpoint.intake.drafting.looks import Guess, Look
from trigpoint.intake.language import Format
from trigpoint.terms.pack import Pack


@dataclass(frozen=True)
class Draft:
    """What was found out about a file."""

    name: str
    file: str
    format: Format
    looks: Mapping[str, Look]
    person: tuple[Guess, ...]
    times: tuple[Guess, ...]
    happenings: tuple[Happening, ...]
    key: tuple[str, ...]
    columns: tuple[str, ...]


def write_draft(draft: Draft, pack: Pack) -> tuple[str, list[str]]:
    """The YAML text and remarks. Raises ExtractError where nothing in the file could be told."""
    remarks: list[str] = []
    lines = [
        f"# Drafted from {draft.file}. Read every line: 'sure' rests on name and values, 'likely' on one of them.",
        f"mapping: {quoted(draft.name)}",
        "version: 1",
        f"title: {quoted('Draft for ' + draft.file)}",
        *_format(draft.format),
    ]
    if draft.key:
        lines.append(f"key: {_list(draft.key)}  # check: does the agency ever change these, or give them twice?")
    else:
        remarks.append("No column names a row for ever. Without a key a corrected row stands beside the old one.")
    if learnt := _part(draft.times, "learnt"):
        lines.append(f"learnt_at: {quoted(learnt.column)}  # {_said(learnt)}")
    person = list(_person(draft, pack, remarks))
    events = list(_events(draft, pack, remarks))
    if draft.times and not events:
        dates = ", ".join(g.column for g in draft.times)
        lines.append(f"# No event is drafted: nothing in the names says what happened on {dates}.")
        remarks.append(f"Nothing in the names says what happened on {dates}; add 'events' if these rows tell of any.")
    if not person and not events:
        raise ExtractError(
            f"Nothing in {draft.file} looks like a person or a date.",
            mend="Check the delimiter and the header line, or write the mapping by hand (docs/mappings.md).",
        )
    lines += person + events
    unused = [
        c for c in draft.columns if c != "_rows" and not any(quoted(c) in line or c in line for line in lines[4:])
    ]
    if unused:
        lines.append(f"# Columns that the draft does not use: {', '.join(unused)}")
        remarks.append(f"Columns that the draft does not use: {', '.join(unused[:12])}.")
    return "\n".join(lines) + "\n", remarks


def quoted(word: str) -> str:
    """A word as YAML that can only be text."""
    plain = word.replace("_", "").replace(" ", "")
    return (
        word if plain.isalpha() and plain.isascii() and word.strip() == word else json.dumps(word, ensure_ascii=False)
    )


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(quoted(w) for w in words) + "]"


def _said(guess: Guess) -> str:
    return f"{'sure' if guess.sure else 'likely'}: {guess.why}"


def _part(guesses: tuple[Guess, ...], part: str) -> Guess | None:
    return next((g for g in guesses if g.part == part), None)


def _format(found: Format) -> Iterator[str]:
    if found.kind != "xml" or not isinstance(found.rows, dict):
        told = {"skip": found.skip, "sheet": found.sheet, "rows": found.rows}
        parts = [f"{key}: {quoted(str(value)) if key != 'skip' else value}" for key, value in told.items() if value]
        if parts:
            yield f"format: {{{', '.join(parts)}}}  # where the table was found: look that nothing stands elsewhere"
        return
    yield "format:"
    yield "  kind: xml"
    yield "  rows:"
    yield from (f"    {quoted(k)}: {quoted(v)}" for k, v in found.rows.items())
    yield "  columns:"
    yield from (f"    {quoted(k)}: {quoted(v)}" for k, v in found.columns.items())


def _person(draft: Draft, pack: Pack, remarks: list[str]) -> Iterator[str]:
    parts = {g.part for g in draft.person}
    if not parts & {"local_id", "given_names", "surname", "full_name", "nhs_number", "upn"}:
        remarks.append("No column says whom a row is about.")
        return
    yield "person:"
    for guess in draft.person:
        if guess.part == "full_name" and parts & {"given_names", "surname"}:
            continue
        value = quoted(guess.column)
        if guess.part in ("sex", "ethnicity", "disability"):
            value = _coded(guess.column, draft.looks[guess.column], pack=pack, codes=guess.part, remarks=remarks)
        if guess.part in ("phones", "other_names"):
            value = f"[{value}]"
        yield f"  {guess.part}: {value}  # {_said(guess)}"


def _coded(column: str, look: Look, *, pack: Pack, codes: str, remarks: list[str]) -> str:
    """The column, and a remark on the values that the pack's list does not know."""
    known = pack.codes[codes].spelling() if codes in pack.codes else {}
    unknown = [v for v in look.values if v.strip().lower() not in known] if look.codes else []
    if unknown:
        remarks.append(
            f"'{column}' holds codes that the list '{codes}' does not know: {', '.join(unknown[:12])}. "
            "Add a table: codes: {theirs: ours}."
        )
    return quoted(column)


def _events(draft: Draft, pack: Pack, remarks: list[str]) -> Iterator[str]:
    for number, one in enumerate(draft.happenings):
        if number == 0:
            remarks.append(f"The kind of event is a guess: {one.kind} ({one.why}).")
            yield "events:"
        yield from _event(one, draft, pack=pack, remarks=remarks, alone=number == 0)


def _event(one: Happening, draft: Draft, *, pack: Pack, remarks: list[str], alone: bool) -> Iterator[str]:
    start, clock, end = (_part(one.times, part) for part in ("start", "time", "end"))
    if start is None:
        return
    yield f"  - kind: {one.kind}  # likely: {one.why}"
    if not alone:
        yield "    if_dated: true"
    value = f"{{date: {quoted(start.column)}, time: {quoted(clock.column)}}}" if clock else quoted(start.column)
    yield f"    happened_at: {value}  # {_said(start)}"
    if end and pack.kinds[one.kind].spell:
        yield f"    ended_at: {quoted(end.column)}  # {_said(end)}"
    if one.attributes:
        yield "    attributes:"
        yield from (_attribute(g, draft, pack, remarks) for g in one.attributes)
    yield from _place(one.place)
    if one.mentions:
        yield "    mentions:"
        yield from (f"      - {{kind: {g.part}, value: {quoted(g.column)}}}  # {_said(g)}" for g in one.mentions)


def _attribute(guess: Guess, draft: Draft, pack: Pack, remarks: list[str]) -> str:
    codes = pack.attributes[guess.part].codes
    if codes:
        _coded(guess.column, draft.looks[guess.column], pack=pack, codes=codes, remarks=remarks)
    return f"      {guess.part}: {quoted(guess.column)}  # {_said(guess)}"


def _place(place: tuple[Guess, ...]) -> Iterator[str]:
    parts = {g.part: g for g in place}
    for one, other in (("lat", "lon"), ("easting", "northing")):
        if (one in parts) != (other in parts):
            parts.pop(one, None)
            parts.pop(other, None)
    if not parts:
        return
    yield "    place:"
    yield from (f"      {part}: {quoted(g.column)}  # {_said(g)}" for part, g in parts.items())
