"""What a mapping makes of a row."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pyarrow as pa
import pytest
from intake_loading import MISSING, Load

from trigpoint.records.tables import EVENT_BASE, table_schemas
from trigpoint.terms.pack import Pack

PERSON = """
mapping: people
version: 1
title: People (invented)
key: [ID]
person:
  local_id: ID
"""


def person(load: Load, lines: str, content: str, *columns: str) -> list[object]:
    loaded = load(PERSON + "".join(f"  {line}\n" for line in lines.splitlines()), content)
    assert loaded.totals[2] == 0
    return loaded.rows("records", *columns)


def test_every_table_has_the_columns_of_the_contract(load: Load, pack: Pack, con: duckdb.DuckDBPyConnection) -> None:
    """Of an event's attributes only those that the mapping can fill: the store holds the others as null."""
    loaded = load(MISSING, "CHILD,START\n1,2026-01-02\n")
    schemas = {**table_schemas(pack), "events": pa.schema([*EVENT_BASE, pa.field("risk", pa.string())])}
    for table, relation in loaded.shaped.tables.items():
        found = con.sql(f"SELECT * FROM {relation}").to_arrow_table().schema
        assert found.equals(schemas[table], check_metadata=False), table


@pytest.mark.parametrize(
    ("written", "expected", "precision"),
    [
        ("02/03/2010", date(2010, 3, 2), "day"),
        ("2010-03-02", date(2010, 3, 2), "day"),
        ("2 Mar 2010", date(2010, 3, 2), "day"),
        ("2010-03-02 00:00:00.000", date(2010, 3, 2), "day"),
        ("02.03.2010", date(2010, 3, 2), "day"),
    ],
)
def test_birth_dates_in_the_usual_formats(load: Load, written: str, expected: date, precision: str) -> None:
    assert person(load, "birth_on: DOB", f"ID,DOB\n1,{written}\n", "birth_on", "birth_precision") == [
        (expected, precision)
    ]


def test_imprecise_and_estimated_births(load: Load) -> None:
    line = 'birth_on: {column: DOB, formats: ["%d/%m/%Y", "%m/%Y", "%Y"]}'
    content = "ID,DOB\n1,02/03/2010\n2,03/2010\n3,2010\n"
    assert person(load, line, content, "birth_on", "birth_precision") == [
        (date(2010, 3, 2), "day"),
        (date(2010, 3, 15), "month"),
        (date(2010, 7, 1), "year"),
    ]
    aged = person(load, "birth_on: {age: AGE, at: ON}", "ID,AGE,ON\n1,15,10/01/2026\n", "birth_on", "birth_precision")
    assert aged == [(date(2010, 7, 10), "estimated")]


def test_a_birth_date_that_cannot_be_is_left_out_with_a_remark(load: Load) -> None:
    loaded = load(PERSON + "  birth_on: DOB\n", "ID,DOB\n1,31/02/2010\n2,01/01/1890\n3,01/01/2030\n4,01/01/2010\n")
    assert loaded.totals == (4, 4, 0, 0, 0)
    assert loaded.shaped.values_left_out == 3
    assert [r[0] for r in loaded.rows("refusals", "reason", "line")] == [
        "person.birth_on: this date lies after the extract was received",
        "person.birth_on: this date lies before 1900",
        "person.birth_on: this is not a date that can be",
    ]


@pytest.mark.parametrize("bad", ["31/02/2025", "29/02/2025", "1899-01-01", "2027-01-01", "yesterday", "2025-13-01", ""])
def test_a_date_of_an_event_that_cannot_be_refuses_the_row(load: Load, bad: str) -> None:
    loaded = load(MISSING, f"CHILD,START\n1,{bad}\n2,2025-02-28\n")
    assert loaded.totals == (2, 1, 1, 0, 0)
    [(line, column, scope, kept, mend)] = loaded.rows("refusals", "line", "column", "scope", "value_kept", "mend")
    assert (line, column, scope, kept) == (2, "START", "row", bad or None)
    assert mend


def test_what_happened_on_the_day_of_receipt_is_not_the_future(load: Load) -> None:
    assert load(MISSING, "CHILD,START\n1,2026-01-31 23:00\n").totals == (1, 1, 0, 0, 0)


def test_an_end_before_its_beginning_is_left_out(load: Load) -> None:
    loaded = load(MISSING, "CHILD,START,END\n1,2026-01-02 21:00,2026-01-01\n2,2026-01-02 21:00,2026-01-02\n")
    assert loaded.rows("events", "ended_at") == [datetime(2026, 1, 2, 21), None]
    assert loaded.shaped.values_left_out == 1


def test_date_and_time_from_two_columns(load: Load) -> None:
    mapping = MISSING.replace("happened_at: START", "happened_at: {date: START, time: AT}")
    loaded = load(
        mapping, "CHILD,START,AT\n1,02/01/2026,21:05\n2,02/01/2026,\n3,02/01/2026,9.30pm\n4,02/01/2026,25:00\n"
    )
    assert loaded.rows("events", "happened_at", "day_only") == [
        (datetime(2026, 1, 2), True),
        (datetime(2026, 1, 2, 21, 5), False),
        (datetime(2026, 1, 2, 21, 30), False),
    ]
    assert loaded.rows("refusals", "line") == [5]


def test_zoned_times_become_the_wall_clock_of_london(load: Load) -> None:
    loaded = load(
        MISSING, "CHILD,START\n1,2025-07-01T10:00:00Z\n2,2025-12-01T10:00:00+00:00\n3,2025-07-01T10:00:00+0100\n"
    )
    assert loaded.rows("events", "happened_at") == [
        datetime(2025, 7, 1, 10), datetime(2025, 7, 1, 11), datetime(2025, 12, 1, 10),
    ]  # fmt: skip


def test_unknown_codes_are_left_out_or_refuse_the_row(load: Load) -> None:
    content = "CHILD,START,RISK\n1,2026-01-02,Purple\n2,2026-01-02,HIGH \n"
    soft = load(MISSING, content)
    assert soft.totals == (2, 2, 0, 0, 0)
    assert soft.rows("refusals", "column", "scope", "value_kept") == [("RISK", "value", "Purple")]
    assert soft.rows("events", "risk") == ["high", None]
    hard = load(MISSING.replace("risk: RISK", "risk: {column: RISK, required: true}"), content)
    assert hard.totals == (2, 1, 1, 0, 0)
    table = "risk: {column: RISK, codes: {purple: low}, otherwise: medium}"
    assert load(MISSING.replace("risk: RISK", table), content).rows("events", "risk") == ["low", "medium"]
    quiet = load(MISSING.replace("risk: RISK", "risk: {column: RISK, codes: {High: high}, otherwise: ~}"), content)
    assert quiet.shaped.values_left_out == 0


def test_wrong_identifiers_are_left_out_and_the_row_loads(load: Load) -> None:
    lines = "nhs_number: NHS\n  upn: UPN\n  postcode: PC\n  phones: [TEL]\n"
    content = (
        "ID,NHS,UPN,PC,TEL\n1,943 476 5919,h801200001001,rv12ab,07700 900123\n2,9434765918,A801200001001,nowhere,12\n"
    )
    loaded = load(PERSON + "  " + lines, content)
    assert loaded.totals == (2, 2, 0, 0, 0)
    assert loaded.rows("records", "local_id", "nhs_number", "upn", "postcode", "phones") == [
        ("1", "9434765919", "H801200001001", "RV1 2AB", ["+447700900123"]),
        ("2", None, None, None, []),
    ]
    assert sorted(loaded.rows("refusals", "column")) == ["NHS", "PC", "TEL", "UPN"]


def test_names_lists_and_other_ids(load: Load) -> None:
    lines = (
        "full_name: NAME\nother_names: [{column: AKA, split: ';'}]\nother_ids: {pnc: PNC}\n"
        "phones: [A, {column: B, split: '/'}]"
    )
    content = "ID,NAME,AKA,PNC,A,B\n"
    content += '1,"OKORO, Ada Grace",Ace; Dee,17/1A,07700900001,07700900001/07700 900002\n2,Jo Smith,,,,\n'
    rows = person(load, lines, content, "given_names", "surname", "other_names", "other_ids", "phones")
    assert rows[0] == ("Ada Grace", "OKORO", ["Ace", "Dee"], ["pnc:17/1A"], rows[0][4])
    assert sorted(rows[0][4]) == ["+447700900001", "+447700900002"]
    assert rows[1] == ("Jo", "Smith", [], [], [])


def test_a_row_about_nobody_is_refused(load: Load) -> None:
    loaded = load(MISSING, "CHILD,START\n,2026-01-02\n")
    assert loaded.totals == (1, 0, 1, 0, 0)
    assert loaded.rows("refusals", "column", "reason") == [("CHILD", "the row does not say whom it is about")]


def test_one_local_id_is_one_record_in_every_feed_and_people_without_one_meet_by_what_is_known(load: Load) -> None:
    first = load(MISSING, "CHILD,START\n1,2026-01-02\n").rows("records", "record_id")
    second = load(PERSON, "ID\n1\n").rows("records", "record_id")
    assert first == second
    nameless = PERSON.replace("local_id: ID", "given_names: A\n  surname: B")
    loaded = load(nameless, "ID,A,B\n1,Jo,Smith\n2,JO,smith\n3,Jo,Smyth\n")
    assert len(set(loaded.rows("records", "record_id"))) == 2


EACH = """
mapping: each
version: 1
title: Repeated (invented)
person: {local_id: ID}
events:
  - kind: assessment_factor
    happened_at: "ON"
    for_each: EACH
    attributes: {factor: f}
"""


@pytest.mark.parametrize(
    ("each", "cell"),
    [
        ("{columns: [A, B], as: f}", "24A,10A"),
        ('{column: A, split: ";", as: f}', "24A; 10A;,"),
        ("{column: A, split: json, as: f}", '"[""24A"", ""10A""]",'),
        ("{column: A, split: json, take: code, as: f}", '"[{""code"": ""24A""}, {""code"": ""10A""}]",'),
        ("{groups: [{f: A}, {f: B}]}", "24A,10A"),
    ],
)
def test_one_row_gives_an_event_for_each(load: Load, each: str, cell: str) -> None:
    loaded = load(EACH.replace("EACH", each), f"ID,ON,A,B\n1,2025-01-02,{cell}\n2,2025-01-02,,\n")
    assert loaded.totals == (2, 2, 0, 0, 0)
    assert loaded.rows("events", "factor") == ["10A", "24A"]
    assert len(set(loaded.rows("events", "event_id"))) == 2


def test_a_bad_date_in_one_of_several_refuses_the_whole_row(load: Load) -> None:
    mapping = EACH.replace("EACH", "{groups: [{f: A, at: D1}, {f: B, at: D2}]}").replace('"ON"', "at")
    loaded = load(mapping, "ID,A,D1,B,D2\n1,24A,2025-01-02,10A,31/02/2025\n2,24A,2025-01-02,,\n")
    assert loaded.totals == (2, 1, 1, 0, 0)
    assert loaded.rows("events", "factor") == ["24A"]


def test_when_only_and_if_dated(load: Load) -> None:
    mapping = """
mapping: some
version: 1
title: Some (invented)
only: {column: Age, at_most: 17}
person: {local_id: ID}
events:
  - {kind: missing, when: {column: T, is: [m, A]}, happened_at: S, ended_at: E}
  - {kind: found, when: [{column: T, is_not: [x]}, {not: {column: T, filled: false}}], happened_at: E, if_dated: true}
"""
    lines = (
        "1,15,M,2025-01-01,2025-01-02",
        "2,15,a,2025-01-01,",
        "3,18,m,2025-01-01,2025-01-02",
        "4,15,x,,",
        "5,15,m,,",
    )
    content = "ID,Age,T,S,E\n" + "\n".join(lines)
    loaded = load(mapping, content)
    assert loaded.totals == (5, 4, 1, 0, 0)
    assert sorted(loaded.rows("events", "kind")) == ["found", "missing", "missing"]
    assert loaded.rows("refusals", "line") == [6]
    assert loaded.rows("records", "local_id") == ["1", "2", "4"]


PLACES = """
mapping: found
version: 1
title: Found (invented)
person: {local_id: ID, postcode: HOME}
events:
  - kind: found
    happened_at: D
    place: {postcode: PC, name: TOWN, lat: LAT, lon: LON, easting: E, northing: N}
    mentions:
      - {kind: phone, value: {column: TEL, split: ";"}, role: used}
      - {kind: person, value: WITH}
      - {kind: vehicle, value: VRM}
"""


def test_places_are_looked_up_by_the_longest_part_that_is_known(load: Load, con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE TABLE gaz AS FROM (VALUES ('RV1 2AB', 1, 1, 'RV', 'point'), ('RV1', 2, 2, 'RV', 'district'), "
        "('LF', 3, 3, 'elsewhere', 'area'), ('NAME:Seaton', 4, 4, 'elsewhere', 'town')) "
        "t(key, easting, northing, area, precision)"
    )
    head = "ID,D,HOME,PC,TOWN,LAT,LON,E,N,TEL,WITH,VRM\n"
    cells = [
        "rv1 2ab,,,,,",
        "RV1 9ZZ,,,,,",
        "LF1 1AA,,,,,",
        ",seaton,,,,",
        ",,51.4778,-0.0015,,",
        ",,,,400000,100000",
        ",,,,,",
    ]
    content = head + "".join(f"{i},2025-01-0{i},RV1 2AB,{c},,,\n" for i, c in enumerate(cells, start=1))
    loaded = load(PLACES, content, gazetteer="gaz")
    assert [r[1:] for r in loaded.rows("events", "happened_at", "easting", "northing", "area", "place_id")] == [
        (1, 1, "RV", "RV1 2AB"),
        (2, 2, "RV", "RV1 9ZZ"),
        (3, 3, "elsewhere", "LF1 1AA"),
        (4, 4, "elsewhere", "NAME:SEATON"),
        (538883, 177320, None, "GRID:538883,177320"),
        (400000, 100000, None, "GRID:400000,100000"),
        (None, None, None, None),
    ]
    assert set(loaded.rows("records", "area")) == {"RV"}


def test_mentions_are_normalised_and_a_person_is_a_record(load: Load) -> None:
    content = (
        "ID,D,HOME,PC,TOWN,LAT,LON,E,N,TEL,WITH,VRM\n"
        "1,2025-01-01,,,,,,,,07700 900001;0770 0900002;07700 900001,2,ab12 cde\n2,2025-01-02,,,,,,,,nonsense,,\n"
    )
    loaded = load(PLACES, content)
    records = dict(loaded.rows("records", "local_id", "record_id"))
    assert loaded.rows("mentions", "kind", "value", "role") == [
        ("person", records["2"], None),
        ("phone", "+447700900001", "used"),
        ("phone", "+447700900002", "used"),
        ("vehicle", "AB12CDE", None),
    ]
    assert loaded.rows("refusals", "column", "value_kept") == [("TEL", "nonsense")]


def test_learnt_by_a_column_by_receipt_or_by_what_happened(load: Load) -> None:
    content = "CHILD,START,TOLD\n1,2026-01-02,2026-01-05\n2,2026-01-03,\n"
    column = load(MISSING + "learnt_at: TOLD\n", content)
    assert column.rows("sightings", "learnt_at") == [datetime(2026, 1, 5), datetime(2026, 1, 31, 9)]
    happened = load(MISSING, content, unstated="happened")
    assert happened.rows("events", "learnt_at") == [datetime(2026, 1, 2), datetime(2026, 1, 3)]
    assert happened.rows("sightings", "learnt_at") == [datetime(2026, 1, 2), datetime(2026, 1, 3)]
    assert load(MISSING, content).rows("events", "learnt_at") == [datetime(2026, 1, 31, 9)] * 2


def test_several_columns_in_one_and_the_first_that_is_filled(load: Load) -> None:
    lines = 'address: {columns: [A1, A2], join: ", "}\nschool: {first_of: [S1, {column: S2, match: "^([A-Z]+)"}]}'
    rows = person(load, lines, "ID,A1,A2,S1,S2\n1,1 High St,Rivertown,,ABC123\n2,,,Hill,X\n", "address", "school")
    assert rows == [("1 High St, Rivertown", "ABC"), (None, "Hill")]


def test_published_data_about_nobody(load: Load) -> None:
    mapping = "mapping: open\nversion: 1\ntitle: Open (invented)\nevents: [{kind: stop_search, happened_at: D}]\n"
    loaded = load(mapping, "D\n2025-01-01\n2025-01-02\n")
    assert loaded.totals == (2, 2, 0, 0, 0)
    assert loaded.rows("events", "record_id") == [None, None]
    assert loaded.rows("records", "row_id") == []
