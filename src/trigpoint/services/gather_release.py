"""Gather what the files of a release are drawn from: published numbers, their words, and the quality of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from trigpoint import __version__
from trigpoint.counts import SYMBOLS, Published
from trigpoint.report.release import ReleaseData, ReleasedTable
from trigpoint.report.release.data import BY, Cell
from trigpoint.services.release_ledger import as_earlier, the_release
from trigpoint.services.workspace import Workspace, arrow

CAVEATS = (
    "A proposed marker is a question for people, and no count of exploited children.",
    "Children whom no agency sees are in no table.",
    "Arrests and searches reflect policing as much as exploitation.",
)
TITLES = {
    "children_known_and_year": "Children with a proposed marker at some month's end, newly or before, by year",
    "children_first_seen_and_age": "Children with a proposed marker, by the agency of the first sign and the age then",
}
WITHIN = "{} of {} numbers are shown now as they were in {}; {} are shown otherwise; {} are new."


def gather_release(
    workspace: Workspace, published: Published, *, name: str, title: str, as_at: date, contact: str
) -> ReleaseData:
    """The release in words. Nothing of it says more than the published tables and the totals of the run."""
    partnership, note = workspace.partnership, published.note
    rule = note.rule
    return ReleaseData(
        name=name,
        title=title,
        partnership=partnership.name,
        invented=partnership.invented,
        from_on=partnership.period.from_on,
        as_at=as_at,
        contact=contact.strip() or f"Questions go to {partnership.name}.",
        note=str(note),
        loss=str(note.loss),
        rule=(
            f"Counts of {rule.hide_from} to {rule.hide_to} are not shown.",
            f"For every hidden number at least {rule.width + 1} different whole numbers remain possible.",
            f"Rule and symbols: Department for Education, {rule.source}",
        ),
        symbols=SYMBOLS,
        tables=[_table(workspace, one, table, published) for one, table in published.tables.items()],
        compared=note.compared_with,
        changes=list(_changes(workspace, published)),
        quality=_quality(workspace),
        caveats=CAVEATS,
        versions={"Trigpoint": __version__, "Terms": f"{partnership.pack.name} {partnership.pack.version}"},
    )


def _table(workspace: Workspace, name: str, table: pa.Table, published: Published) -> ReleasedTable:
    rows = table.to_pylist()
    by = tuple(rows[0][axis] for axis in BY if rows[0][axis] is not None)
    cells = tuple(
        Cell(tuple(_word(workspace, row[axis], row[f"{axis}_value"]) for axis in BY[: len(by)]), row["shown"],
             row["why"] or "")
        for row in rows
    )  # fmt: skip
    counts = rows[0]["counts"]
    title = TITLES.get(name) or f"{counts[:1].upper()}{counts[1:]}, by {_listed(by)}"
    return ReleasedTable(name, title, counts[:1].upper() + counts[1:], by, cells, published.done[name])


def _word(workspace: Workspace, dimension: str, value: str) -> str:
    """A value as people say it: forms and areas by their names."""
    partnership = workspace.partnership
    if dimension == "form" and value in partnership.pack.forms:
        return partnership.pack.forms[value].title
    if dimension == "agency" and value in partnership.pack.agencies:
        return partnership.pack.agencies[value].title
    if dimension == "area":
        names = {area.code: area.name for area in partnership.areas}
        for code, name in names.items():
            if value in (code, f"without {code}"):
                return value.replace(code, name)
    return value.replace("_", " ").replace("-", " ") if dimension == "exploitation type" else value


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _changes(workspace: Workspace, published: Published) -> list[str]:
    """What is shown otherwise than in each earlier release: how many, not by how much."""
    now = _shown(published.tables)
    said = []
    for name in published.note.compared_with:
        [earlier] = as_earlier(workspace, [the_release(workspace, name)])
        then = _shown(earlier.tables)
        tally = Counter(
            "new" if key not in then else "same" if then[key] == shown else "other" for key, shown in now.items()
        )
        said.append(WITHIN.format(tally["same"], len(now), name, tally["other"], tally["new"]))
    return said


def _shown(tables: Mapping[str, pa.Table]) -> dict[tuple[Any, ...], str]:
    keys = ("row_value", "column_value", "layer_value")
    return {
        (name, *(row[key] for key in keys)): row["shown"] for name, table in tables.items() for row in table.to_pylist()
    }


def _quality(workspace: Workspace) -> list[tuple[str, str]]:
    """Totals of the run, none of which is a count of marked children."""
    con, store = workspace.con, workspace.store
    store.scan(con, "extracts", name="release_extracts")
    read, refused = arrow(
        con, "select coalesce(sum(read), 0)::bigint as read, coalesce(sum(refused), 0)::bigint as refused "
        "from release_extracts"
    ).to_pylist()[0].values()  # fmt: skip
    rows = [
        ("Sources", len(workspace.partnership.sources)),
        ("Rows read", read),
        ("Rows refused, kept with the reason", refused),
        ("Records of people", store.count("links")),
        ("Questions about who is who that nobody has answered", store.count("questions")),
    ]
    return [(what, f"{count:,}") for what, count in rows]
