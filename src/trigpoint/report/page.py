"""The report as one page of HTML: no script, no request, readable by everyone, printable."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from altair.utils.schemapi import debug_mode
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trigpoint.report import bars, charts, compass, listings
from trigpoint.report.children import children, in_short
from trigpoint.report.data import ReportData
from trigpoint.report.figures import Figure
from trigpoint.report.wording import day, listed, number, several

TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(day=day, number=number, several=several, listed=listed)
    return made


def render(data: ReportData) -> str:
    """The whole page as text, to be written as UTF-8.

    It holds its style and its pictures, asks for nothing over the network and runs no script (its content security
    policy forbids both). Lists are cut as `data.MOST` says, and the page tells how many more there are. The same data
    give the same page.
    """
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    shown = children(data)
    return (
        _environment()
        .get_template("report.html")
        .render(
            data=data,
            style=Markup(style),  # noqa: S704 - our own file
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            children=shown,
            more_children=max(0, data.children_in_all - len(shown)),
            in_short=in_short(data, shown),
            figures=_figures(data),
            sources=listings.sources(data),
            refusals=listings.refusals(data),
            attention=listings.attention(data),
            published=listings.published(data),
        )
    )


def _figures(data: ReportData) -> dict[str, Figure | None]:
    pictures = {
        "indicators": charts.indicators,
        "trend": charts.trend,
        "found": compass.found,
        "recording": charts.recording,
        "clusters": bars.clusters,
        "bands": bars.bands,
        "refused": bars.refused,
    }
    with debug_mode(False):  # our charts are tested; checking each against the schema takes seconds
        return {name: picture(data) for name, picture in pictures.items()}
