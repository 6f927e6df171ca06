"""What people decided goes back to the core: judgements for `trigpoint judge-from`, casework as a source of its own.

The files hold personal data: who the child is, so that the core links the rows, and codes. No reason, note or minute
leaves casework. Each file is the whole state; the settings of its feed say `each_file = "replaces"`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act

PERSON: Final = """
    coalesce(nullif(c.made_as, ''), c.key) as "Person ID", f.given_names as "Forename", f.surname as "Surname",
    to_char(f.birth_on, 'DD/MM/YYYY') as "Date of birth", f.sex as "Sex",
    (select min(i.value) from casework_identifier i where i.child_id = c.id and i.scheme = 'nhs') as "NHS number",
    (select min(i.value) from casework_identifier i where i.child_id = c.id and i.scheme = 'upn') as "UPN",
    f.postcode as "Postcode"
"""
OF_CHILD: Final = "join casework_child c on c.id = {of}.child_id join casework_childface f on f.child_id = c.id"
LOCAL: Final = "at time zone 'Europe/London'"
# Who a posted event is about: the child that it was linked to, or what the sender said where nobody was found. What
# comes in the agency's own extracts as well is left to them.
POSTED: Final = """
    coalesce(nullif(c.made_as, ''), c.key) as "Person ID",
    coalesce(f.given_names, p.person->>'given_names') as "Forename",
    coalesce(f.surname, p.person->>'surname') as "Surname",
    to_char(coalesce(f.birth_on, (p.person->>'born')::date), 'DD/MM/YYYY') as "Date of birth",
    coalesce(f.sex, p.person->>'sex') as "Sex",
    coalesce((select min(i.value) from casework_identifier i where i.child_id = c.id and i.scheme = 'nhs'),
        p.person->>'nhs_number') as "NHS number",
    coalesce((select min(i.value) from casework_identifier i where i.child_id = c.id and i.scheme = 'upn'),
        p.person->>'upn') as "UPN",
    coalesce(f.postcode, p.person->>'postcode') as "Postcode"
"""
OF_POSTED: Final = """
    from casework_postedevent p left join casework_child c on c.id = p.child_id
    left join casework_childface f on f.child_id = p.child_id
    where not exists (select 1 from allauth_idp_oidc_client o
                      where o.owner_id = p.by_id and (o.data->>'sends_extract')::boolean)
"""


@dataclass(frozen=True)
class Table:
    """One file: its name, the query of its rows, and the columns that people typed into."""

    name: str
    query: str


TABLES: Final = (
    Table(
        "judgements.csv",
        f"""select 'web-' || j.id as judgement_id, j.record_a, j.record_b, j.verdict, j.reason, u.full_name as by,
            to_char(j.at {LOCAL}, 'YYYY-MM-DD"T"HH24:MI:SS.US') as at
            from review_judgement j join accounts_user u on u.id = j.by_id order by j.id""",
    ),
    Table(
        "children.csv",
        f"""select {PERSON} from casework_child c join casework_childface f on f.child_id = c.id
            where c.made_as <> '' order by c.made_as""",
    ),
    Table(
        "markers.csv",
        f"""select s.id as "Step reference", {PERSON}, m.form as "Form", s.level as "Status",
            case when s.kind <> 'ended' then to_char(s.at {LOCAL}, 'DD/MM/YYYY HH24:MI') end as "Set on",
            case when s.kind = 'ended' then to_char(s.at {LOCAL}, 'DD/MM/YYYY HH24:MI') end as "Ended on"
            from casework_markerstep s join casework_marker m on m.id = s.marker_id {OF_CHILD.format(of="m")}
            where s.kind in ('set', 'changed', 'reviewed', 'corrected', 'ended') order by s.id""",
    ),
    Table(
        "return_interviews.csv",
        f"""select r.id as "Interview reference", {PERSON}, to_char(r.on, 'DD/MM/YYYY') as "Offered on",
            case r.kind when 'declined' then 'no' when 'held' then 'yes' end as "Accepted",
            case when r.kind = 'held' then to_char(r.on, 'DD/MM/YYYY') end as "Interview on",
            case when r.kind = 'held' then r.harm_told end as "Harm disclosed"
            from response_returninterview r join casework_missingepisode e on e.id = r.episode_id
            {OF_CHILD.format(of="e")} where r.kind <> 'not_offered' order by r.id""",
    ),
    Table(
        "strategy_discussions.csv",
        f"""select i.id as "Discussion reference", {PERSON},
            to_char(m.held_at {LOCAL}, 'DD/MM/YYYY HH24:MI') as "Held on",
            case when exists (select 1 from response_decision d where d.item_id = i.id and d.kind = 'section_47')
                 then 'section_47' else 'other' end as "Outcome"
            from response_agendaitem i join response_meeting m on m.id = i.meeting_id {OF_CHILD.format(of="i")}
            where m.kind = 'strategy' and m.held_at is not null order by i.id""",
    ),
    Table(
        "missing_episodes.csv",
        f"""select e.id as "Report reference", {PERSON},
            to_char(e.opened_at {LOCAL}, 'DD/MM/YYYY HH24:MI') as "Missing from",
            to_char(e.found_at {LOCAL}, 'DD/MM/YYYY HH24:MI') as "Found at", e.risk as "Risk",
            e.found_place as "Found place", e.found_easting as "Found easting", e.found_northing as "Found northing",
            e.found_with as "Found with"
            from casework_missingepisode e {OF_CHILD.format(of="e")} where e.origin <> 'run' order by e.id""",
    ),
    Table(
        "posted_missing.csv",
        f"""select 'posted-' || p.id as "Report reference", {POSTED},
            to_char(p.happened_at {LOCAL}, 'DD/MM/YYYY HH24:MI') as "Missing from", p.attributes->>'risk' as "Risk"
            {OF_POSTED} and p.kind = 'missing' order by p.id""",
    ),
    Table(
        "posted_arrests.csv",
        f"""select 'posted-' || p.id as "Arrest reference", {POSTED},
            to_char(p.happened_at {LOCAL}, 'DD/MM/YYYY HH24:MI') as "Arrested at",
            p.attributes->>'offence' as "Offence", p.place as "Arrest place"
            {OF_POSTED} and p.kind = 'arrest' order by p.id""",
    ),
)

SETTINGS: Final = """\
# Casework as a source. Put this into partnership.toml and the files beside it into sources/casework.
[[sources]]
name = "casework"
title = "Casework"
agency = "casework"

[sources.agreement]
lawful_basis = "Fill in: for example UK GDPR Art 6(1)(e); Children Act 2004 s11"
purposes = ["safeguarding children from criminal exploitation"]
retention_years = 7
"""
FEEDS: Final = {
    "children.csv": "casework_children",
    "markers.csv": "casework_markers",
    "return_interviews.csv": "return_interviews",
    "strategy_discussions.csv": "strategy_discussions",
    "missing_episodes.csv": "missing_episodes",
    "posted_missing.csv": "missing_episodes",
    "posted_arrests.csv": "police_arrests",
}


def write_extract(folder: Path, *, acting: Acting | None = None) -> dict[str, int]:
    """Write every table into `folder`, each file whole or not at all; returns rows by file. Needs the tables' owner.

    Beside them stands `casework.toml`, the settings of the source. The export is recorded in the audit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        written = {table.name: _write(folder / table.name, table) for table in TABLES}
        record(acting, Act.EXPORT, thing="extract", detail=written)
    (folder / "casework.toml").write_text(_settings(), encoding="utf-8")
    return written


def _write(path: Path, table: Table) -> int:
    with connection.cursor() as cursor:
        cursor.execute(table.query)
        names = [column[0] for column in cursor.description or []]
        rows = cursor.fetchall()
    half = path.with_name(path.name + ".part")
    try:
        with half.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows(_cells(row) for row in rows)
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
    return len(rows)


def _cells(row: Iterable[Any]) -> list[Any]:
    words = {True: "yes", False: "no", None: ""}
    return [words.get(cell, cell) if cell is None or isinstance(cell, bool) else cell for cell in row]


def _settings() -> str:
    feeds = "".join(
        f'\n[[sources.feeds]]\nname = "{file.removesuffix(".csv")}"\nfiles = ["sources/casework/{file}"]\n'
        f'mapping = "{mapping}"\neach_file = "replaces"\nlearnt_when_unstated = "happened"\n'
        for file, mapping in FEEDS.items()
    )
    return SETTINGS + feeds
