"""One row a child: what the agencies' records say of it together, and where it lives now.

Where records differ, the value that most records give stands, the latest of equals; "not known" words do not vote.
What is gathered lies in the working database on disk, compressed: a temporary table is held or spilled as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from trigpoint.services.mark_children import put
from trigpoint.services.workspace import Workspace

UNSAID = {"sex": ("U",), "ethnicity": ("REFU", "NOBT"), "disability": ()}

RECORDS_OF_CHILDREN = """
    create or replace table child_records as
    select l.child_key, r.record_id, r.row_id, r.source, r.agency, r.birth_on, r.birth_precision, r.postcode, r.area,
        r.learnt_at{said}
    from records r join {links} l using (record_id)
"""

MEMBERSHIP = """
    create or replace table membership as
    select child_key, count(distinct record_id)::bigint as records,
        list_sort(list(distinct source)) as sources, list_sort(list(distinct agency)) as agencies
    from child_records group by child_key
"""

BIRTHS = """
    create or replace table births as
    with said as (
        select child_key, birth_on, birth_precision = 'day' as exact, count(*) as records, max(learnt_at) as latest
        from child_records where birth_on is not null group by all)
    select child_key, arg_max(birth_on, (exact, records, latest, birth_on)) as birth_on from said group by child_key
"""

HOMES = """
    create or replace table homes as
    with
    spells as (
        select l.child_key, case e.kind {ranks} end as rank, e.happened_at, e.event_id,
            e.postcode, e.easting, e.northing, e.area
        from events e join {links} l using (record_id)
        where e.kind in ({kinds}) and e.happened_at <= $as_at
          and (e.ended_at is null or e.ended_at >= $as_at or e.kind = {last})),
    latest as (
        select child_key,
            arg_max(struct_pack(postcode, easting, northing, area), (-rank, happened_at, event_id)) as home
        from spells group by child_key),
    stated as (
        select child_key, arg_max(struct_pack(postcode, area), (learnt_at, row_id)) as home
        from child_records where postcode is not null or area is not null group by child_key)
    select child_key, coalesce(l.home.postcode, s.home.postcode) as postcode, l.home.easting, l.home.northing,
        coalesce(l.home.area, s.home.area) as area
    from latest l full join stated s using (child_key)
"""

CARE = """
    create or replace table care as
    select l.child_key,
        bool_or(e.happened_at <= $as_at and (e.ended_at is null or e.ended_at >= $as_at)) as in_care
    from events e join {links} l using (record_id) where e.kind = 'looked_after' group by l.child_key
"""

STEPS = ("child_records", "membership", "births", "homes", "care", *(f"said_{column}" for column in UNSAID))

DESCRIBED = """
    create or replace table children as
    select m.child_key, b.birth_on, sex.value as sex, ethnicity.value as ethnicity, disability.value as disability,
        h.area, h.postcode, h.easting, h.northing,
        coalesce(c.in_care, case when $care_is_covered then false end) as in_care, m.records, m.sources, m.agencies
    from membership m
    left join births b using (child_key)
    left join said_sex sex using (child_key)
    left join said_ethnicity ethnicity using (child_key)
    left join said_disability disability using (child_key)
    left join homes h using (child_key)
    left join care c using (child_key)
"""

# Those of whom something changed, and any whom the last run did not know.
CHANGED = """
    create or replace temp table links_described as
    select * from links where child_key in (select unnest($changed::varchar[]))
        or child_key not in (select child_key from kept_children)
"""

KEPT = """
    insert into children by name
    select * from kept_children semi join links using (child_key)
    where child_key not in (select child_key from links_described)
"""


def describe_children(workspace: Workspace, *, as_at: date, changed: Collection[str] | None = None) -> int:
    """Make the table `children` (see `records/tables.py`) from the views of `show_current` and `links`.

    With `changed` child keys only these are described anew; of the others it is taken that the store holds what was
    described as at the same day from the same rows. Returns how many children there are. A child is in care when a
    looked-after spell holds `as_at`; not in care is said only where some source covers looked-after spells, else it
    is not known.
    """
    con = workspace.con
    if changed is not None:
        workspace.store.scan(con, "children", name="kept_children")
        con.execute(CHANGED, {"changed": sorted(changed)})
    _describe(workspace, as_at=as_at, links="links" if changed is None else "links_described")
    if changed is not None:
        con.execute(KEPT)
    # Fetched whole, here and wherever one number is asked for: over a million rows an answer that is not read to its
    # end keeps the connection to itself.
    [[children]] = con.execute("select count(*) from children").fetchall()
    return int(children)


def keep_children(workspace: Workspace, *, changed: Collection[str] | None) -> None:
    """Put into the store what `describe_children` made; with `changed`, of those alone whom it described anew."""
    new = (
        "from children" if changed is None else "select c.* from children c semi join links_described using (child_key)"
    )
    with workspace.store.write("keep the children") as tx:
        put(tx, "children", workspace.con.sql(new), workspace=workspace, asked=changed)


def _describe(workspace: Workspace, *, as_at: date, links: str) -> None:
    con = workspace.con
    end_of_day = datetime.combine(as_at, time.max)
    said = "".join(f", r.{column}" for column in UNSAID)
    con.execute(RECORDS_OF_CHILDREN.format(links=links, said=said))
    con.execute(MEMBERSHIP)
    con.execute(BIRTHS)
    for column, unsaid in UNSAID.items():
        con.execute(_said(column, unsaid))
    con.execute(_homes(workspace, links=links), {"as_at": end_of_day})
    con.execute(CARE.format(links=links), {"as_at": end_of_day})
    con.execute(DESCRIBED, {"care_is_covered": _covers(workspace, "looked_after")})
    for step in STEPS:  # what comes next needs the room
        con.execute(f"drop table {step}")


def _said(column: str, unsaid: tuple[str, ...]) -> str:
    without = " and ".join([f"{column} is not null", *(f"{column} <> '{word}'" for word in unsaid)])
    return f"""
        create or replace table said_{column} as
        with said as (
            select child_key, {column} as value, count(*) as records, max(learnt_at) as latest
            from child_records where {without} group by all)
        select child_key, arg_max(value, (records, latest, value)) as value from said group by child_key"""


def _homes(workspace: Workspace, *, links: str) -> str:
    kinds = workspace.partnership.pack.base_kinds
    return HOMES.format(
        ranks=" ".join(f"when '{kind}' then {i}" for i, kind in enumerate(kinds)),
        kinds=", ".join(f"'{kind}'" for kind in kinds),
        last=f"'{kinds[-1]}'",
        links=links,
    )


def _covers(workspace: Workspace, kind: str) -> bool:
    claims = (claim for source in workspace.partnership.sources for claim in source.coverage)
    return any(kind in claim.kinds for claim in claims)
