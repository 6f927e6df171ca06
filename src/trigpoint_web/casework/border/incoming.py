"""Lay what crosses the border into temporary tables, by COPY. The names of columns are those of the dataclasses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from trigpoint.services.read_border import Border, BorderChild, BorderProposal
from trigpoint_web.casework.grams import fold, grams

Rows = Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Incoming:
    """One temporary table: its columns as SQL, and the rows that a run brings for it."""

    name: str
    columns: str
    rows: Callable[[Border], Rows]


def lay_out(cursor: CursorWrapper, border: Border) -> dict[str, int]:
    """Fill every table of INCOMING from the run; they go when the transaction ends. Returns rows by table."""
    return {one.name: _copy(cursor, one, border) for one in INCOMING}


def _copy(cursor: CursorWrapper, table: Incoming, border: Border) -> int:
    cursor.execute(f"drop table if exists pg_temp.{table.name}")  # of a run before, in the same transaction
    cursor.execute(f"create temp table {table.name} ({table.columns}) on commit drop")
    number = 0
    with cursor.copy(f"copy {table.name} from stdin") as copy:
        for row in table.rows(border):
            copy.write_row(row)
            number += 1
    cursor.execute(f"analyze {table.name}")
    return number


def _fields(rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Each dataclass as a row in the order of its fields; tuples become lists, which become arrays."""
    for row in rows:
        yield tuple(list(v) if isinstance(v, tuple) else v for v in vars(row).values())


def _faces(border: Border) -> Rows:
    for one in border.children():
        given, surname = _called(one)
        yield (
            one.child_key, given, surname, one.birth_on, one.sex or "", one.ethnicity or "", one.disability or "",
            one.area or "", one.home_area or "", one.postcode or "", one.easting, one.northing, one.in_care,
            one.records, list(one.agencies), list(one.sources),
        )  # fmt: skip


def _called(child: BorderChild) -> tuple[str, str]:
    return child.names[0][1:] if child.names else ("", "")


def _names(border: Border) -> Rows:
    for child in border.children():
        for agency, given, surname in child.names:
            folded = fold(f"{given} {surname}")
            yield child.child_key, agency, given, surname, folded, grams(folded)


def _identifiers(border: Border) -> Rows:
    for child in border.children():
        for scheme, value in child.identifiers:
            yield child.child_key, scheme, value


def _proposals(border: Border) -> Rows:
    for one in border.proposals():
        *_, finding_ids = row = next(_fields([one]))
        yield _content_key(one), *row[:-1], finding_ids


def _content_key(one: BorderProposal) -> str:
    """Names a proposal together with the findings and the version of the rule that it stood on."""
    stood_on = "\x1f".join([one.proposal_id, str(one.rule_version), *sorted(one.finding_ids)])
    return hashlib.md5(stood_on.encode(), usedforsecurity=False).hexdigest()


def _missing(border: Border) -> Rows:
    for one in border.missing():
        *row, also = next(_fields([one]))
        yield *row, json.dumps([vars(telling) for telling in also], default=str)


INCOMING: Final = (
    Incoming(
        "in_faces",
        """child_key text, given_names text, surname text, birth_on date, sex text, ethnicity text, disability text,
        area text, home_area text, postcode text, easting integer, northing integer, in_care boolean, records integer,
        agencies varchar[], sources varchar[]""",
        _faces,
    ),
    Incoming(
        "in_names",
        "child_key text, agency text, given_names text, surname text, folded text, grams varchar[]",
        _names,
    ),
    Incoming("in_identifiers", "child_key text, scheme text, value text", _identifiers),
    Incoming(
        "in_involvements",
        "child_key text, kind text, since date, last_on date, areas varchar[]",
        lambda border: _fields(border.involvements()),
    ),
    Incoming(
        "in_citations",
        """finding_id text, child_key text, indicator text, version integer, title text, theme text, sentence text,
        from_on date, to_on date, agencies varchar[], sources varchar[], kinds varchar[], event_ids varchar[]""",
        lambda border: _fields(border.citations()),
    ),
    Incoming(
        "in_proposals",
        """content_key text, proposal_id text, child_key text, form text, rule text, rule_version integer, why text,
        what_would_change text, online boolean, overlap_cse boolean, from_on date, to_on date, agencies varchar[],
        sources varchar[], finding_ids varchar[]""",
        _proposals,
    ),
    Incoming(
        "in_not_known",
        "child_key text, indicator text, version integer, title text, missing varchar[]",
        lambda border: _fields(border.not_known()),
    ),
    Incoming(
        "in_questions",
        """question_id text, kind text, record_a text, record_b text, child_a text, child_b text, reason text""",
        lambda border: _fields(border.questions()),
    ),
    Incoming(
        "in_missing",
        """event_id text, child_key text, agency text, opened_at timestamp, day_only boolean, risk text,
        from_place text, from_easting integer, from_northing integer, found_at timestamp, found_place text,
        found_easting integer, found_northing integer, found_with text, interview text, interview_on date,
        interview_agency text, also_told jsonb""",
        _missing,
    ),
)
