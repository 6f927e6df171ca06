"""XML read as a stream: one row for each element that `rows` names, columns from it and from what encloses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb
from lxml import etree

from trigpoint.errors import ExtractError
from trigpoint.intake.extract import Extract
from trigpoint.intake.language import Format
from trigpoint.intake.readers.batches import Refusal, Row, store_rows

MAX_TEXT = 100_000
HEAD = 1 << 16
Trail = tuple[str, ...]
"""Element names from below the root down."""


def read_xml(path: Path, hints: Format, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read the elements that `hints.rows` names. Raises ExtractError for a DTD, broken XML, or no such element."""
    if not isinstance(hints.rows, dict) or not hints.columns:
        raise ExtractError(
            f"{path.name} is XML, and the mapping does not say what its rows are.",
            where="format.rows, format.columns",
            mend="Name the row elements and the columns' paths; docs/mappings.md shows how.",
        )
    refuse_dtd(path)
    columns = ("_rows", *hints.columns)
    extract = store_rows(_stream(path, hints), columns, file=path.name, con=con)
    if extract.rows == 0:
        raise ExtractError(
            f"{path.name} holds none of the elements that the mapping names.",
            where="format.rows",
            mend=f"Looked for: {', '.join(hints.rows.values())}. Check the paths against the file.",
        )
    return extract


def refuse_dtd(path: Path) -> None:
    """Raise ExtractError where a document type or an entity is declared."""
    with path.open("rb") as file:
        head = file.read(HEAD).replace(b"\0", b"")
    if b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
        raise _dtd(path)


def _dtd(path: Path) -> ExtractError:
    return ExtractError(
        f"{path.name} brings its own document type or entities; it was not read.",
        mend="Ask the agency for a plain XML export. Entities can read files or fill memory.",
    )


@dataclass(frozen=True)
class _Plan:
    """For each row element's path: its name, and for each column how far up it starts and the steps down from there."""

    names: dict[Trail, str]
    columns: dict[Trail, list[tuple[int, Trail] | None]]
    units: frozenset[Trail]

    def above(self, here: Trail) -> bool:
        """Whether a unit lies below `here`."""
        return any(unit[: len(here)] == here and len(unit) > len(here) for unit in self.units)

    def inside(self, here: Trail) -> bool:
        """Whether `here` lies in a unit, or is one."""
        return any(here[: len(unit)] == unit for unit in self.units)


def _plan(rows: dict[str, str], columns: dict[str, str]) -> _Plan:
    names = {_steps(path): row for row, path in rows.items()}
    paths = [_steps(path) for path in columns.values()]
    found: dict[Trail, list[tuple[int, Trail] | None]] = {}
    units: set[Trail] = set()
    for trail in names:
        found[trail] = [_climb(trail, path) for path in paths]
        highest = max((c[0] for c in found[trail] if c), default=0)
        units.add(trail[: len(trail) - highest])
    # A unit is read whole before its rows are told, because a column may stand after the row element.
    outer = frozenset(u for u in units if not any(o != u and u[: len(o)] == o for o in units))
    return _Plan(names, found, outer)


def _steps(path: str) -> Trail:
    return tuple(step for step in path.split("/") if step)


def _climb(trail: Trail, path: Trail) -> tuple[int, Trail] | None:
    """How many elements above the row the path begins, and its steps from there; None where it does not enclose it."""
    for up, tag in enumerate(reversed(trail)):
        if path and tag == path[0]:
            return up, path[1:]
    return None


def _stream(path: Path, hints: Format) -> Iterator[Row | Refusal]:
    """Rows, unit by unit; what is done with is dropped, so memory stays small."""
    plan = _plan(hints.rows if isinstance(hints.rows, dict) else {}, hints.columns)
    number = 0
    try:
        for unit, here in _units(path, plan):
            for element, trail in _below(unit, here, plan):
                number += 1
                cells = [_cell(element, where) for where in plan.columns[trail]]
                yield number, _line(element), [plan.names[trail], *cells]
            unit.clear()
    except etree.XMLSyntaxError as fault:
        line = int(fault.lineno or 0)
        if number == 0:
            raise ExtractError(
                f"{path.name} is broken XML at line {line}.", mend="Ask the agency to export it again."
            ) from None
        reason = "the XML breaks off or is wrong here; nothing after it was read"
        yield number + 1, line, None, None, reason, "Ask the agency to export the file again."
    except (OSError, ValueError, AssertionError):
        raise ExtractError(f"{path.name} cannot be read as XML.", mend="Ask the agency to export it again.") from None


def _units(path: Path, plan: _Plan) -> Iterator[tuple[etree._Element, Trail]]:
    trail: list[str] = []
    with path.open("rb") as file:
        for event, element in parse(file):
            if event == "start":
                if not trail and element.getroottree().docinfo.internalDTD is not None:
                    raise _dtd(path)
                trail.append(etree.QName(element).localname)
                continue
            here = tuple(trail[1:])
            if here in plan.units:
                yield element, here
            if not plan.inside(here) or here in plan.units:
                _drop(element)
            trail.pop()


def parse(file: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    """Start and end events, with everything off that reads beyond the file or fills memory."""
    events: Iterator[tuple[str, etree._Element]] = etree.iterparse(
        file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    return events


def _drop(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _below(element: etree._Element, here: Trail, plan: _Plan) -> Iterator[tuple[etree._Element, Trail]]:
    if here in plan.names:
        yield element, here
    for child in element:
        yield from _below(child, (*here, etree.QName(child).localname), plan)


def _line(element: etree._Element) -> int:
    found = element.sourceline
    return found if isinstance(found, int) else 0


def _cell(element: etree._Element, where: tuple[int, Trail] | None) -> str | None:
    if where is None:
        return None
    up, steps = where
    start = element
    for _ in range(up):
        parent = start.getparent()
        if parent is None:
            return None
        start = parent
    found = [t for t in _texts(start, steps) if t]
    return "|".join(found)[:MAX_TEXT] or None


def _texts(element: etree._Element, steps: Trail) -> Iterator[str]:
    if not steps:
        yield (element.text or "").strip()
    elif steps[0].startswith("@"):
        yield str(element.get(steps[0][1:]) or "").strip()
    else:
        for child in element:
            if etree.QName(child).localname == steps[0]:
                yield from _texts(child, steps[1:])
