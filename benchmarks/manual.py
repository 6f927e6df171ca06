"""Puts what was measured into docs/benchmarks.md, with the command beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.rows import Row, machine, markdown

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def keep(benchmark: str, rows: Sequence[Row], *, command: str) -> None:
    """Replace what stands between the marks of `benchmark`. Raises LookupError where the page has no such marks."""
    begin, end = f"<!-- measured: {benchmark} -->", f"<!-- end: {benchmark} -->"
    measured = f"{begin}\nMeasured with `{command}` on {machine()}.\n\n{markdown(rows)}\n{end}"
    text = PAGE.read_text(encoding="utf-8")
    new, found = re.subn(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: measured, text, flags=re.DOTALL)
    if not found:
        raise LookupError(f"{PAGE.name} has no place for '{benchmark}': put '{begin}' and '{end}' into it.")
    PAGE.write_text(new, encoding="utf-8")
