"""Estimate how many children are on no list, from a partnership's linked lists or from any file of histories."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from trigpoint.counts.unseen import METHODS, USUAL, Histories, Report, Settings, appraise, by_part, read_csv
from trigpoint.errors import CountsError, NotFoundError, SettingsError, nearest
from trigpoint.report.unseen import render_unseen
from trigpoint.services.answer_all import last_day
from trigpoint.services.current import show_current
from trigpoint.services.progress import SILENT, Progress
from trigpoint.services.workspace import Workspace, arrow

By = Literal["agency", "source"]
Of = Literal["proposed", "found", "set"]
PARTS = ("area", "sex", "ethnicity", "in_care")

# Who is on whose list: one row for each child and each list that has it.
SEEN = {
    "proposed": "select child_key, unnest({many}) as list from proposals where $form is null or form = $form",
    "found": "select child_key, unnest({many}) as list from findings where $form is null",
    "set": """
        select l.child_key, e.{one} as list from events e join links l using (record_id)
        where e.kind = 'marker_set' and $form is null""",
}
SAID = {
    "proposed": "children with a proposed marker, on the list of everyone whose evidence it stands on",
    "found": "children with a finding, on the list of everyone whose evidence it stands on",
    "set": "children on whom an agency set a marker of its own",
}
HISTORIES = """
    with seen as ({seen}),
    names as (select list, row_number() over (order by list) - 1 as bit
              from (select distinct list from seen where list is not null)),
    each as (select child_key, bit_or(1::bigint << bit::int) as history from seen join names using (list)
             group by child_key)
    select history, coalesce({part}, 'not known') as part, count(*)::bigint as cases
    from each left join children using (child_key) group by all order by all
"""


@dataclass(frozen=True)
class Lists:
    """Histories, those of parts by name, and a sentence on where they come from."""

    histories: Histories
    parts: Mapping[str, Histories]
    made_from: str
    title: str
    as_at: str = ""


def lists_of_file(path: Path, *, count: str | None = None, strata: str | None = None) -> Lists:
    """Capture histories from a CSV file; with `strata`, a column by whose values they are parted too.

    Raises CountsError with the row and column that cannot be right.
    """
    frame, said = read_csv(path), f"Capture histories of the file {path.name}."
    try:
        if strata is None:
            return Lists(Histories.of(frame, count=count), {}, said, path.stem)
        return Lists(*by_part(frame, strata, count=count), said, path.stem)
    except CountsError as fault:
        where = f"{path}, {fault.where}" if fault.where else str(path)
        raise CountsError(fault.what, where=where, mend=fault.mend) from None


def lists_of_partnership(
    workspace: Workspace, *, of: Of = "proposed", by: By = "agency", form: str | None = None, strata: str | None = None
) -> Lists:
    """The linked lists of the last finished run: one for each agency or source that saw such a child.

    `of` says who counts: with a proposed marker, with a finding, or with a marker that an agency set itself; `form`
    keeps those proposed for one form. Raises NotFoundError where no run has finished, SettingsError for a form or
    part that is not known.
    """
    form_title = _form(workspace, form, of)
    if strata is not None and strata not in PARTS:
        raise SettingsError(f"Children cannot be parted by '{strata}'.", mend=f"There are: {', '.join(PARTS)}.")
    as_at = last_day(workspace)
    show_current(workspace)
    for table in ("links", "findings", "proposals", "children"):
        workspace.store.scan(workspace.con, table)
    many = {"agency": "agencies", "source": "sources"}[by]
    seen = SEEN[of].format(many=many, one=by)
    names = [
        row["list"]
        for row in arrow(
            workspace.con,
            f"select distinct list from ({seen}) where list is not null order by list",
            {"form": form},
        ).to_pylist()
    ]
    if not names:
        raise NotFoundError(
            f"There are no {SAID[of].split(',')[0]}{form_title}.", mend="Try --of found, or another --form."
        )
    part = "null" if strata is None else f"{strata}::varchar"
    rows = arrow(workspace.con, HISTORIES.format(seen=seen, part=part), {"form": form}).to_pylist()
    titles = [_title(workspace, by, name) for name in names]
    parts = {} if strata is None else {one: _part(rows, titles, one) for one in sorted({row["part"] for row in rows})}
    said = f"From {SAID[of]}{form_title}, by {by}. {_caution(of)}"
    return Lists(_part(rows, titles, None), parts, said, workspace.partnership.name, as_at.isoformat())


def estimate_unseen(
    lists: Lists,
    *,
    methods: Sequence[str] = (),
    settings: Settings | None = None,
    link_errors: tuple[float, float] | None = None,
    progress: Progress = SILENT,
) -> Report:
    """The report on those lists. `link_errors` are the shares of links that are false, and of true links missed."""
    for name in methods:
        if name not in METHODS:
            near = nearest(name, list(METHODS))
            hint = f"Did you mean '{near}'? " if near else ""
            raise SettingsError(f"There is no method '{name}'.", mend=f"{hint}There are: {', '.join(METHODS)}.")
    told: dict[str, int] = {}

    def tell(what: str, done: int, of: int) -> None:
        tenth = 10 * done // max(of, 1)
        if what not in told:
            progress.step(what)
        elif tenth > told[what] and of > 1 and tenth % 2 == 0:
            progress.step(f"{what}: {done:,} of {of:,}")
        told[what] = tenth

    progress.stage("Estimating who is on no list")
    extra = {} if link_errors is None else {"link_errors": ((0.0, 0.0), link_errors)}
    return appraise(
        lists.histories,
        methods=methods or USUAL,
        settings=settings,
        strata=lists.parts,
        made_from=lists.made_from,
        progress=tell,
        **extra,
    )


def write_unseen(report: Report, output: Path, *, title: str, as_at: str = "") -> None:
    """Write the report as .html or .json. The file appears whole or not at all."""
    ending = output.suffix.lower()
    if ending == ".html":
        text = render_unseen(report.as_dict(), title=title, made_on=as_at)
    elif ending == ".json":
        text = json.dumps({"title": title, "as_at": as_at, **report.as_dict()}, indent=1, allow_nan=False)
    else:
        raise SettingsError(
            f"A report is HTML or JSON, not '{ending or 'a file without ending'}'.",
            where=str(output), mend="Let the file's name end in .html or .json.",
        )  # fmt: skip
    half = output.with_name(output.name + ".part")
    try:
        half.write_text(text, encoding="utf-8")
        os.replace(half, output)
    finally:
        half.unlink(missing_ok=True)


def _part(rows: Sequence[dict[str, int | str]], titles: Sequence[str], part: str | None) -> Histories:
    kept = [row for row in rows if part is None or row["part"] == part]
    bits = np.array([row["history"] for row in kept], dtype=np.int64)
    counts = np.array([row["cases"] for row in kept], dtype=np.int64)
    return Histories.from_array(bits[:, None] >> np.arange(len(titles)) & 1, counts=counts, lists=titles)


def _title(workspace: Workspace, by: By, name: str) -> str:
    if by == "agency":
        known = workspace.partnership.pack.agencies.get(name)
        return known.title if known else name
    return next((one.title for one in workspace.partnership.sources if one.name == name), name)


def _form(workspace: Workspace, form: str | None, of: Of) -> str:
    """The words for a form, after looking whether it is one."""
    if form is None:
        return ""
    forms = workspace.partnership.pack.forms
    if form not in forms:
        near = nearest(form, list(forms))
        hint = f"Did you mean '{near}'? " if near else ""
        raise SettingsError(f"There is no form '{form}'.", mend=f"{hint}There are: {', '.join(forms)}.")
    if of != "proposed":
        raise SettingsError("Only proposed markers have a form.", mend="Leave out --form, or --of.")
    return f" of {forms[form].title.lower()}"


def _caution(of: Of) -> str:
    if of == "proposed":
        return (
            "Most proposals need what two agencies saw, so that children whom one agency alone saw are mostly not "
            "in these lists: the estimate leans low. `--of found` has no such rule."
        )
    if of == "found":
        return "A finding is no judgement: it says that a pattern was met, not that a child is exploited."
    return "Agencies tell each other of the markers they set: their lists depend on one another."
