"""Where an event happened: a point from coordinates, a postcode or a name, by the gazetteer that is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from trigpoint.intake.compile.happenings import Block
from trigpoint.intake.compile.quoting import name
from trigpoint.intake.extract import new_table

BATCH = 100_000


@dataclass(frozen=True)
class Places:
    """Temporary tables: the gazetteer by upper-case key, and the points of latitudes and longitudes."""

    gazetteer: str
    points: str

    @property
    def tables(self) -> tuple[str, str]:
        """Their names."""
        return self.gazetteer, self.points


def prepare_places(
    con: duckdb.DuckDBPyConnection, gazetteer: str | None, blocks: Sequence[Block], *, relations: Mapping[str, str]
) -> Places:
    """Make the look-up tables. `relations` has the table of each repeated block by prefix, and '' for the rest."""
    places = Places(new_table("gazetteer"), new_table("points"))
    origin = gazetteer or "(SELECT '' AS key, 0 AS easting, 0 AS northing, '' AS area WHERE false)"
    con.execute(
        f"CREATE TEMP TABLE {name(places.gazetteer)} AS SELECT upper(key) AS key, "
        "any_value(easting)::INTEGER AS easting, "
        f"any_value(northing)::INTEGER AS northing, any_value(area)::VARCHAR AS area FROM {origin} GROUP BY ALL"
    )
    con.execute(f"CREATE TEMP TABLE {name(places.points)} (lat DOUBLE, lon DOUBLE, easting INTEGER, northing INTEGER)")
    found = [
        f"SELECT {b.w('p_lat')} AS lat, {b.w('p_lon')} AS lon FROM {name(relations.get(b.prefix, relations['']))}"
        for b in blocks
        if "p_lat" in b.slots
    ]
    if found:
        _project(con, " UNION ALL ".join(found), places.points)
    return places


def _project(con: duckdb.DuckDBPyConnection, pairs: str, points: str) -> None:
    """WGS84 to the National Grid, each distinct pair once, in batches."""
    from pyproj import Transformer

    grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    distinct = new_table("pairs")
    con.execute(
        f"CREATE TEMP TABLE {name(distinct)} AS SELECT DISTINCT lat, lon FROM ({pairs}) "
        "WHERE lat IS NOT NULL AND lon IS NOT NULL"
    )
    counted = con.execute(f"SELECT count(*) FROM {name(distinct)}").fetchall()[0]
    for start in range(0, int(counted[0]), BATCH):
        batch = con.sql(
            f"SELECT lat, lon FROM {name(distinct)} WHERE rowid >= {start} AND rowid < {start + BATCH}"
        ).to_arrow_table()
        east, north = grid.transform(batch["lon"].to_numpy(), batch["lat"].to_numpy())
        made = pa.table({"lat": batch["lat"], "lon": batch["lon"], "easting": east.round(), "northing": north.round()})
        con.register("points_made", made)
        con.execute(
            f"INSERT INTO {name(points)} SELECT lat, lon, easting::INTEGER, northing::INTEGER FROM points_made "
            "WHERE isfinite(easting) AND isfinite(northing)"
        )
        con.unregister("points_made")
    con.execute(f"DROP TABLE {name(distinct)}")


def looked_up(postcode: str, *, alias: str, gazetteer: str) -> tuple[str, dict[str, str]]:
    """Joins that look a postcode up, and its easting, northing and area: the longest part that is known wins."""
    keys = {
        "full": postcode,
        "out": f"split_part({postcode}, ' ', 1)",
        "wide": f"regexp_extract({postcode}, '^[A-Z]+')",
    }
    joins = " ".join(
        f"LEFT JOIN {name(gazetteer)} {alias}_{part} ON {alias}_{part}.key = {key}" for part, key in keys.items()
    )
    values = {
        column: f"coalesce({', '.join(f'{alias}_{part}.{column}' for part in keys)})"
        for column in ("easting", "northing", "area")
    }
    return joins, values
