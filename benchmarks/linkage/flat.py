"""The records of a prepared set as one row each, with the same values under plain names, for the other tools."""

from __future__ import annotations

from pathlib import Path

import duckdb

# The latest word on each thing; a column that the set does not fill is left out by `columns_of`.
FLAT = """
select record_id, arg_max(given_names, learnt_at) as given_name, arg_max(surname, learnt_at) as surname,
    arg_max(other_names[1], learnt_at) as full_name, arg_max(birth_on, learnt_at)::varchar as birth_date,
    arg_max(sex, learnt_at) as sex, arg_max(postcode, learnt_at) as postcode, arg_max(address, learnt_at) as address,
    arg_max(school, learnt_at) as school, arg_max(nhs_number, learnt_at) as nhs_number, arg_max(upn, learnt_at) as upn,
    arg_max(phones[1], learnt_at) as phone,
    arg_max(list_filter(other_ids, lambda i: i like 'email:%')[1][7:], learnt_at) as email,
    arg_max(list_filter(other_ids, lambda i: not i like 'email:%')[1], learnt_at) as number
from read_parquet('{folder}/records.parquet') group by record_id order by record_id
"""


def flat(con: duckdb.DuckDBPyConnection, folder: Path) -> list[str]:
    """Make the table `flat`; the names of its columns that hold anything, record_id not among them."""
    con.execute(f"create table everything as {FLAT.format(folder=folder)}")
    names = [name for name in con.table("everything").columns if name != "record_id"]
    [counts] = con.execute(f"select {', '.join(f'count({name})' for name in names)} from everything").fetchall()
    held = [name for name, count in zip(names, counts, strict=True) if count]
    con.execute(f"create table flat as select record_id, {', '.join(held)} from everything")
    return held
