"""A page of HTML that stands alone: its style within it, no script, nothing fetched, by its own security policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trigpoint.report.wording import day, listed, number, several

TEMPLATES: Final = Path(__file__).parent / "templates"


def draw_page(template: str, *, styles: tuple[str, ...] = ("style.css",), **shown: Any) -> str:
    """The page as text, to be written as UTF-8, from a template and style sheets of this room and what they show.

    The same data give the same page.
    """
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in styles)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    made = _environment().get_template(template)
    return made.render(style=Markup(style), policy=policy, **shown)  # noqa: S704  our own files


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
