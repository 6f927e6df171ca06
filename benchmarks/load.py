"""Load: an invented list of arrests read, checked, shaped, settled and stored, beside DuckDB's own reader of CSV."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import duckdb

from benchmarks.measuring import alternate
from benchmarks.rows import Row
from trigpoint.services.load_extracts import load_extracts
from trigpoint.services.workspace import open_workspace

SETTINGS = """name = "Arrests (invented)"
pack = "england_wales"
invented = true
[period]
from = 2023-01-01
to = 2025-12-31
[[areas]]
code = "RV"
name = "Riverside"
postcodes = ["RV"]
[[sources]]
name = "police"
title = "Police"
agency = "police"
[sources.agreement]
lawful_basis = "invented"
purposes = ["measuring"]
retention_years = 7
[[sources.feeds]]
name = "arrests"
files = ["sources/*.csv"]
mapping = "police_arrests"
[[sources.coverage]]
kinds = ["arrest", "custody"]
from = 2023-01-01
to = 2025-12-31
"""

# One row in 200 has a day that cannot be, one in 500 no surname: refusing is part of the work.
ARRESTS = """
copy (
  with drawn as (
    select i, (hash(i, 'child') >> 8)::bigint % ($rows // 2 + 1) as n, (hash(i, 'a') >> 8)::bigint as a,
      (hash(i, 'b') >> 8)::bigint as b, (hash(i, 'c') >> 8)::bigint as c
    from range($rows) r(i)),
  person as (
    select *, (hash(n, 'p') >> 8)::bigint as p, (hash(n, 'q') >> 8)::bigint as q,
      ['Aisha', 'Tom', 'Mia', 'Jaydon', 'Kofi', 'Zofia', 'Noah', 'Ruby', 'Hamza', 'Ellie'] as given,
      ['Hughes', 'Okafor', 'Khan', 'Novak', 'Smith', 'Evans', 'Begum', 'Doyle', 'Clarke', 'Reid'] as family
    from drawn)
  select 'AR' || lpad(i::varchar, 9, '0') as "Custody number", 'N' || n as "Nominal ref",
    case when a % 500 = 0 then null else upper(family[1 + p % 10]) end as "Surname",
    given[1 + q % 10] as "Forename",
    strftime(date '2007-09-01' + (p % 2500)::integer, '%d/%m/%Y') as "DOB",
    if(q % 3 = 0, 'Female', 'Male') as "Sex", ['W1', 'B2', 'A2', 'M1', 'NS'][1 + q % 5] as "Ethnicity",
    (1 + p % 90) || ' Sorrel Lane' as "Address", 'RV' || (1 + p % 9) || ' ' || (1 + q % 9) || 'AB' as "Post code",
    if(a % 2 = 0, '07700 900' || lpad((p % 1000)::varchar, 3, '0'), null) as "Mobile",
    case when b % 200 = 0 then '31/02/2024 10:00'
         else strftime(timestamp '2023-01-01' + to_minutes((b % 1500000)::integer), '%d/%m/%Y %H:%M') end
      as "Arrest date",
    ['092/71', 'Possession of controlled drugs', 'Robbery', 'Theft from shop', 'Common assault', '05901'][1 + c % 6]
      as "Offence",
    ['A', 'B', null][1 + c % 3] as "Drug class", 'Riverside' as "Location", 'RV1 2AB' as "Location postcode",
    strftime(timestamp '2023-01-01 01:00' + to_minutes((b % 1500000)::integer), '%d/%m/%Y %H:%M') as "Detention start",
    strftime(timestamp '2023-01-01 09:00' + to_minutes((b % 1500000)::integer), '%d/%m/%Y %H:%M') as "Detention end",
    ['NFA', 'Bail', 'Charged'][1 + a % 3] as "Disposal",
    if(c % 10 = 0, '07700 900' || lpad((c % 1000)::varchar, 3, '0'), null) as "Linked phones",
    null as "Linked addresses", null as "Associated nominals"
  from person order by i
) to '{path}' (format csv, header)
"""


def measure(rows: int, folder: Path) -> list[Row]:
    """Load a file of so many rows and compare."""
    file = folder / "made" / "sources" / "arrests_2026-01-05.csv"
    file.parent.mkdir(parents=True)
    duckdb.execute(ARRESTS.format(path=file), {"rows": rows})
    (folder / "made" / "partnership.toml").write_text(SETTINGS)
    took = alternate(_actions(folder, file), rounds=3)
    ours = took.pop("ours")
    size = f"{rows:,} rows, {file.stat().st_size / 2**20:.0f} MiB"
    return [
        Row(
            "load",
            f"arrests, {_a_second(rows, ours.processor)} against {_a_second(rows, beside.processor)} {name}",
            size,
            str(ours),
            str(beside),
            beside.processor / ours.processor,
            "speed of 0.33 or more" if name.startswith("read_csv,") else "",
        )
        for name, beside in took.items()
    ]


def _a_second(rows: int, seconds: float) -> str:
    return f"{rows / seconds:,.0f} rows a second"


def _actions(folder: Path, file: Path):
    turn = count()

    def ours() -> None:
        own = folder / f"load{next(turn)}"
        shutil.copytree(folder / "made", own)
        with open_workspace(own) as workspace:
            ((_, read, loaded, refused, repeated),) = load_extracts(workspace)
            if read != loaded + refused + repeated or refused == 0:
                raise AssertionError("The totals do not add up, or nothing was refused.")
        shutil.rmtree(own)

    def reader(options: str):
        def action() -> None:
            path = folder / f"read{next(turn)}.duckdb"
            with duckdb.connect(str(path)) as con:
                con.execute(f"create table arrests as select * from read_csv('{file}'{options})")
                con.execute("checkpoint")
            path.unlink()

        return action

    return {
        "ours": ours,
        "read_csv, types guessed": reader(""),
        "read_csv, all text": reader(", all_varchar = true"),
    }
