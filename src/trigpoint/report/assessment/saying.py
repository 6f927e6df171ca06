"""How the document says a published number, and where it says that it is from."""

from __future__ import annotations

from collections.abc import Sequence

from trigpoint.report.assessment.content import Listing
from trigpoint.report.assessment.data import AssessmentData, Count, Grid
from trigpoint.report.figures import DataTable
from trigpoint.report.wording import day, number

SYMBOLS = {"c": "a number that is not published", ":": "a number that is withheld", "z": "not applicable"}


def shown(symbol: str) -> str:
    """A published number with its thousands parted; a symbol as it is."""
    return number(int(symbol)) if symbol.isdecimal() else symbol


def about(count: Count, *, one: str = "child", many: str = "children") -> str:
    """A published count within a sentence: 'about 30 children', 'no child', 'a few children, too few to say ...'."""
    if count.shown == "k":
        return f"a few {many}, too few to say how many"
    if not count.shown.isdecimal():
        return f"{SYMBOLS.get(count.shown, 'a number that is not published')} of {many}"
    if count.shown == "0":
        return f"no {one}"
    return f"{'about ' if count.why == 'rounded' else ''}{shown(count.shown)} {many}"


def percent(share: str) -> str:
    """A published share as a table shows it."""
    return f"{share} %" if share and share[0].isdigit() else share


def local_source(data: AssessmentData, *, what: str = "agencies' records taken together") -> str:
    """Where a local number is from: whose records, from when to when, and in which form."""
    return f"{data.partnership}: {what}, {day(data.from_on)} to {day(data.as_at)}; published form, made by Trigpoint."


def counts_table(title: str, counts: Sequence[Count], *, head: str, total: Count | None = None) -> DataTable:
    """Counts with their shares of the whole; the total last."""
    shares = any(one.share for one in counts)
    rows = [[one.label, shown(one.shown), *([percent(one.share)] if shares else [])] for one in counts]
    if total is not None:
        rows.append(["Total", shown(total.shown), *([""] if shares else [])])
    heads = [head, "Children", *(["Share of the total"] if shares else [])]
    return DataTable(title, heads, rows, numbers=len(heads) - 1)


def grid_table(title: str, grid: Grid, *, foot: str = "") -> DataTable:
    """A table of published cells as it stands."""
    rows = [[label, *(shown(cell) for cell in cells)] for label, cells in grid.rows]
    return DataTable(title, [grid.corner, *grid.heads], rows, foot, numbers=len(grid.heads))


def listing(data: AssessmentData, table: DataTable) -> Listing:
    """A table of local published numbers with its source."""
    return Listing(table, local_source(data))
