"""The page on why records are one child, or are not: one self-contained file, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence

from trigpoint.report.figures import Figure
from trigpoint.report.standalone import draw_page


def render_why(figures: Sequence[Figure], *, title: str, invented: bool, lines: Sequence[str]) -> str:
    """The page as text: pictures with their tables, and the explanation in words. The same data, the same page."""
    return draw_page("why.html", title=title, invented=invented, figures=figures, lines=lines)
