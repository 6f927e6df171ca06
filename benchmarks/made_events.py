"""Invented timelines for measuring, set-wise: children, events of 27 kinds, mentions and whole coverage in DuckDB.

Shaped so that every kind of operator has work: days with several rows, open spells, empty attributes, places that few
share, phones that a few children share and phones that many do.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from trigpoint.records.facts import DAY_SECONDS, EVENTS_BASE, Facts, last_second, seconds
from trigpoint.terms.pack import EventKind, Pack

FROM, TO = np.datetime64("2023-01-01").item(), np.datetime64("2025-12-31").item()
AREAS = ("RV", "LF", "elsewhere")
# Parts of 1,000 events; homes come on top, one a child.
PARTS = {
    "attendance": 330, "missing": 90, "found": 85, "concern_noted": 80, "return_interview_offered": 60, "contact": 50,
    "ae_attendance": 50, "arrest": 45, "return_interview": 40, "stop_search": 35, "suspension": 30, "referral": 25,
    "online_contact": 20, "intelligence": 15, "victim_of_violence": 12, "placement": 8, "looked_after": 6,
    "travel_alone": 4, "account_opened": 3, "mule_account_suspected": 3, "permanent_exclusion": 2, "section_47": 2,
    "strategy_discussion": 2, "nrm_referral": 1, "case_closed": 1, "self_harm": 1,
}  # fmt: skip
BY_DAY = {"attendance", "suspension", "permanent_exclusion"}
NAMED = {
    "phone": ("arrest", "stop_search", "missing", "found", "intelligence", "concern_noted"),
    "handle": ("online_contact",),
    "account": ("mule_account_suspected", "account_opened"),
    "address": ("arrest", "found", "intelligence", "concern_noted"),
}
TYPES = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}

MENTIONS = """
    insert into mentions
    select child_key, event_id, '{kind}', '{kind}' || (case when h % 50 = 0 then h % 40 else h % {pool} end)
    from (select child_key, event_id, (hash(event_id, '{kind}') >> 8)::bigint as h from events where kind in ({kinds}))
    where h % 7 = 0
"""


def make(con: duckdb.DuckDBPyConnection, pack: Pack, *, events: int) -> Facts:
    """Fill the tables children, events, mentions and coverage: a tenth as many children as `events`."""
    rng = np.random.default_rng(2)
    children = events // 10
    _children(con, children)
    con.register("none_yet", _schema(pack).empty_table())
    con.execute("create or replace table events as select * from none_yet")
    _insert(con, _homes(rng, children))
    share = (events - children) / sum(PARTS.values())
    for kind, part in PARTS.items():
        _insert(con, _of_kind(rng, pack, pack.kinds[kind], int(part * share), children))
    con.unregister("none_yet")
    _mentions(con, children)
    con.execute("create or replace table coverage (kind varchar, area varchar, from_t bigint, to_t bigint)")
    con.execute(
        "insert into coverage select unnest($kinds::varchar[]), null, $from_t, $to_t",
        {"kinds": list(pack.kinds), "from_t": seconds(FROM), "to_t": last_second(TO)},
    )
    return facts_of(pack)


def facts_of(pack: Pack) -> Facts:
    """The tables that `make` fills, as an engine is handed them."""
    spells = frozenset(kind.kind for kind in pack.kinds.values() if kind.spell)
    return Facts("children", "events", "mentions", "coverage", seconds(FROM), last_second(TO), pack.base_kinds, spells)


def _schema(pack: Pack) -> pa.Schema:
    attributes = [(one.name, TYPES.get(one.type, pa.string())) for one in pack.attributes.values()]
    return pa.schema([*EVENTS_BASE, *(pa.field(*one) for one in attributes)])


def _children(con: duckdb.DuckDBPyConnection, children: int) -> None:
    con.execute(
        """create or replace table children as
           select 'C' || lpad(i::varchar, 9, '0') as child_key,
                  date '2007-06-01' + (i * 7919 % 3600)::integer as birth_on,
                  if(i % 2 = 0, 'F', 'M') as sex, if(i % 3 = 0, 'LF', 'RV') as area from range(?) r(i)""",
        [children],
    )


def _insert(con: duckdb.DuckDBPyConnection, made: dict[str, np.ndarray | pa.Array]) -> None:
    """Numbers become keys and ids; columns that the kind does not have stay empty."""
    con.register("made", pa.table(made))
    columns = ", ".join(f'"{name}"' for name in made if name not in {"child", "place"})
    con.execute(
        f"""insert into events by name
            select 'C' || lpad(child::varchar, 9, '0') as child_key, md5(kind || rowid)[:20] as event_id, {columns},
                   if(place < 0, null, 'P' || place) as place_id
            from (select *, row_number() over () as rowid from made)"""
    )
    con.unregister("made")


def _homes(rng: np.random.Generator, children: int) -> dict[str, np.ndarray | pa.Array]:
    made = _placed(rng, children, children)
    made |= {"child": np.arange(children), "t": np.full(children, seconds(FROM) - DAY_SECONDS)}
    return made | _said("home", "childrens_services", children)


def _of_kind(
    rng: np.random.Generator, pack: Pack, kind: EventKind, n: int, children: int
) -> dict[str, np.ndarray | pa.Array]:
    made = _placed(rng, n, children)
    t = rng.integers(seconds(FROM), last_second(TO), n)
    made["t"] = t - t % DAY_SECONDS if kind.kind in BY_DAY else t
    made["child"] = np.floor(children * rng.random(n) ** 1.6).astype(np.int64)  # some children have many events
    if kind.spell:
        ends = made["t"] + (rng.exponential(20 * DAY_SECONDS, n)).astype(np.int64)
        made["t_end"] = pa.array(ends, mask=rng.random(n) < 0.05)
    agencies = np.array(kind.agencies)[rng.integers(0, len(kind.agencies), n)]
    made |= _said(kind.kind, agencies, n)
    return made | {name: _values(rng, pack, name, n) for name in kind.attributes}


def _said(kind: str, agency: str | np.ndarray, n: int) -> dict[str, np.ndarray | pa.Array]:
    told = agency if isinstance(agency, np.ndarray) else np.full(n, agency)
    return {"kind": np.full(n, kind), "agency": told, "source": told}


def _placed(rng: np.random.Generator, n: int, children: int) -> dict[str, np.ndarray | pa.Array]:
    unknown = rng.random(n) < 0.05
    far = rng.random(n) < 0.15
    spread = np.where(far, 60_000, 8_000)
    return {
        "place": np.where(unknown, -1, rng.integers(0, max(children // 25, 10), n)),
        "area": np.array(AREAS)[np.where(far, 2, rng.integers(0, 2, n))],
        "easting": pa.array((400_000 + rng.normal(0, 1, n) * spread).astype(np.int32), mask=unknown),
        "northing": pa.array((300_000 + rng.normal(0, 1, n) * spread).astype(np.int32), mask=unknown),
    }


def _values(rng: np.random.Generator, pack: Pack, name: str, n: int) -> pa.Array:
    """One in 20 is empty."""
    attribute = pack.attributes[name]
    empty = rng.random(n) < 0.05
    if name == "percent":
        drawn = 100 - np.minimum(rng.gamma(1.2, 12, n), 100).astype(np.int64)
    elif attribute.type == "boolean":
        drawn = rng.random(n) < 0.3
    elif attribute.type in TYPES:
        drawn = rng.integers(0, 60, n)
    else:
        codes = np.array(list(pack.codes[attribute.codes].values) if attribute.codes else ["one", "another"])
        drawn = codes[rng.integers(0, len(codes), n)]
    return pa.array(drawn, mask=empty).cast(TYPES.get(attribute.type, pa.string()))


def _mentions(con: duckdb.DuckDBPyConnection, children: int) -> None:
    con.execute("""create or replace table mentions as
        select child_key, null::varchar as event_id, 'person' as kind, child_key as value from children
        union all select child_key, null, 'phone', 'own' || row_number() over () from children""")
    for kind, kinds in NAMED.items():
        listed = ", ".join(f"'{one}'" for one in kinds)
        con.execute(MENTIONS.format(kind=kind, kinds=listed, pool=children))


def database(path: Path, pack: Pack, *, events: int) -> None:
    """The same in a database on disk, for processes of their own."""
    with duckdb.connect(str(path)) as con:
        make(con, pack, events=events)
