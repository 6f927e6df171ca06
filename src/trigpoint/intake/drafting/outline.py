"""The outline of an XML file: which element repeats, and the paths of what it holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import IO

from lxml import etree

from trigpoint.errors import ExtractError
from trigpoint.intake.language import Format
from trigpoint.intake.readers.xml_tree import Trail, parse, refuse_dtd

ENOUGH = 200_000


def outline_xml(path: Path) -> Format:
    """Rows and columns for an XML file: the shallowest element that repeats, with every value below it.

    A file of one record gives the shallowest element that holds other elements with values.
    """
    refuse_dtd(path)
    counts: Counter[Trail] = Counter()
    leaves: dict[Trail, None] = {}
    try:
        with path.open("rb") as file:
            _walk(file, counts, leaves)
    except (etree.XMLSyntaxError, OSError, ValueError):
        if not leaves:
            raise ExtractError(f"{path.name} is broken XML.", mend="Ask the agency to export it again.") from None
    row = _row(counts, leaves)
    if row is None:
        raise ExtractError(f"{path.name} holds no rows to go by.", mend="Write format.rows by hand; docs/mappings.md.")
    columns: dict[str, str] = {}
    for leaf in leaves:
        if leaf[: len(row)] == row and len(leaf) > len(row):
            last = leaf[-1]
            key = last if last not in columns else "/".join(leaf[len(row) :])
            columns[key] = "/".join((row[-1], *leaf[len(row) :]))
    return Format(kind="xml", skip=0, rows={row[-1]: "/".join(row)}, columns=columns)


def _walk(file: IO[bytes], counts: Counter[Trail], leaves: dict[Trail, None]) -> None:
    """Count the elements by path, and note those with a text; of a large file the beginning is enough."""
    trail: list[str] = []
    for event, element in parse(file):
        if event == "start":
            trail.append(etree.QName(element).localname)
            counts[tuple(trail[1:])] += 1
            continue
        if len(element) == 0 and (element.text or "").strip():
            leaves[tuple(trail[1:])] = None
        if len(trail) > 4:
            element.clear()
        trail.pop()
        if counts.total() > ENOUGH:
            break


def _row(counts: Counter[Trail], leaves: dict[Trail, None]) -> Trail | None:
    below = {p: sum(leaf[: len(p)] == p and len(leaf) > len(p) for leaf in leaves) for p in counts if p}
    holders = [p for p, leaves_below in below.items() if leaves_below]
    repeating = [p for p in holders if counts[p] > 1]
    if repeating:
        return min(repeating, key=lambda p: (len(p), -below[p]))
    return max(holders, key=lambda p: (below[p], len(p)), default=None)
