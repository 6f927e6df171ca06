"""The page on the unseen: one self-contained file, no script, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trigpoint.report.figures import DataTable
from trigpoint.report.unseen import pictures, tables
from trigpoint.report.wording import listed, number, several

TEMPLATES = Path(__file__).parents[1] / "templates"


def render_unseen(report: dict[str, Any], *, title: str, made_on: str = "") -> str:
    """The page as text, from the dictionary of a report on capture histories (`Report.as_dict`)."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    whole = [one for one in report["estimates"] if one["total"] is not None]
    return (
        _environment()
        .get_template("unseen.html")
        .render(
            title=title,
            made_on=made_on,
            report=report,
            style=Markup(style),  # noqa: S704 - our own file
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            figures={"upset": pictures.upset(report), "estimates": pictures.estimates(report)},
            tables=_tables(report),
            answered=len(whole),
        )
    )


def _tables(report: dict[str, Any]) -> dict[str, DataTable | None]:
    made = {
        "lists": tables.lists_table(report),
        "assumptions": tables.assumptions_table(report["estimates"]),
        "near": tables.near_table(report),
        "predicted": tables.predicted_table(report),
        "redrawn": tables.redrawn_table(report),
        "depending": tables.depending_table(report),
        "relinked": tables.relinked_table(report),
        "strata": tables.strata_table(report),
    }
    return {name: table if table.rows else None for name, table in made.items()}


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(number=number, several=several, listed=listed, whole=tables.whole)
    return made
