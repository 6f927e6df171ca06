"""The review page of a scan: one self-contained file, no script, nothing fetched, the conversation with its places."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trigpoint.report.scan.data import ShownMessage, ShownScan
from trigpoint.report.wording import listed, number, several

TEMPLATES = Path(__file__).parents[1] / "templates"
_NEAR = 4  # messages shown on each side of a marked one
_FOLD_FROM = 12  # a longer run of unmarked messages is folded away, and can be opened


def render_scan(scan: ShownScan) -> str:
    """The page as text, to be written as UTF-8. The same scan gives the same page."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8") + (TEMPLATES / "scan.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(number=number, several=several, listed=listed)
    return made.get_template("scan.html").render(
        scan=scan,
        folds=folds,
        style=Markup(style),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


def folds(messages: Sequence[ShownMessage], /) -> Iterator[tuple[bool, list[ShownMessage]]]:
    """The messages in runs: (folded away, messages). What stands near a marked message is always in sight."""
    marked = [i for i, m in enumerate(messages) if m.signals]
    near = {j for i in marked for j in range(i - _NEAR, i + _NEAR + 1)}
    for seen, run in groupby(range(len(messages)), key=lambda i: i in near):
        many = [messages[i] for i in run]
        yield (not seen and len(many) >= _FOLD_FROM), many
