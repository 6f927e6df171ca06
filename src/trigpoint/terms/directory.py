"""The ONS Postcode Directory as it comes: two and a half million postcodes, read set-wise."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from trigpoint.errors import SettingsError

# Names of its columns over the years. Those of the newest issues are from general knowledge.
_COLUMNS: Final = {
    "postcode": re.compile(r"pcds"),
    "easting": re.compile(r"oseast1m|east1m"),
    "northing": re.compile(r"osnrth1m|north1m"),
    "authority": re.compile(r"(os)?laua|lad\d\dcd"),
}
_ROWS: Final = r"""
create temp table postcode as
with read as (
    select upper(trim({postcode})) as key, try_cast({easting} as integer) as easting,
           try_cast({northing} as integer) as northing, trim({authority}) as authority
    from read_csv(?, header = true, all_varchar = true)
), split as (
    select *, key[:-5] as district, key[:-3] as sector,
           regexp_extract(key, '^[A-Z]+') as letters
    from read
    where regexp_full_match(key, '[A-Z]{{1,2}}[0-9][0-9A-Z]? [0-9][A-Z]{{2}}') and easting > 0 and northing > 0
)
select s.* exclude (authority), case
    when {by_authority} then coalesce(l.code, 'elsewhere')
    else coalesce(a.code, b.code, c.code, d.code, 'elsewhere') end as area
from split s
left join (select distinct code from known) l on l.code = s.authority
left join known a on a.part = s.key
left join known b on b.part = s.sector
left join known c on c.part = s.district
left join known d on d.part = s.letters
"""
_ALL: Final = """
with each_part as (
    select key, easting, northing, area, 'postcode' as precision from postcode
    union all {parts}
)
select key, easting::integer as easting, northing::integer as northing, area, precision
from each_part qualify row_number() over (partition by key order by precision, easting, northing) = 1
"""
_PART: Final = """
    select {part}, round(avg(easting)), round(avg(northing)),
           case when count(distinct area) = 1 then any_value(area) end, '{said}'
    from postcode group by 1
"""


def is_directory(path: Path) -> bool:
    """Whether the first line of `path` is that of the ONS Postcode Directory."""
    return "postcode" in (found := _named(path)) and "authority" in found


def read_directory(path: Path, *, codes: Mapping[str, str]) -> pa.Table:
    """Every postcode with a point, and the middle of every sector, district and postcode area.

    Columns: key, easting, northing (int32 metres), area, precision. `codes` maps parts of postcodes to the
    partnership's areas. Where these areas are the directory's authority codes, the authority says the area, else the
    longest part of the postcode does; all others are "elsewhere", and a part that holds several areas has none.
    Raises SettingsError where columns are missing or the file cannot be read.
    """
    named = _named(path)
    if missing := _COLUMNS.keys() - named.keys():
        raise SettingsError(
            f"The postcode directory has no column for: {', '.join(sorted(missing))}.",
            where=path.name,
            mend="Use the directory's file as published, with pcds, oseast1m, osnrth1m and laua.",
        )
    with duckdb.connect() as con:
        con.register("known", pa.table({"part": list(codes), "code": list(codes.values())}, schema=_KNOWN))
        quoted = {meant: f'"{column}"' for meant, column in named.items()}
        try:
            by_authority = _holds_authorities(con, path, quoted["authority"])
            con.execute(_ROWS.format(**quoted, by_authority=by_authority), [str(path)])
        except duckdb.Error:
            raise SettingsError(
                "The postcode directory cannot be read to its end.", where=path.name, mend="Fetch it again."
            ) from None
        parts = [("sector", "sector"), ("district", "district"), ("letters", "postcode area")]
        unions = " union all ".join(_PART.format(part=part, said=said) for part, said in parts)
        return con.sql(_ALL.format(parts=unions)).to_arrow_table()


_KNOWN: Final = pa.schema([("part", pa.string()), ("code", pa.string())])


def _holds_authorities(con: duckdb.DuckDBPyConnection, path: Path, authority: str) -> bool:
    found = con.execute(
        f"select exists (select 1 from read_csv(?, header = true, all_varchar = true) r"
        f" join known on known.code = r.{authority})",
        [str(path)],
    ).fetchone()
    return bool(found and found[0])


def _named(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        header = [name.strip() for name in next(csv.reader(file), [])]
    return {meant: name for meant, shape in _COLUMNS.items() for name in header if shape.fullmatch(name.lower())}
