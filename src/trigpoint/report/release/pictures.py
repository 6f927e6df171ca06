"""Charts of a release: bars of what is shown, symbols in place of bars for what is not."""

from __future__ import annotations

import re
from textwrap import wrap

import altair as alt
from markupsafe import escape

from trigpoint.report.figures import FONT, INK, SOFT, TEAL, DataTable, Figure, figure, values
from trigpoint.report.release.data import TOTAL, Cell, ReleaseData, ReleasedTable

STEP = 30


def pictures(data: ReleaseData) -> list[Figure]:
    """A chart for each table of two dimensions: how many by the second, or by the first where nothing is summed over
    it; each once."""
    made = [one for one in (_picture(table, data) for table in data.tables) if one is not None]
    return list({one.title: one for one in reversed(made)}.values())[::-1]


def _picture(table: ReleasedTable, data: ReleaseData) -> Figure | None:
    along = next((axis for axis in (1, 0) if _totals(table, along=axis)), None)
    if len(table.by) != 2 or along is None:
        return None
    cells = _totals(table, along=along)
    names = [cell.at[along] for cell in cells]
    rows = [
        {"what": name, "count": _number(cell), "label": cell.shown} for name, cell in zip(names, cells, strict=True)
    ]
    top = max(_number(cell) for cell in cells) or 1
    base = alt.Chart(values(rows)).encode(y=alt.Y("what:N", sort=names, title=None))
    scale = alt.Scale(domain=[0, top * 1.08], nice=False)
    bars = base.mark_bar(color=TEAL).encode(x=alt.X("count:Q", title=table.counts, scale=scale))
    labels = base.mark_text(align="left", dx=4, color=INK, fontSize=13).encode(x=alt.X("count:Q"), text="label:N")
    said = "; ".join(f"{name} {_spoken(cell.shown, data)}" for name, cell in zip(names, cells, strict=True))
    title = f"{table.counts}, by {table.by[along]}"
    told = [(name, cell.shown) for name, cell in zip(names, cells, strict=True)]
    return figure(
        (bars + labels).properties(width=520, height=STEP * len(rows)),
        name=table.name.replace("_", "-").lower(),
        title=title,
        says=f"{table.counts} by {table.by[along]}: {said}.",
        table=DataTable(title, (table.by[along], "count"), told, numbers=1),
    )


def _totals(table: ReleasedTable, *, along: int) -> list[Cell]:
    """The cells along one of two dimensions that are totals over the other."""
    return [cell for cell in table.cells if cell.at[1 - along] == TOTAL and cell.at[along] != TOTAL]


def _number(cell: Cell) -> int:
    return int(cell.shown) if cell.shown.isdigit() else 0


def _spoken(shown: str, data: ReleaseData) -> str:
    return data.symbols[shown].split(":")[0] if shown in data.symbols else shown


def framed(picture: Figure, data: ReleaseData) -> str:
    """The picture as a file that stands alone: on white, with its title above and what the symbols mean below."""
    found = re.match(r'<svg[^>]* width="(\d+)" height="(\d+)"', str(picture.svg))
    if found is None:
        raise ValueError("the chart was not drawn as an SVG picture")
    width, height = max(int(found[1]), 640), int(found[2])
    title = wrap(picture.title, width // 9)
    said = [f"{sign} = {means}" for sign, means in data.symbols.items() if _is_shown(sign, picture)]
    foot = [line for one in [*said, f"{data.partnership}, release {data.name}"] for line in wrap(one, width // 7)]
    top = 24 * len(title) + 16
    lines = [_text(line, y=24 * at + 28, size=17, ink=INK, bold=True) for at, line in enumerate(title)]
    lines += [_text(line, y=top + height + 18 * at + 24, size=12, ink=SOFT) for at, line in enumerate(foot)]
    whole = top + height + 18 * len(foot) + 24
    inner = str(picture.svg).replace("<svg ", f'<svg x="8" y="{top}" ', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width + 16}" height="{whole}" '
        f'viewBox="0 0 {width + 16} {whole}"><title>{escape(picture.title)}</title><desc>{escape(picture.says)}</desc>'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(lines)}{inner}</svg>'
    )


def _is_shown(sign: str, picture: Figure) -> bool:
    return any(row[-1] == sign for row in picture.table.rows)


def _text(line: str, *, y: int, size: int, ink: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="16" y="{y}" font-family="{FONT}" font-size="{size}" fill="{ink}"{weight}>{escape(line)}</text>'
