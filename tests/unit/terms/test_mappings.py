"""Every ready-made mapping reads a small invented file of its layout, and what comes of it stands in expected.yaml.

After a change on purpose write the file anew, and read the difference before it is committed:
`python tests/unit/terms/test_mappings.py`.
"""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
import yaml

from trigpoint.intake import Shaped, SourceFacts, read_extract, read_mapping, shape_extract
from trigpoint.intake.compile.values import fold
from trigpoint.intake.settle import settle
from trigpoint.records.tables import FIXED
from trigpoint.terms.pack import load_pack
from trigpoint.terms.places import gazetteer

DATA = Path(__file__).parents[2] / "data" / "mappings"
EXPECTED = DATA / "expected.yaml"
AREAS = [SimpleNamespace(code="RIV", postcodes=("RV",)), SimpleNamespace(code="LOW", postcodes=("LF",))]
PACK = load_pack("england_wales")
NAMES = sorted(PACK.mappings)
WHO = "local_id given_names surname birth_on sex ethnicity disability nhs_number upn postcode"


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return connected()


def connected() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": 1})
    con.register("stored", FIXED["sightings"].empty_table())
    con.register("places", gazetteer(PACK, own_places=DATA / "places.csv", areas=AREAS))
    return con


def sample(name: str) -> Path:
    (found,) = DATA.glob(f"{name}.*")
    return found


def shape(name: str, con: duckdb.DuckDBPyConnection) -> Shaped:
    mapping = read_mapping(PACK.mappings[name], PACK)
    agency = PACK.kinds[mapping.events[0].kind].agencies[0] if mapping.events else "childrens_services"
    return shape_extract(
        read_extract(sample(name), mapping, con),
        mapping,
        source=SourceFacts(name="invented", agency=agency, feed=name),
        received_at=datetime(2025, 12, 1, 12),
        extract_id="x",
        pack=PACK,
        con=con,
        gazetteer="places",
    )


def loaded(name: str, con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What becomes of the sample: counts, people, events and refusals, each as a line that a person can check."""
    shaped = settle(shape(name, con), "stored", con)
    found = {
        # A key that took two rows for one would show as repeated or corrected.
        "rows": f"read {shaped.read}, loaded {shaped.loaded}, refused {shaped.refused}, repeated {shaped.repeated}, "
        f"corrected {shaped.corrected}",
        "people": sorted({person(row) for row in rows(con, shaped.records)}),
        "events": events(con, shaped),
        "refusals": sorted({refusal(row) for row in rows(con, shaped.refusals)}),
    }
    return {part: said for part, said in found.items() if said}


def rows(con: duckdb.DuckDBPyConnection, relation: str) -> list[dict[str, Any]]:
    cursor = con.execute(f'SELECT * FROM "{relation}"')
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def refusal(row: dict[str, Any]) -> str:
    """One bad cell may spoil several events of a row; which of them the reason names does not matter here."""
    return f"row {row['row']} {row['scope']} {row['column']}: {row['reason'].split(': ')[-1]}"


def person(row: dict[str, Any]) -> str:
    said = [str(row[part]) for part in WHO.split() if row[part] is not None]
    return ", ".join([*said, *(row["other_ids"] or []), *(row["phones"] or [])])


def events(con: duckdb.DuckDBPyConnection, shaped: Any) -> list[str]:
    people = {row["record_id"]: row["local_id"] or row["given_names"] for row in rows(con, shaped.records)}
    named: dict[str, list[str]] = {}
    for row in rows(con, shaped.mentions):
        value = people.get(row["value"], "another person") if row["kind"] == "person" else row["value"]
        named.setdefault(row["event_id"], []).append(f"{row['kind']} {value}")
    order = sorted(rows(con, shaped.events), key=lambda r: (r["happened_at"], r["kind"], r["event_id"]))
    lines = [
        event(row, who=people.get(row["record_id"], "nobody"), named=named.get(row["event_id"], [])) for row in order
    ]
    return sorted(lines)


def event(row: dict[str, Any], *, who: str, named: list[str]) -> str:
    said = [who, row["kind"], moment(row["happened_at"], day_only=row["day_only"])]
    if row["ended_at"]:
        said.append(f"until {moment(row['ended_at'], day_only=row['day_only'])}")
    said += [f"{name}={row[name]}" for name in PACK.attributes if row.get(name) is not None]
    said += [f"at {row[part]}" for part in ("postcode", "place_name") if row[part]]
    if row["area"]:
        said.append(f"in {row['area']}")
    if row["easting"]:
        said.append(f"({row['easting']} {row['northing']})")
    return " ".join([*said, *(f"[{mention}]" for mention in sorted(named))])


def moment(at: datetime, *, day_only: bool) -> str:
    return f"{at:%Y-%m-%d}" if day_only and not (at.hour or at.minute) else f"{at:%Y-%m-%d %H:%M}"


def test_every_mapping_has_a_sample_and_every_sample_a_mapping() -> None:
    others = {"README", "expected", "places"}
    assert {path.stem for path in DATA.iterdir()} - others == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_mapping_reads_its_sample(name: str, con: duckdb.DuckDBPyConnection) -> None:
    expected = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))
    assert loaded(name, con) == expected[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_mapping_says_for_whom_it_is_and_where_its_layout_comes_from(name: str) -> None:
    text = PACK.mappings[name].read_text(encoding="utf-8")
    assert text.startswith("# For: ")
    assert read_mapping(PACK.mappings[name], PACK).source


def test_every_kind_of_event_can_come_through_some_mapping() -> None:
    kinds = {event.kind for name in NAMES for event in read_mapping(PACK.mappings[name], PACK).events}
    assert set(PACK.kinds) - kinds == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_spelling_of_a_column_leads_to_two(name: str) -> None:
    mapping = read_mapping(PACK.mappings[name], PACK)
    owners: dict[str, set[str]] = {}
    for column, spellings in mapping.also.items():
        for spelling in (column, *spellings):
            owners.setdefault(fold(spelling), set()).add(column)
    for column in (*mapping.key, *mapping.optional):
        owners.setdefault(fold(column), set()).add(column)
    assert {spelling: columns for spelling, columns in owners.items() if len(columns) > 1} == {}


if __name__ == "__main__":
    whole = {name: loaded(name, connected()) for name in NAMES}
    EXPECTED.write_text(yaml.safe_dump(whole, width=400, sort_keys=False, allow_unicode=True), encoding="utf-8")
