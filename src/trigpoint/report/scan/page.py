"""The review page of a scan: one self-contained file, no script, nothing fetched, the conversation with its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from trigpoint.report.scan.data import ShownMessage, ShownScan
from trigpoint.report.standalone import draw_page

_NEAR = 4  # messages shown on each side of a marked one
_FOLD_FROM = 12  # a longer run of unmarked messages is folded away, and can be opened


def render_scan(scan: ShownScan) -> str:
    """The page as text, to be written as UTF-8. The same scan gives the same page."""
    return draw_page("scan.html", styles=("style.css", "scan.css"), scan=scan, folds=folds)


def folds(messages: Sequence[ShownMessage], /) -> Iterator[tuple[bool, list[ShownMessage]]]:
    """The messages in runs: (folded away, messages). What stands near a marked message is always in sight."""
    marked = [i for i, m in enumerate(messages) if m.signals]
    near = {j for i in marked for j in range(i - _NEAR, i + _NEAR + 1)}
    for seen, run in groupby(range(len(messages)), key=lambda i: i in near):
        many = [messages[i] for i in run]
        yield (not seen and len(many) >= _FOLD_FROM), many
