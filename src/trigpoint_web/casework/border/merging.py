"""Bring the temporary tables of a run into casework: whole sets at a time, in this order.

What the border owns (faces, names, involvements from runs, what still stands) follows the run. Citations, proposals
and questions are only ever added. What a person closed, set or answered is left alone.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.utils import CursorWrapper

from trigpoint_web.casework.border.episodes import EPISODES

# A child made here, of whom the run knows nothing but the record that went from here: it gets the run's key.
ADOPTED: Final = """
    with named as (
        select c.id, min(i.child_key) as child_key
        from casework_child c join in_identifiers i on i.scheme = 'casework' and i.value = c.made_as
        where c.key = c.made_as and c.current group by c.id having count(distinct i.child_key) = 1),
    fresh as (
        select min(n.id) as id, n.child_key from named n
        where not exists (select 1 from casework_child o where o.key = n.child_key) group by n.child_key)
    update casework_child c set key = f.child_key, first_run_id = coalesce(first_run_id, %(run)s)
    from fresh f where f.id = c.id
"""
CHILDREN: Final = """
    insert into casework_child (key, current, area_id, first_run_id)
    select f.child_key, true, coalesce(a.id, h.id), %(run)s
    from in_faces f left join accounts_area a on a.code = f.area left join accounts_area h on h.code = f.home_area
    on conflict (key) do update set current = true, area_id = excluded.area_id
    where not casework_child.current or casework_child.area_id is distinct from excluded.area_id
"""
GONE: Final = """
    update casework_child c set current = false
    where c.current and not exists (select 1 from in_faces f where f.child_key = c.key)
      and (c.key <> c.made_as or exists (
          select 1 from in_identifiers i where i.scheme = 'casework' and i.value = c.made_as))
"""
# A key that came back stands again, unless a person moved its case on.
BACK: Final = """
    update casework_child c set superseded_by_id = null
    where c.current and c.superseded_by_id is not null and not exists (
        select 1 from review_keyanswer a join review_keyquestion q on q.id = a.question_id
        where q.old_id = c.id and a.choice = 'move')
"""
FACE_COLUMNS: Final = (
    "given_names, surname, birth_on, sex, ethnicity, disability, area, postcode, easting, northing, in_care, records, "
    "agencies, sources"
)
FACES: Final = f"""
    insert into casework_childface (child_id, run_id, {FACE_COLUMNS})
    select c.id, %(run)s, {", ".join(f"f.{name}" for name in FACE_COLUMNS.split(", "))}
    from in_faces f join casework_child c on c.key = f.child_key
    on conflict (child_id) do update set (run_id, {FACE_COLUMNS})
        = (excluded.run_id, {", ".join(f"excluded.{name}" for name in FACE_COLUMNS.split(", "))})
    where ({", ".join(f"casework_childface.{name}" for name in FACE_COLUMNS.split(", "))})
        is distinct from ({", ".join(f"excluded.{name}" for name in FACE_COLUMNS.split(", "))})
"""


def _replaced(table: str, incoming: str, columns: str) -> tuple[str, str]:
    """Two statements that make the rows of present children in `table` those of `incoming`, touching no other."""
    names = columns.split(", ")
    same = " and ".join(f"t.{name} is not distinct from i.{name}" for name in names)
    fresh = ", ".join(f"i.{name}" for name in names)
    return (
        f"""delete from {table} t using casework_child c
            where c.id = t.child_id and c.current and c.key <> c.made_as and not exists (
            select 1 from {incoming} i where i.child_key = c.key and {same})""",
        f"""insert into {table} (child_id, {columns})
            select c.id, {fresh} from {incoming} i join casework_child c on c.key = i.child_key
            where not exists (select 1 from {table} t where t.child_id = c.id and {same})""",
    )


# The agency of that kind that serves an area which the records name; without one, the only agency of that kind.
RESOLVED: Final = """
    create temp table in_resolved on commit drop as
    with served as (
        select i.child_key, i.since, i.last_on, a.id as agency_id
        from in_involvements i join accounts_agency a on a.kind = i.kind
        where exists (select 1 from accounts_agency_areas m join accounts_area r on r.id = m.area_id
                      where m.agency_id = a.id and r.code = any(i.areas))),
    only_one as (select kind, min(id) as agency_id from accounts_agency group by kind having count(*) = 1),
    rest as (
        select i.child_key, i.since, i.last_on, o.agency_id
        from in_involvements i join only_one o using (kind)
        where not exists (select 1 from served s join accounts_agency a on a.id = s.agency_id
                          where s.child_key = i.child_key and a.kind = i.kind))
    select c.id as child_id, agency_id, min(since) as since, max(last_on) as last_on
    from (select * from served union all select * from rest) all_of_them
    join casework_child c on c.key = child_key group by c.id, agency_id
"""
INVOLVED: Final = """
    insert into casework_involvement (child_id, agency_id, since, last_on, contact, origin)
    select r.child_id, r.agency_id, r.since, r.last_on, a.phone, 'run'
    from in_resolved r join accounts_agency a on a.id = r.agency_id
    on conflict (child_id, agency_id, origin) do update
        set since = excluded.since, last_on = excluded.last_on, contact = excluded.contact
    where (casework_involvement.since, casework_involvement.last_on, casework_involvement.contact)
        is distinct from (excluded.since, excluded.last_on, excluded.contact)
"""
NOT_INVOLVED: Final = """
    delete from casework_involvement i using casework_child c
    where c.id = i.child_id and c.current and i.origin = 'run' and not exists (
        select 1 from in_resolved r where r.child_id = i.child_id and r.agency_id = i.agency_id)
"""
CITED: Final = (
    "finding_id, indicator, version, title, theme, sentence, from_on, to_on, agencies, sources, kinds, event_ids"
)
CITATIONS: Final = f"""
    insert into casework_citation (child_id, run_id, {CITED})
    select c.id, %(run)s, {CITED} from in_citations i join casework_child c on c.key = i.child_key
    on conflict (finding_id) do nothing
"""
PROPOSED: Final = (
    "content_key, proposal_id, form, rule, rule_version, why, what_would_change, online, overlap_cse, from_on, to_on, "
    "agencies, sources"
)
PROPOSALS: Final = f"""
    with fresh as (
        insert into casework_proposal (child_id, run_id, {PROPOSED})
        select c.id, %(run)s, {PROPOSED} from in_proposals i join casework_child c on c.key = i.child_key
        on conflict (content_key) do nothing returning id, content_key)
    insert into casework_proposalcitation (proposal_id, citation_id)
    select f.id, ci.id from fresh f join in_proposals i using (content_key)
    cross join lateral unnest(i.finding_ids) finding_id join casework_citation ci using (finding_id)
"""
QUESTIONS: Final = """
    insert into review_linkquestion (question_id, kind, record_a, record_b, child_a_id, child_b_id, reason, run_id)
    select q.question_id, q.kind, q.record_a, q.record_b, a.id, b.id, q.reason, %(run)s
    from in_questions q join casework_child a on a.key = q.child_a join casework_child b on b.key = q.child_b
    on conflict (question_id) do nothing
"""


def _standing(table: str, column: str, whole: str, *, incoming: str, key: str) -> tuple[str, str]:
    """Two statements that make `table` name those rows of `whole` that the run still brings."""
    return (
        f"""delete from {table} t using {whole} w where w.id = t.{column}
            and not exists (select 1 from {incoming} i where i.{key} = w.{key})""",
        f"""insert into {table} ({column}) select w.id from {whole} w join {incoming} i using ({key})
            on conflict do nothing""",
    )


MERGES: Final = (
    ADOPTED, CHILDREN, GONE, BACK, FACES,
    *_replaced("casework_name", "in_names", "agency, given_names, surname, folded, grams"),
    *_replaced("casework_identifier", "in_identifiers", "scheme, value"),
    RESOLVED, INVOLVED, NOT_INVOLVED, CITATIONS,
    *_standing(
        "casework_standingcitation", "citation_id", "casework_citation", incoming="in_citations", key="finding_id"
    ),
    PROPOSALS,
    *_standing(
        "casework_standingproposal", "proposal_id", "casework_proposal", incoming="in_proposals", key="content_key"
    ),
    *_replaced("casework_notknown", "in_not_known", "indicator, version, title, missing"),
    QUESTIONS,
    *_standing(
        "review_standingquestion", "question_id", "review_linkquestion", incoming="in_questions", key="question_id"
    ),
    *EPISODES,
)  # fmt: skip


def merge(cursor: CursorWrapper, *, run: int) -> None:
    """Merge every temporary table, as rows of the run."""
    cursor.execute("drop table if exists pg_temp.in_resolved, pg_temp.in_tellings, pg_temp.in_chosen")
    for statement in MERGES:
        cursor.execute(statement, {"run": run})


# Children made here whose record turned out to be of a child whom another run or agency had brought already.
JOINED_HERE: Final = """
    select c.key, min(i.child_key)
    from casework_child c join in_identifiers i on i.scheme = 'casework' and i.value = c.made_as
    where c.key = c.made_as and c.superseded_by_id is null
      and not exists (select 1 from review_keyquestion q where q.old_id = c.id)
    group by c.key order by c.key
"""


def joined_here(cursor: CursorWrapper) -> list[tuple[str, str]]:
    """The key under which each was made, and the key that the run gives its record."""
    cursor.execute(JOINED_HERE)
    return list(cursor.fetchall())


UNPLACED: Final = """
    select count(*) from in_involvements i join casework_child c on c.key = i.child_key
    where not exists (select 1 from in_resolved r join accounts_agency a on a.id = r.agency_id
                      where r.child_id = c.id and a.kind = i.kind)
"""


def unplaced(cursor: CursorWrapper) -> int:
    """How many involvements name an agency of which casework has none, or several and no area that tells them apart."""
    cursor.execute(UNPLACED)
    return int(cursor.fetchone()[0])
