"""What holds for every file: totals add up, loading twice changes nothing, odd bytes never give a traceback."""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_loading import MISSING, RECEIVED

from trigpoint.errors import ExtractError, MappingError, TrigpointError
from trigpoint.intake import (
    Shaped,
    SourceFacts,
    discard,
    parse_mapping,
    read_extract,
    settle,
    shape_extract,
    suggest_mapping,
)
from trigpoint.terms.pack import load_pack

PACK = load_pack()
MAPPING = parse_mapping(MISSING, PACK)
FACTS = SourceFacts("police", "police", "feed")
OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

cell = st.one_of(
    st.sampled_from(
        ["1", "2", "2026-01-02", "31/02/2025", "02/01/2026 21:00", "high", "", " ", "NULL", "é", "\n", '"', "x,y"]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8),
)
rows = st.lists(st.lists(cell, min_size=3, max_size=3), max_size=8)


def shape(con: duckdb.DuckDBPyConnection, path: Path, *, known: str | None = None) -> Shaped:
    extract = read_extract(path, MAPPING, con)
    shaped = shape_extract(extract, MAPPING, source=FACTS, received_at=RECEIVED, extract_id="x", pack=PACK, con=con)
    return settle(shaped, known, con) if known else shaped


def latest(con: duckdb.DuckDBPyConnection, wide: str) -> list[tuple[str, str]]:
    """For each key of what was shaped, the content that its last row has."""
    query = f"SELECT row_key, arg_max(row_id, rid) FROM {wide} WHERE NOT refused GROUP BY row_key ORDER BY row_key"
    return con.execute(query).fetchall()


def written(folder: str, table: list[list[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["CHILD", "START", "RISK"], *table])
    path = Path(folder) / "extract.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


@given(rows)
@OFTEN
def test_totals_add_up_every_refusal_is_explained_and_loading_twice_changes_nothing(table: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        con, path = duckdb.connect(), written(folder, table)
        first = shape(con, path)
        con.execute(f"CREATE TABLE known AS SELECT * FROM {first.sightings} LIMIT 0")
        first = settle(first, "known", con)
        counts = first.counts
        assert counts["read"] == counts["loaded"] + counts["refused"] + counts["repeated"] == len(table)
        assert con.execute(f"SELECT count(*) FROM {first.sightings}").fetchall() == [(counts["loaded"],)]
        said = con.execute(
            f"SELECT count(DISTINCT \"row\") FROM {first.refusals} WHERE scope = 'row' AND reason <> '' AND mend <> ''"
        ).fetchall()
        assert said == [(counts["refused"],)]
        con.execute(f"INSERT INTO known SELECT * FROM {first.sightings}")
        again = shape(con, path, known="known")
        # A key that stands twice with two contents is told twice again, and ends with the last content as before.
        assert again.counts["loaded"] == again.counts["corrected"]
        assert latest(con, first.wide) == latest(con, again.wide)
        if not counts["corrected"]:
            assert again.counts["loaded"] == 0
            for relation in again.tables.values():
                if relation != again.refusals:
                    assert con.execute(f"SELECT count(*) FROM {relation}").fetchall() == [(0,)]
        con.close()


@given(st.binary(max_size=300), st.sampled_from(["csv", "xlsx", "json", "jsonl", "parquet", "xml"]))
@OFTEN
def test_any_bytes_give_rows_or_an_error_that_a_person_can_read(content: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"extract.{ending}"
        path.write_bytes(content)
        con = duckdb.connect()
        for act in (lambda: shape(con, path), lambda: suggest_mapping(path, PACK)):
            with contextlib.suppress(TrigpointError):
                act()
        con.close()


@given(st.binary(max_size=200))
@OFTEN
def test_any_bytes_under_a_good_header(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extract.csv"
        path.write_bytes(b"CHILD,START,RISK\n" + content)
        con = duckdb.connect()
        with contextlib.suppress(ExtractError, MappingError):
            shaped = shape(con, path)
            assert shaped.read == shaped.loaded + shaped.refused
        con.close()


def test_discard_leaves_no_tables_behind(tmp_path: Path) -> None:
    con, path = duckdb.connect(), written(str(tmp_path), [["1", "2026-01-02", "high"]])
    extract = read_extract(path, MAPPING, con)
    shaped = shape_extract(extract, MAPPING, source=FACTS, received_at=RECEIVED, extract_id="x", pack=PACK, con=con)
    discard(con, shaped, extract)
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
    con.close()


@pytest.mark.parametrize("rows_in_file", [60_000])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, rows_in_file: int) -> None:
    """The reader's own Python memory: a file of many megabytes is never held whole."""
    import tracemalloc

    path = tmp_path / "extract.csv"
    with path.open("w", encoding="cp1252") as out:
        out.write("CHILD,START,RISK,NOTE\n")
        out.writelines(f"{i},2026-01-02,high,{'é' * 200}\n" for i in range(rows_in_file))
    con = duckdb.connect(str(tmp_path / "work.duckdb"))
    tracemalloc.start()
    extract = read_extract(path, MAPPING, con)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert extract.rows == rows_in_file
    assert path.stat().st_size > 12_000_000
    assert peak < 12_000_000
    con.close()


def test_a_reference_is_no_ethnicity_and_a_postcode_without_a_name_is_the_place(tmp_path):
    path = tmp_path / "arrests.csv"
    path.write_text(
        "Ref;Nominal No;Family name;Arrested on;Offence;Where arrested\n"
        "A1;N1;Oduya;12/05/2025 22:10;Shoplifting;ZZ1 1AA\n"
        "A2;N2;Khan;13/05/2025 10:00;Shoplifting;ZZ1 2BB\n"
    )
    text, _ = suggest_mapping(path, load_pack())
    assert "key: [Ref]" in text
    assert "ethnicity" not in text
    assert "postcode: Where arrested" in text
