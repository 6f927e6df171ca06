"""The page on why records are one child, or are not: one self-contained file, no script, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trigpoint.report.figures import Figure
from trigpoint.report.wording import listed, number, several

TEMPLATES = Path(__file__).parents[1] / "templates"


def render_why(figures: Sequence[Figure], *, title: str, invented: bool, lines: Sequence[str]) -> str:
    """The page as text: pictures with their tables, and the explanation in words. The same data, the same page."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(number=number, several=several, listed=listed)
    return made.get_template("why.html").render(
        title=title,
        invented=invented,
        figures=figures,
        lines=lines,
        style=Markup(style),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
