"""The Home Office's quarterly data tables of the National Referral Mechanism (ODS or XLSX; a sheet saved as CSV).

Layout, as readers of the files of 2022 to 2025 use it: sheets `Table_1`, `Table_2` and so on; a title in the first
row, notes below it, then a row of headings. The first columns say of what a row is (Year and Quarter; exploitation
type, age at exploitation, gender; a first responder; a UK county), the others hold numbers, under one or two rows of
headings (age over place). What repeats is left blank, and a row that stops early is the total of its group. Tables by
nationality are read by their totals alone: their cells are too fine to mean anything beside a partnership.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from trigpoint.counts.national.cells import name, plain, read_cell
from trigpoint.counts.national.figures import ALL, Cell, Of, Read, Where
from trigpoint.counts.national.labels import dimension_of, one_of
from trigpoint.counts.national.periods import Period, calendar_year, part_of_year, period_named, quarter
from trigpoint.counts.national.sheets import Sheet
from trigpoint.errors import CountsError

UK: Final = Where("K02000001", "United Kingdom", "country")
TABLE: Final = re.compile(r"table[ _]?\d+[a-z]?", re.IGNORECASE)
LEADING: Final = {
    "year": "year", "quarter": "quarter", "uk_county": "county", "exploitation_type": "category",
    "age_at_exploitation": "age", "age_group": "age", "gender": "sex", "sex": "sex",
    "location_of_exploitation": "Location of exploitation", "competent_authority": "Competent authority",
    "first_responder_type": "First responder type", "first_responder": "First responder",
}  # fmt: skip
MEASURES: Final = (
    (re.compile(r"median|average|number of days|awaiting|outstanding", re.IGNORECASE), None),
    (re.compile(r"duty to notify|\bDtN\b(?!.*referral)", re.IGNORECASE), None),
    (re.compile(r"reasonable grounds", re.IGNORECASE), "reasonable grounds decisions"),
    (re.compile(r"conclusive grounds", re.IGNORECASE), "conclusive grounds decisions"),
    (re.compile(r"referral", re.IGNORECASE), "referrals"),
)

PARTS: Final = {
    "First responder type": re.compile(
        r"government agenc(y|ies)|NGO( and third sector)?|police|local authorit(y|ies)(?=.*first responder)",
        re.IGNORECASE,
    ),
    "Competent authority": re.compile(
        r"\b(S|IE)CA\b|(single|immigration enforcement) competent authority", re.IGNORECASE
    ),
}


@dataclass(frozen=True)
class _Layout:
    """Which row holds the headings, what the leading columns say, and what each further column is of."""

    heading: int
    leading: tuple[str, ...]
    columns: dict[int, dict[str, str]]


def is_nrm(sheets: Sequence[Sheet]) -> bool:
    """Whether a file looks like these tables."""
    return any(re.search(r"\bNRM\b|national referral mechanism", _top(sheet), re.IGNORECASE) for sheet in sheets)


def read_nrm(sheets: Sequence[Sheet], *, period: Period | None = None) -> Read:
    """Every table that can be read; those left out are named in the remarks.

    `period` is that of tables which name none. Raises CountsError with sheet, row and column.
    """
    notes = [note for sheet in sheets if "note" in sheet.name.lower() for note in _lines(sheet)]
    tables = [sheet for sheet in sheets if not sheet.name or TABLE.match(sheet.name)]
    parts = _apart([_table(sheet, period=period) for sheet in tables])
    read = Read("nrm", footnotes=notes).joined(parts)
    if not read.cells:
        raise CountsError(
            "No table of NRM referrals or decisions was recognised.", where=sheets[0].file,
            mend="These are read: sheets named Table_1 and so on, with headings such as Year and Quarter, Exploitation "
            "type, Age at exploitation, or UK County. Give the data tables, not the bulletin.",
        )  # fmt: skip
    return read


def _apart(parts: Sequence[Read]) -> list[Read]:
    """A table that gives another number for what an earlier one has told is of a part that only its title names.

    All its cells then carry the title, so that none is taken for the whole.
    """
    told: dict[tuple[Of, Where, str], float | None] = {}
    made = []
    for part in parts:
        keys = {(cell.of, cell.where, cell.period.name): cell.value for cell in part.cells}
        if any(key in told and told[key] != value for key, value in keys.items()):
            cells = [replace(cell, of=_titled(cell.of, part.titles[0])) for cell in part.cells]
            made.append(
                replace(part, cells=cells, remarks=[*part.remarks, f"Kept apart, as of a part: {part.titles[0]}"])
            )
        else:
            told |= keys
            made.append(part)
    return made


def _titled(of: Of, title: str) -> Of:
    return replace(of, other="; ".join(part for part in (of.other, title) if part))


def _table(sheet: Sheet, *, period: Period | None) -> Read:
    title = next((plain(cell) for row in sheet.rows[:3] for cell in row if plain(cell)), "")
    measure = next((said for form, said in MEASURES if form.search(title)), None)
    layout = _layout(sheet, by_nationality="nationality" in title.lower()) if measure else None
    if measure is None or layout is None:
        why = "no table of referrals or decisions" if measure is None else "a layout that is not known"
        return Read("nrm", remarks=[f"Left out {sheet.name or sheet.file}: {why} ({title[:80]})."])
    of_part = _part(title)
    rows = [(at, {**said, **of_part}) for at, said in _rows(sheet, layout)]
    if "year" not in layout.leading and period is None:
        period = period_named(title) or period_named(sheet.file)
        if period is None:
            raise CountsError(
                "The table does not say of which quarter or year it is.", where=f"{sheet.file}, {sheet.place(0)}",
                mend="Say it: --period 2024-Q3 for a quarter, --period 2024 for a calendar year.",
            )  # fmt: skip
    cells = list(_cells(sheet, layout, rows, measure=measure, period=period))
    _refuse_twins(sheet, cells)
    return Read("nrm", cells, [title], _below(sheet, layout))


def _part(title: str) -> dict[str, str]:
    """Whose referrals or decisions alone a table has, by its title: one type of first responder, one authority."""
    told = {what: found[0] for what, form in PARTS.items() if (found := form.search(title))}
    return {what: text[:1].upper() + text[1:] for what, text in told.items()}


def _layout(sheet: Sheet, *, by_nationality: bool) -> _Layout | None:
    for at, row in enumerate(sheet.rows[:20]):
        leading = _leading(row)
        if leading and len([cell for cell in row if plain(cell)]) > len(leading):
            width = len(leading)
            above = sheet.rows[at - 1] if at and _groups(sheet.rows[at - 1], width) else []
            return _Layout(at, leading, _columns(row, above, width, by_nationality=by_nationality))
    return None


def _leading(row: Sequence[object]) -> tuple[str, ...]:
    found = []
    for cell in row:
        said = LEADING.get(name(cell)) or ("First responder" if name(cell).endswith("first_responder") else None)
        if said is None:
            break
        found.append(said)
    return tuple(found)


def _groups(row: Sequence[object], width: int) -> bool:
    """Whether a row heads groups of columns: nothing over the leading columns, something over the others."""
    return not any(plain(cell) for cell in row[:width]) and any(plain(cell) for cell in row[width:])


def _columns(
    row: Sequence[object], above: Sequence[object], width: int, *, by_nationality: bool
) -> dict[int, dict[str, str]]:
    """What each column of numbers is of, by its heading and the heading of its group."""
    labels = {at: plain(row[at]) for at in range(width, len(row))}
    groups = _spread(labels, above)
    kept = {at for at in labels if labels[at] or (groups[at] and at < len(above) and plain(above[at]))}
    inner, outer = dimension_of(labels[at] for at in kept), dimension_of(groups[at] for at in kept)
    columns = {at: {**one_of(outer, groups[at]), **one_of(inner, labels[at])} for at in sorted(kept)}
    if by_nationality:
        return {at: {} for at in columns if labels[at].lower().startswith("total")}
    return columns


def _spread(labels: dict[int, str], above: Sequence[object]) -> dict[int, str]:
    """The heading of each column's group: it stands over the first alone, and a group ends with its total."""
    groups: dict[int, str] = {}
    standing = ""
    for at, label in labels.items():
        standing = plain(above[at]) if at < len(above) and plain(above[at]) else standing
        groups[at] = standing
        standing = "" if label.lower().startswith("total") else standing
    return groups


def _rows(sheet: Sheet, layout: _Layout) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of numbers with what it is of: blanks before a label repeat what stood above, those after are totals."""
    width = len(layout.leading)
    standing = [""] * width
    for at in range(layout.heading + 1, len(sheet.rows)):
        row = sheet.rows[at]
        if not any(plain(row[column]) for column in layout.columns if column < len(row)):
            continue
        said = [plain(cell) for cell in row[:width]]
        last = max((i for i, label in enumerate(said) if label), default=-1)
        standing = [label or (standing[i] if i < last else "") for i, label in enumerate(said)]
        if last < 0:
            raise sheet.fault("A row of numbers does not say of what it is.", row=at,
                              mend="Give it the label that it lacks, in a copy of the file.")  # fmt: skip
        yield at, dict(zip(layout.leading, standing, strict=True))


def _cells(
    sheet: Sheet,
    layout: _Layout,
    rows: Sequence[tuple[int, dict[str, str]]],
    *,
    measure: str,
    period: Period | None,
) -> Iterator[Cell]:
    quarters = _quarters(sheet, rows)
    for at, said in rows:
        when = _when(sheet, at, said, quarters) if "year" in said else period
        assert when is not None  # noqa: S101  _table asks for it where no column says it
        for column, of in layout.columns.items():
            printed = sheet.rows[at][column] if column < len(sheet.rows[at]) else None
            found = read_cell(printed)
            if found is None:
                raise sheet.fault(
                    "The cell holds neither a number nor a mark that is known.", row=at, column=column,
                    mend="Compare it with the publisher's notes; put the number or its mark ([c], [x], [z]) there.",
                )  # fmt: skip
            where = Where(None, said["county"], "county") if "county" in said else UK
            yield Cell(_of(measure, {**said, **of}), where, when, *found, sheet.place(at, column))


def _of(measure: str, said: dict[str, str]) -> Of:
    fields = {part: _all(said.get(part, "")) for part in ("category", "age", "sex")}
    rest = [
        f"{part}: {label}"
        for part, label in said.items()
        if part not in ("year", "quarter", "county", "category", "age", "sex") and _all(label) != ALL
    ]
    return Of(measure, other="; ".join(rest), **fields)


def _all(label: str) -> str:
    return ALL if not label or label.lower() in ("total", "all", "grand total") else label


def _quarters(sheet: Sheet, rows: Sequence[tuple[int, dict[str, str]]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for at, said in rows:
        if "year" in said and _all(said.get("quarter", "")) != ALL:
            found.setdefault(_year(sheet, at, said), []).append(_quarter(sheet, at, said))
    return found


def _when(sheet: Sheet, at: int, said: dict[str, str], quarters: dict[int, list[int]]) -> Period:
    """The quarter of a row, or its year: a whole one only where all four quarters of it are there."""
    year = _year(sheet, at, said)
    if _all(said.get("quarter", "")) != ALL:
        return quarter(year, _quarter(sheet, at, said))
    seen = quarters.get(year, [1, 2, 3, 4])
    return calendar_year(year) if set(seen) == {1, 2, 3, 4} else part_of_year(year, seen)


def _year(sheet: Sheet, at: int, said: dict[str, str]) -> int:
    found = re.match(r"(?P<year>20\d\d)(?:\.0)?\b", said["year"])
    if found is None:
        raise sheet.fault("The year cannot be read.", row=at, column=0, mend="A year is four digits, such as 2024.")
    return int(found["year"])


def _quarter(sheet: Sheet, at: int, said: dict[str, str]) -> int:
    found = re.search(r"[1-4]", said["quarter"])
    months = {"jan": 1, "apr": 2, "jul": 3, "oct": 4}
    number = int(found[0]) if found else months.get(said["quarter"][:3].lower())
    if number is None:
        raise sheet.fault("The quarter cannot be read.", row=at, column=1, mend="A quarter is Q1, Q2, Q3 or Q4.")
    return number


def _refuse_twins(sheet: Sheet, cells: Sequence[Cell]) -> None:
    """Two numbers for the same thing and period: one of the two labels is wrong, and nobody can tell which."""
    seen: dict[tuple[Of, Where, str], str] = {}
    for cell in cells:
        key = (cell.of, cell.where, cell.period.name)
        if key in seen:
            raise CountsError(
                f"The table has {cell.period.name} twice for the same thing.",
                where=f"{sheet.file}, {cell.place}; and {seen[key]}",
                mend="A year or a label beside one of them is wrong, as has happened in published tables. Compare "
                "with the release before, correct it in a copy, and add that.",
            )  # fmt: skip
        seen[key] = cell.place


def _below(sheet: Sheet, layout: _Layout) -> list[str]:
    """Sentences below the table."""
    last = max((i for i, row in enumerate(sheet.rows) if sum(bool(plain(c)) for c in row) > 1), default=0)
    return [text for row in sheet.rows[max(last, layout.heading) + 1 :] for cell in row[:1] if (text := plain(cell))]


def _lines(sheet: Sheet) -> list[str]:
    """A sheet of notes as lines, without its title and its headings."""
    return [" ".join(said) for row in sheet.rows[1:] if len(said := [plain(c) for c in row if plain(c)]) > 1]


def _top(sheet: Sheet) -> str:
    return " ".join(plain(cell) for row in sheet.rows[:3] for cell in row)
