"""Many invented records and nothing else, for measuring time and memory: families, twins, moves, slips of the pen.

Names are those of the invented partnership; every child has one to four records of four sources. All is invented.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import yaml

SOURCES = ("police", "childrens_services", "education", "health")

# One row a record: the child's true values, then what this agency wrote down.
RECORDS = """
copy (
    select md5(n::varchar)[:20] as row_id, md5(n::varchar)[:20] as record_id, source, source as agency,
        child::varchar as local_id,
        case when slip < 0.02 then given[:1] || given[3:] when slip < 0.04 then given || ' ' || surname
             when slip < 0.05 then null else given end as given_names,
        case when wed < 0.04 then other_surname when wed < 0.06 then surname[:2] || surname[4:] else surname end
            as surname,
        []::varchar[] as other_names,
        case when born_slip < 0.01 then birth_on + interval 1 month when born_slip < 0.02 then birth_on + interval 1 day
             when born_slip < 0.03 then null else birth_on end::date as birth_on,
        'day' as birth_precision, sex, null::varchar as ethnicity, null::varchar as disability,
        case when source = 'health' or hold < 0.15 then nhs end as nhs_number,
        case when source = 'education' then upn end as upn, []::varchar[] as other_ids,
        case when moved < 0.15 then other_postcode when moved < 0.25 then null else postcode end as postcode,
        null::varchar as address, []::varchar[] as phones, null::varchar as school, null::varchar as area,
        timestamp '2025-01-01' as learnt_at, child::varchar as cluster
    from grown) to '{folder}/records.parquet'
"""


def grow(folder: Path, *, records: int, seed: int = 7) -> None:
    """Write `records.parquet` with so many records, the columns of records and the true child as `cluster`."""
    draw = np.random.default_rng(seed)
    count = int(records / 2.5) + 1
    children = _children(draw, count)
    child = np.repeat(np.arange(count), draw.integers(1, 5, count))[:records]
    table: dict[str, Any] = {name: values[child] for name, values in children.items()}
    table |= {"n": np.arange(len(child)), "child": child, "source": _sources(child)}
    table |= {name: draw.random(len(child)) for name in ("slip", "wed", "born_slip", "hold", "moved")}
    with duckdb.connect() as con:
        con.register("grown_in", pa.table({k: pa.array(v) for k, v in table.items()}))
        con.execute("create table grown as select *, '900' || lpad((child % 10000000)::varchar, 7, '0') as nhs, "
                    "'Z' || lpad(child::varchar, 12, '0') as upn from grown_in")  # fmt: skip
        con.execute(RECORDS.format(folder=folder))


def _sources(child: np.ndarray) -> np.ndarray:
    """Each record of a child in another source."""
    first = np.searchsorted(child, child)
    return np.array(SOURCES)[(np.arange(len(child)) - first + child) % 4]


def _children(draw: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    family = np.sort(draw.integers(0, count * 5 // 9 + 1, count))
    families, whose = np.unique(family, return_inverse=True)
    given, surnames, sexes = _pools()
    name = (draw.random(count) ** 2 * len(given)).astype(int)
    homes, surname = _postcodes(draw, len(families)), draw.integers(0, len(surnames), len(families))
    born = draw.integers(0, 6_200, count)
    twin = np.append(False, whose[1:] == whose[:-1]) & (draw.random(count) < 0.03)
    born[twin] = born[np.flatnonzero(twin) - 1]
    return {
        "given": given[name],
        "sex": sexes[name],
        "surname": surnames[surname][whose],
        "other_surname": surnames[draw.integers(0, len(surnames), len(families))][whose],
        "birth_on": (np.datetime64("2008-01-01") + born).astype("datetime64[D]"),
        "postcode": homes[whose],
        "other_postcode": _postcodes(draw, count),
    }


def _postcodes(draw: np.random.Generator, count: int) -> np.ndarray:
    """Invented postcodes: one district for about 20,000 families."""
    letters = np.array(list("ABDEFGHJLN"))
    district, sector = draw.integers(1, max(2, count // 20_000 + 2), count), draw.integers(1, 10, count)
    one, two = draw.integers(0, 10, count), draw.integers(0, 10, count)
    parts = np.char.add(np.char.add("RV", district.astype(str)), np.char.add(" ", sector.astype(str)))
    made: np.ndarray = np.char.add(parts, np.char.add(letters[one], letters[two]))
    return made


def _pools() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    text = files("trigpoint.synthetic").joinpath("data/names.yaml").read_text(encoding="utf-8")
    known = yaml.safe_load(text)["communities"].values()
    girls = sorted({name for each in known for name in each.get("girls", "").split()})
    boys = sorted({name for each in known for name in each.get("boys", "").split()})
    surnames = sorted({name.split("/")[0] for each in known for name in each.get("surnames", "").split()})
    mixed = np.random.default_rng(1).permutation(len(girls) + len(boys))
    given = np.array([*girls, *boys])[mixed]
    sexes = np.array(["F"] * len(girls) + ["M"] * len(boys))[mixed]
    return given, np.array(surnames), sexes
