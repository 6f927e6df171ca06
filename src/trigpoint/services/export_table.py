"""Write a table as CSV or Parquet, safe to open in a spreadsheet."""

from __future__ import annotations

import os
from pathlib import Path

from trigpoint.errors import NotFoundError, SettingsError, nearest
from trigpoint.services.answer_all import answer_all
from trigpoint.services.count_children import published_now
from trigpoint.services.current import show_current
from trigpoint.services.workspace import Workspace

EXPORTS = {
    "clusters": """
        select s.source, s.file, s.row, s.record_id, l.child_key
        from raw_sightings s join links l using (record_id) where s.row_id is not null order by all""",
    "findings": """
        select child_key, indicator, version, answer, from_on, to_on, sentence, event_ids, sources
        from (select * from findings union all by name
              select child_key, indicator, version, answer from unmet_answers)
        order by child_key, indicator, from_on""",
    "markers": "select * from proposals order by child_key, form, rule",
    # The limits are those of unsure links; they stand only while the run that they were worked out for is the last.
    "counts": """
        select p.* exclude (place), l.low as low_by_links, l.high as high_by_links
        from published p
        left join (select * from count_limits where run_no = (select max(run_no) from runs)) l
            on l."table" = p."table" and l.row_value = p.row_value and l.column_value = p.column_value
            and p.layer_value is null
        order by p."table", p.place""",
    "rejects": """
        select source, feed, file, row, line, "column", scope, value_kept, reason, mend
        from refusals order by source, file, row, "column" """,
    "questions": """
        select question_id, kind, record_a, record_b, child_keys, reason
        from questions order by kind, reason, record_a, record_b""",
}

STARTS_A_FORMULA = r"^[=+\-@\t\r\n]"


def export_table(workspace: Workspace, what: str, *, output: Path) -> int:
    """Write the export `what` (a key of EXPORTS) to `output` and return how many rows it has.

    Lists become words with ';' between them in CSV. A text cell that could start a formula gets an apostrophe
    before it (OWASP, CSV injection). The file appears whole or not at all.
    Raises NotFoundError for another name, SettingsError for another ending than .csv or .parquet.
    """
    if what not in EXPORTS:
        near = nearest(what, list(EXPORTS))
        hint = f"Did you mean '{near}'? " if near else ""
        raise NotFoundError(f"There is no export '{what}'.", mend=f"{hint}There are: {', '.join(EXPORTS)}.")
    ending = output.suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise SettingsError(
            f"Exports are CSV or Parquet, not '{ending or 'a file without ending'}'.",
            where=str(output),
            mend="Let the file's name end in .csv or .parquet.",
        )
    con = workspace.con
    show_current(workspace)
    for table in ("links", "findings", "proposals", "refusals", "published", "questions", "count_limits", "runs"):
        workspace.store.scan(con, table)
    if what == "findings":
        answer_all(workspace)
    if what == "counts":
        published_now(workspace)
        workspace.store.scan(con, "published")
    con.execute(f"create or replace temp view exported as {EXPORTS[what]}")
    query = "select * from exported" if ending == ".parquet" else _safe(workspace)
    half = output.with_name(output.name + ".part")
    form = "format parquet, compression zstd" if ending == ".parquet" else "format csv, header"
    try:
        con.execute(f"copy ({query}) to '{str(half).replace(chr(39), chr(39) * 2)}' ({form})")
        os.replace(half, output)
    finally:
        half.unlink(missing_ok=True)
    [[written]] = con.execute("select count(*) from exported").fetchall()
    return int(written)


def _safe(workspace: Workspace) -> str:
    """The exported view with lists as words and no cell that starts a formula."""
    columns = workspace.con.execute("describe exported").fetchall()
    parts = []
    for name, kind, *_ in columns:
        is_list = kind.endswith("[]")
        cell = f"array_to_string(\"{name}\", ';')" if is_list else f'"{name}"'
        if is_list or kind == "VARCHAR":
            cell = f"case when regexp_matches({cell}, '{STARTS_A_FORMULA}') then '''' || {cell} else {cell} end"
        parts.append(f'{cell} as "{name}"')
    return f"select {', '.join(parts)} from exported"
