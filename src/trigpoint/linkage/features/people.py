"""One linking row for each record: the latest word on everything, and all the words ever given on some things.

A record may have several views (its row was corrected, or the agency sent it again). What a child is called now comes
from the latest view that says it; former names, postcodes and phones are kept as lists, because another agency may
still hold the older one.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from trigpoint.linkage.features.addresses import ADDRESSES
from trigpoint.linkage.features.names import PLAIN_NAME, read_names

TABLE = "link_people"
# The few columns that are needed of every record: its number in this run, its id, and marks of whose number it has.
NAMED = "link_named"
NAMED_COLUMNS = ("source", "local_mark", "nhs_mark")
TF_COLUMNS = ("forename", "surname", "postcode", "address", "school")

TEXTS = """
CREATE OR REPLACE TEMP TABLE link_aliases AS
SELECT alias, words, array_to_string(words[:greatest(len(words) - 1, 1)], ' ') AS given
FROM (SELECT DISTINCT alias, string_split(plain_name(alias), ' ') AS words
      FROM (SELECT unnest(other_names) AS alias FROM link_records)) WHERE words IS NOT NULL;
CREATE OR REPLACE TEMP TABLE link_given_text AS
SELECT DISTINCT given_names AS text FROM link_records
UNION SELECT given FROM link_aliases;
CREATE OR REPLACE TEMP TABLE link_surname_text AS
SELECT DISTINCT surname AS text FROM link_records
UNION SELECT words[-1] FROM link_aliases WHERE len(words) > 1
"""

# Which view is the latest: ties in time go to the row id.
MOMENT = "strftime(learnt_at, '%Y%m%d%H%M%S%f') || row_id"
# arg_max leaves out rows whose value is null: the latest word, not the latest row.
LATEST = f"""
CREATE OR REPLACE TEMP TABLE link_latest AS
SELECT record_id, any_value(v.source) AS source, any_value(v.local_id) AS local_id,
       arg_max(v.given_names, v.moment) AS given_names, arg_max(v.surname, v.moment) AS surname,
       arg_max(strftime(v.birth_on, '%Y%m%d'), v.moment) AS birth,
       coalesce(arg_max(v.birth_precision, v.moment), 'day') AS birth_precision,
       arg_max(nullif(v.sex, 'U'), v.moment) AS sex, arg_max(v.nhs_number, v.moment) AS nhs_number,
       arg_max(v.upn, v.moment) AS upn, arg_max(v.postcode, v.moment) AS postcode,
       arg_max(v.address, v.moment) AS address, arg_max(plain_name(v.school), v.moment) AS school,
       list_sort(list_distinct(list(v.postcode))) AS all_postcodes, list_distinct(list(v.address)) AS all_addresses,
       list_sort(list_distinct(flatten(list(v.phones)))) AS phones,
       list_sort(list_distinct(flatten(list(v.other_ids)))) AS ids,
       list_distinct(list(v.given_names)) AS all_given, list_distinct(list(v.surname)) AS all_surnames,
       list_distinct(flatten(list(v.other_names))) AS aliases, min(v.learnt_at) AS first_learnt_at
FROM (SELECT *, {MOMENT} AS moment FROM link_records) v GROUP BY record_id
"""

MORE_ADDRESSES = """
CREATE OR REPLACE TEMP TABLE link_addresses AS
SELECT record_id, list_distinct(list(address ORDER BY address)) AS addresses
FROM (SELECT record_id, unnest(all_addresses) AS text FROM link_latest) JOIN link_address USING (text) GROUP BY ALL
"""

# Names beyond the first are unnested only for the records that have them; most have one text of each.
MORE_NAMES = """
CREATE OR REPLACE TEMP TABLE link_more_names AS
WITH given AS (
    SELECT record_id, unnest(all_given) AS text FROM link_latest WHERE len(all_given) > 1
    UNION SELECT l.record_id, a.given FROM (SELECT record_id, unnest(aliases) AS alias FROM link_latest) l
          JOIN link_aliases a USING (alias)
), family AS (
    SELECT record_id, unnest(all_surnames) AS text FROM link_latest WHERE len(all_surnames) > 1
    UNION SELECT l.record_id, a.words[-1] FROM (SELECT record_id, unnest(aliases) AS alias FROM link_latest) l
          JOIN link_aliases a USING (alias) WHERE len(a.words) > 1
)
SELECT record_id, flatten(list(names)) AS names, flatten(list(parts)) AS parts FROM (
    SELECT record_id, g.names, NULL AS parts FROM given JOIN link_given g USING (text)
    UNION ALL SELECT record_id, NULL, s.parts FROM family JOIN link_surname s USING (text)
) GROUP BY record_id
"""

# Postcodes that few share. By a join, not by a list of the crowded ones: a large area has thousands of these.
OWN_POSTCODES = """
CREATE OR REPLACE TEMP TABLE link_own_postcodes AS
SELECT record_id, list(postcode ORDER BY postcode) AS postcodes
FROM (SELECT record_id, unnest(all_postcodes) AS postcode FROM link_latest)
WHERE postcode NOT IN (SELECT value FROM link_crowded WHERE value IS NOT NULL) GROUP BY record_id
"""

FREQUENCIES = " ".join(
    f"LEFT JOIN link_tf tf_{c} ON tf_{c}.col = '{c}' AND tf_{c}.value = {side}.{c} "
    f"LEFT JOIN link_tf floor_{c} ON floor_{c}.col = '{c}' AND floor_{c}.value = ''"
    for c, side in zip(TF_COLUMNS, ("g", "s", "l", "ad", "l"), strict=True)
)


def mask_sql(column: str) -> str:
    """A list as a number of 64 bits, one of them set for each value: lists that share a value share a bit."""
    return f"coalesce(list_bit_or(list_transform({column}, lambda i: 1::UBIGINT << (hash(i) & 63)::UBIGINT)), 0)"


def mark_sql(column: str) -> str:
    """A text as a number, where it need only be told from others; null where it is."""
    return f"CASE WHEN {column} IS NOT NULL THEN hash({column}) END"


MASKS = {
    "names_mask": f"{mask_sql('names')} | {mask_sql('first_names')}",
    "parts_mask": mask_sql("parts"),
    "places_mask": f"{mask_sql('postcodes')} | {mask_sql('addresses')}",
    "words_mask": mask_sql("address_words"),
}
PEOPLE = f"""
CREATE OR REPLACE TEMP TABLE {TABLE} AS
SELECT *, {", ".join(f"{made} AS {mask}" for mask, made in MASKS.items())},
       {mark_sql("local_id")} AS local_mark, {mark_sql("nhs_person")} AS nhs_mark FROM (
SELECT row_number() OVER (ORDER BY record_id) AS n, record_id, source, local_id,
       source || ':' || local_id AS own_id, first_learnt_at,
       g.forename, g.first_names, g.lead, coalesce(g.solo, false) AS solo,
       list_sort(list_distinct(list_concat(g.names, m.names))) AS names,
       s.surname, list_sort(list_distinct(list_concat(s.parts, m.parts))) AS parts,
       birth, birth_precision <> 'day' OR birth[5:8] = '0101' AS birth_weak, sex, nhs_number,
       coalesce(same_nhs.stands_for, nhs_number) AS nhs_person, upn,
       ids, list_filter(ids, lambda i: i LIKE 'email:%')[1][7:] AS email,
       list_transform(ids, lambda i: split_part(i, ':', 1)) AS id_schemes, phones,
       list_filter(ids, lambda i: NOT i LIKE 'email:%')[1] AS one_id,
       l.postcode, coalesce(own.postcodes, []) AS postcodes,
       ad.address, ad.words AS address_words, coalesce(ads.addresses, []) AS addresses, l.school,
       left(l.postcode, len(l.postcode) - 2) AS sector, split_part(l.postcode, ' ', 1) AS outcode,
       g.forename IN (FROM link_known_names) AS name_known,
       {", ".join(f"coalesce(tf_{c}.tf, floor_{c}.tf) AS tf_{c}" for c in TF_COLUMNS)}
FROM link_latest l
LEFT JOIN link_given g ON g.text = l.given_names LEFT JOIN link_surname s ON s.text = l.surname
LEFT JOIN link_more_names m USING (record_id) LEFT JOIN link_same_nhs same_nhs USING (nhs_number)
LEFT JOIN link_own_postcodes own USING (record_id)
LEFT JOIN link_address ad ON ad.text = l.address LEFT JOIN link_addresses ads USING (record_id)
{FREQUENCIES})
"""


def read_records(con: duckdb.DuckDBPyConnection, records_view: str, *, only: list[str] | None = None) -> None:
    """Read the current views into `link_latest`, one row per record, and their names into `link_given/_surname`.

    `only` limits the reading to some record ids (an explanation needs two, not three million).
    """
    source = f'SELECT * FROM "{records_view}"'
    if only is not None:
        con.register("link_only", pa.table({"record_id": pa.array(only, pa.string())}))
        source += " WHERE record_id IN (FROM link_only)"
    con.execute(PLAIN_NAME)
    con.execute("DROP VIEW IF EXISTS link_records; DROP TABLE IF EXISTS link_some_records")
    if only is not None:  # gone through once, for it is read again and again below
        con.execute(f"CREATE TEMP TABLE link_some_records AS {source}")
        source = "FROM link_some_records"
        con.unregister("link_only")
    con.execute(f"CREATE TEMP VIEW link_records AS {source}")
    con.execute(TEXTS)
    read_names(con)
    con.execute(LATEST)
    con.execute(MORE_NAMES)
    con.execute(ADDRESSES)
    con.execute(MORE_ADDRESSES)


def make_people(
    con: duckdb.DuckDBPyConnection,
    *,
    frequencies: Mapping[str, Mapping[str, float]],
    crowded_postcodes: list[str],
    same_nhs: Mapping[str, str],
    keep_latest: bool = False,
) -> int:
    """Make the linking table from what `read_records` left, and return its number of rows.

    `frequencies` gives for each of TF_COLUMNS the share of records that bear a value ('' stands for all values that
    are not listed). `same_nhs` maps an NHS number to the one that it was judged to stand for.
    `keep_latest` keeps what `read_records` made, so that the table can be made again with other frequencies.
    """
    tf = [(col, value, share) for col in TF_COLUMNS for value, share in frequencies.get(col, {}).items()]
    _keep(con, "link_tf", {"col": [r[0] for r in tf], "value": [r[1] for r in tf], "tf": [r[2] for r in tf]})
    _keep(con, "link_crowded", {"value": crowded_postcodes})
    _keep(con, "link_same_nhs", {"nhs_number": list(same_nhs), "stands_for": list(same_nhs.values())})
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_known_names AS SELECT DISTINCT form AS name FROM link_variants "
        "UNION SELECT value FROM link_tf WHERE col = 'forename' AND value <> ''"
    )
    con.execute(OWN_POSTCODES)
    con.execute(PEOPLE)
    con.execute(f"CREATE OR REPLACE TEMP VIEW {NAMED} AS SELECT n, record_id, {', '.join(NAMED_COLUMNS)} FROM {TABLE}")
    con.execute("DROP TABLE link_own_postcodes")
    if not keep_latest:
        con.execute("DROP TABLE link_latest; DROP TABLE link_more_names; DROP TABLE link_addresses")
    return int(one_number(con, f"SELECT count(*) FROM {TABLE}"))


def one_number(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    """The single number that a query gives. Fetched whole: DuckDB allows one unfinished result on a connection."""
    [[number]] = con.execute(sql).fetchall()
    return float(number)


def _keep(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, list[str] | list[float]]) -> None:
    """Copy a small table into the connection; an empty column is text."""
    arrays = {key: pa.array(values, None if values else pa.string()) for key, values in columns.items()}
    if "tf" in arrays:
        arrays["tf"] = arrays["tf"].cast(pa.float64())
    con.register("link_kept_in", pa.table(arrays))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM link_kept_in")
    con.unregister("link_kept_in")
