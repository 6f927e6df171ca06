"""Gather what the needs assessment shows: the published form that the last run kept, and figures of others beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from trigpoint import __version__
from trigpoint.counts import SYMBOLS, TOTAL
from trigpoint.counts.comparing import Population, of_year, read_populations
from trigpoint.counts.rates import per_10_000, share
from trigpoint.counts.recognised import silent_months
from trigpoint.counts.recording import recording
from trigpoint.errors import NotFoundError
from trigpoint.report.assessment.data import (
    AssessmentData,
    Count,
    Grid,
    Group,
    Rate,
    Recognition,
    Recorder,
    Source,
    Unseen,
)
from trigpoint.services.answer_all import last_day
from trigpoint.services.compare_national import beside
from trigpoint.services.count_children import limits_now, published_now
from trigpoint.services.workspace import Workspace

FORM: Final = "children_by_form_and_"
NRM: Final = "children_referred_to_nrm_and_"
GROUPS: Final = {"age": "Age", "sex": "Sex", "ethnic_group": "Ethnic group", "care": "In care"}
PROXIES: Final = {
    "arrests_pwits_and_possession": "Arrests of 10 to 17 year olds",
    "drug_searches_and_weapons": "Searches of 10 to 17 year olds for drugs",
}
LEAST_FOR_SHARES: Final = 100
Cells = Mapping[str, Mapping[str, tuple[str, str | None]]]
Say = Callable[[str], str]


def gather_assessment(
    workspace: Workspace,
    *,
    areas: Sequence[str] = (),
    unseen: Unseen | None = None,
    recognised: Sequence[Recognition] = (),
    made_at: datetime | None = None,
) -> AssessmentData:
    """The document's data, from the published tables alone. `areas` are ONS codes whose figures stand beside.

    `unseen` and `recognised` come from services that count nobody out. Needs the views of `show_current`. Raises
    NotFoundError where no run has finished, or where it published nothing.
    """
    as_at = last_day(workspace)
    tables = published(workspace)
    if not any(name.startswith(FORM) for name in tables):
        raise NotFoundError(
            "The last run published no table of children: there is nothing to assess.",
            mend="Run again once there are children with a proposed marker: trigpoint run FOLDER",
        )
    partnership = workspace.partnership
    forms, named = _forms(workspace), _areas(workspace)
    by_area = tables[f"{FORM}area"]
    lived = _populations(workspace, as_at.year)
    marks = beside(workspace, asked=areas)
    return AssessmentData(
        partnership=partnership.name,
        as_at=as_at,
        from_on=partnership.period.from_on,
        made_at=made_at or datetime.now().replace(microsecond=0),
        invented=partnership.invented,
        rule=_rule(workspace),
        symbols=dict(SYMBOLS),
        versions={"Trigpoint": __version__, "Terms": f"{partnership.pack.name} {partnership.pack.version}"},
        total=_count("all", by_area[TOTAL][TOTAL]),
        referred=_count("all", tables.get(f"{NRM}area", {}).get(TOTAL, {}).get(TOTAL, ("0", None))),
        limits=limits_now(workspace).get((f"{FORM}area", TOTAL, TOTAL)),
        forms=_counts({row: cells[TOTAL] for row, cells in by_area.items()}, forms),
        areas=_counts(by_area[TOTAL], named),
        forms_by_area=_grid("Form", by_area, rows=forms, columns=named),
        forms_by_year=_grid("Form", tables.get(f"{FORM}year"), rows=forms),
        referred_by_year=_grid("Exploitation type", tables.get(f"{NRM}year")),
        known_by_year=_grid("Year", tables.get("children_known_and_year")),
        first_seen=_grid(
            "Who saw the first sign", tables.get("children_first_seen_and_age"), rows=_agencies(workspace)
        ),
        proxies={title: grid for name, title in PROXIES.items() if (grid := _grid("Year", tables.get(name)))},
        groups=[
            Group(title, _totals(tables.get(f"{FORM}{by}")), _totals(tables.get(f"{NRM}{by}")))
            for by, title in GROUPS.items()
            if f"{FORM}{by}" in tables
        ],
        rates=_rates(workspace, by_area, lived=lived),
        population_sources=sorted({f"{one.source} ({one.year})" for one in lived.values()}),
        recognition=recognised,
        unseen=unseen,
        recorders=_recorders(workspace, as_at=as_at),
        national=marks.figures,
        national_cautions=marks.cautions,
        national_marks=marks.marks,
        sources=_sources(workspace),
    )


def published(workspace: Workspace) -> dict[str, Cells]:
    """The published tables of the last run: by table, row and column what is shown, and why it is no count."""
    tables: dict[str, dict[str, dict[str, tuple[str, str | None]]]] = {}
    for name, table in published_now(workspace).tables.items():
        for cell in (one for one in table.to_pylist() if one["layer"] is None):
            rows = tables.setdefault(name, {})
            rows.setdefault(cell["row_value"], {})[cell["column_value"]] = (cell["shown"], cell["why"])
    return dict(tables)


def _plain(code: str) -> str:
    said = code.replace("_", " ").replace("-", " ") if not code[:1].isdigit() else code
    return said[:1].upper() + said[1:]


def _count(label: str, cell: tuple[str, str | None], *, whole: str | None = None) -> Count:
    """A published cell; its share only of a whole of a hundred or more: a rounded whole makes shares of fewer wrong."""
    shown, why = cell
    told = whole is not None and whole.isdecimal() and int(whole) >= LEAST_FOR_SHARES
    return Count(label, shown, share(shown, whole) if told and whole else "", why)


def _counts(cells: Mapping[str, tuple[str, str | None]], say: Say = _plain) -> list[Count]:
    """Every part but the total, the largest first, with its share of the total as published."""
    whole = cells[TOTAL][0]
    parts = [_count(say(code), cell, whole=whole) for code, cell in cells.items() if code != TOTAL]
    return sorted(parts, key=lambda one: (-_size(one.shown), one.label))


def _totals(table: Cells | None) -> list[Count]:
    if table is None:
        return []
    whole = table[TOTAL][TOTAL][0]
    return [_count(_plain(code), cell, whole=whole) for code, cell in table[TOTAL].items() if code != TOTAL]


def _size(shown: str) -> int:
    """The number that is shown; a symbol comes after every number, nought last."""
    return int(shown) * 10 if shown.isdecimal() else 1


def _grid(corner: str, table: Cells | None, *, rows: Say = _plain, columns: Say = _plain) -> Grid | None:
    if not table:
        return None
    heads = [code for code in next(iter(table.values())) if code != TOTAL]
    order = sorted((code for code in table if code != TOTAL), key=lambda code: (-_size(table[code][TOTAL][0]), code))
    if all(code[:4].isdigit() for code in order):
        order.sort()
    return Grid(
        corner,
        [*(columns(code) for code in heads), "Total"],
        [
            (rows(code) if code != TOTAL else "Total", [table[code][column][0] for column in (*heads, TOTAL)])
            for code in (*order, *([TOTAL] if TOTAL in table else []))
        ],
    )


def _forms(workspace: Workspace) -> Say:
    titles = {name: form.title for name, form in workspace.partnership.pack.forms.items()}
    return lambda code: titles.get(code) or _plain(code)


def _areas(workspace: Workspace) -> Say:
    names = {area.code: area.name for area in workspace.partnership.areas}
    return lambda code: names.get(code) or _plain(code)


def _agencies(workspace: Workspace) -> Say:
    titles = {name: agency.title for name, agency in workspace.partnership.pack.agencies.items()}
    return lambda code: titles.get(code) or _plain(code)


def _rule(workspace: Workspace) -> str:
    settings = workspace.partnership.counts
    return (
        f"Counts of children of 1 to {settings.suppress_up_to} are hidden, and more where a hidden one could be worked "
        f"out; nought is shown; totals are rounded to the nearest {settings.round_totals_to}; shares are worked out "
        "from these published numbers and so are rounded too."
    )


def _populations(workspace: Workspace, year: int) -> dict[str, Population]:
    """The children who live in each area, from the partnership's own populations.csv, where there is one."""
    path = workspace.partnership.folder / "populations.csv"
    codes = [area.code for area in workspace.partnership.areas]
    return of_year(read_populations(path, areas=codes), year) if path.is_file() else {}


def _rates(workspace: Workspace, by_area: Cells, *, lived: Mapping[str, Population]) -> list[Rate]:
    """Published counts on populations, in the order of the partnership's areas."""
    return [
        Rate(area.name, f"{lived[area.code].children:,}", per_10_000(shown[0], lived[area.code].children))
        for area in workspace.partnership.areas
        if area.code in lived and (shown := by_area[TOTAL].get(area.code))
    ]


def _recorders(workspace: Workspace, *, as_at: date) -> list[Recorder]:
    """Months and kinds of event that an agency claims, and of which nothing came. Of agencies, not of children."""
    pack = workspace.partnership.pack
    workspace.store.scan(workspace.con, "coverage")
    made = []
    for row in silent_months(recording(workspace.con, as_at=as_at)["recording"]):
        agency = pack.agencies.get(row["agency"])
        never = [pack.kinds[kind].title if kind in pack.kinds else _plain(kind) for kind in row["never"]]
        made.append(
            Recorder(
                agency.title if agency else _plain(row["agency"]), row["kinds"], row["claimed"], row["silent"],
                f"{100 * row['silent'] / row['claimed']:.0f}", never, row["last"] or "never",
            )
        )  # fmt: skip
    return made


def _sources(workspace: Workspace) -> list[Source]:
    extracts = workspace.store.read("extracts", columns=["source", "received_at"]).to_pylist()
    agencies = workspace.partnership.pack.agencies
    found = []
    for one in workspace.partnership.sources:
        received = [row["received_at"].date() for row in extracts if row["source"] == one.name]
        agency = agencies.get(one.agency)
        found.append(
            Source(one.title, agency.title if agency else one.agency, max(received, default=None), len(received))
        )
    return found
