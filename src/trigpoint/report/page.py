"""The report as one page of HTML: no script, no request, readable by everyone, printable."""

from __future__ import annotations

from altair.utils.schemapi import debug_mode

from trigpoint.report import bars, charts, compass, listings
from trigpoint.report.children import children, in_short
from trigpoint.report.data import ReportData
from trigpoint.report.figures import Figure
from trigpoint.report.standalone import draw_page


def render(data: ReportData) -> str:
    """The whole page as text, to be written as UTF-8.

    It holds its style and its pictures, asks for nothing over the network and runs no script (its content security
    policy forbids both). Lists are cut as `data.MOST` says, and the page tells how many more there are. The same data
    give the same page.
    """
    shown = children(data)
    return draw_page(
        "report.html",
        data=data,
        children=shown,
        more_children=max(0, data.children_in_all - len(shown)),
        in_short=in_short(data, shown),
        figures=_figures(data),
        sources=listings.sources(data),
        refusals=listings.refusals(data),
        attention=listings.attention(data),
        passed_over=listings.passed_over(data),
        published=listings.published(data),
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
