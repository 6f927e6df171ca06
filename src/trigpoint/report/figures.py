"""A picture on the page: an Altair chart as inline SVG, without script, font or network, and its table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import vl_convert
from markupsafe import Markup, escape

# A stack that every common system can meet; Liberation Sans has the widths of Arial.
FONT: Final = "Arial, 'Liberation Sans', 'Helvetica Neue', 'DejaVu Sans', sans-serif"
INK: Final = "#16323a"
SOFT: Final = "#526a72"
RULE: Final = "#d5dfe2"
TEAL: Final = "#00626e"
AMBER: Final = "#b4500e"
PALE: Final = "#eef3f4"


@dataclass(frozen=True)
class DataTable:
    """A table as words: caption, headings of columns, rows (the first cell heads its row); numbers sit right."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    foot: str = ""
    numbers: int = 0
    """How many columns from the right hold numbers."""


@dataclass(frozen=True)
class Figure:
    """A picture, what it is called, what it shows in a sentence or two, and the table behind it."""

    name: str
    title: str
    says: str
    svg: Markup
    table: DataTable


def values(rows: Iterable[dict[str, Any]]) -> Any:
    """Rows to be drawn, carried inside the chart: as one text, for every layer copies what it is made of."""
    inline: Any = alt.Data
    return inline(values=json.dumps(list(rows)), format={"type": "json"})


def figure(chart: alt.Chart | Any, *, name: str, title: str, says: str, table: DataTable) -> Figure:
    """Draw `chart` once and for all. `name` is unique on the page and keeps the ids of its parts apart."""
    drawn = vl_convert.vegalite_to_svg(_dressed(chart).to_dict(validate=False))
    return Figure(name, title, says, _inline(drawn, name=name, title=title, says=says), table)


def _dressed(chart: Any) -> Any:
    words = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": SOFT}
    return (
        chart.configure(aria=False, font=FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            **words,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            domainColor=RULE,
            gridColor=RULE,
            tickColor=RULE,
            labelLimit=430,
            labelPadding=6,
            titlePadding=8,
        )
        .configure_legend(
            **words,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            orient="top",
            titleOrient="left",
            symbolSize=110,
        )
        .configure_header(**words, labelFontSize=13, labelFontWeight="bold", titleFontSize=12)
    )


_OPENING = re.compile(r"<svg\b[^>]*?\bwidth=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>")
_NOISE = re.compile(r' (?:role|aria-[a-z]+|class|style|pointer-events|xlink:[a-z]+)="[^"]*"')
_LONG = re.compile(r"(\d+\.\d{2})\d+")


def _inline(svg: str, *, name: str, title: str, says: str) -> Markup:
    """The picture without roles of its own, with a title and a description, and with ids that are only its own."""
    opening = _OPENING.search(svg)
    if opening is None:
        raise ValueError("the chart was not drawn as an SVG picture")
    width, height = (round(float(size)) for size in opening.groups())
    small = ' class="small"' if width < 480 else ""
    body = _own_ids(_NOISE.sub("", svg[opening.end() :]), name=name)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title {name}-says" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"{small}>'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-says">{escape(says)}</desc>'
    )
    return Markup(head + _LONG.sub(r"\1", body))  # noqa: S704 - drawn by vl-convert, which escapes its text


_ID = re.compile(r'(\bid="|url\(#|href="#)([^")]+)')


def _own_ids(svg: str, *, name: str) -> str:
    """Ids numbered in the order in which they stand, so that the same picture is always the same text."""
    numbers: dict[str, int] = {}
    return _ID.sub(lambda found: f"{found[1]}{name}-{numbers.setdefault(found[2], len(numbers))}", svg)
