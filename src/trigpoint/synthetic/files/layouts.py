"""The layouts in data/layouts.yaml: which events give rows of which file, and what its columns hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import yaml

from trigpoint.synthetic.clock import day_number
from trigpoint.synthetic.people.places import DATA
from trigpoint.synthetic.people.views import Habits

SENT_ON: Final = "2026-10-31"  # in every file name: when the agencies sent them
EARLIER_ON: Final = "2026-06-30"  # when an extract came that was corrected later
SMALL: Final = 50_000  # children; above it a list is a CSV, because a sheet does not hold its rows


@dataclass(frozen=True)
class Shape:
    """How a file is written."""

    kind: str = "csv"  # csv, xlsx, jsonl, parquet, census
    delimiter: str = ","
    encoding: str = "utf-8"
    bom: bool = False
    line: str = "\n"
    sheet: str = ""


@dataclass(frozen=True)
class Layout:
    """One file of a source. Days are counted since 1970."""

    file: str
    source: str
    feed: str
    mapping: str
    kinds: tuple[str, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    shape: Shape
    glob: str
    learnt: str
    areas: tuple[str, ...]
    seen: float
    period: tuple[int, int] | None
    gaps: tuple[tuple[int, int], ...]
    only: tuple[tuple[str, tuple[str, ...]], ...]
    earlier: str  # the file with the rows up to EARLIER_ON, where there are two
    corrected: str  # the file with rows of the earlier one, changed


@dataclass(frozen=True)
class Layouts:
    """All files, the agencies' habits, and their words for codes."""

    extracts: tuple[Layout, ...]
    habits: dict[str, Habits]
    words: dict[str, dict[str, list[str]]]


@cache
def _read() -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load((DATA / "layouts.yaml").read_text(encoding="utf-8"))
    return held


@cache
def layouts(*, small: bool) -> Layouts:
    """The layouts, for a small partnership (with workbooks) or a large one."""
    data = _read()
    return Layouts(
        tuple(_layout(held, small=small) for held in data["extracts"]),
        {name: Habits(name=name, **held) for name, held in data["sources"].items()},
        data["words"],
    )


def _layout(held: dict[str, Any], *, small: bool) -> Layout:
    shape = Shape(**(held["small"] if small and "small" in held else held["format"]))
    stem, ending = held["file"].rsplit(".", 1)
    ending = "xlsx" if shape.kind == "xlsx" else ending
    period = held.get("period")
    return Layout(
        file=f"{stem}_{SENT_ON}.{ending}",
        source=held["source"],
        feed=held["feed"],
        mapping=held["mapping"],
        kinds=tuple(held["kinds"]),
        columns=tuple((title, tuple(said.split())) for title, said in held["columns"].items()),
        shape=shape,
        glob=f"{stem}_*.{ending}",
        learnt=held.get("learnt", ""),
        areas=tuple(held.get("areas", ())),
        seen=held.get("seen", 1.0),
        period=_days(period) if period else None,
        gaps=tuple(_days(gap) for gap in held.get("gaps", ())),
        only=tuple((name, tuple(values)) for name, values in held.get("only", {}).items()),
        earlier=f"{stem}_{EARLIER_ON}.{ending}" if held.get("corrected") else "",
        corrected=f"{stem}_{SENT_ON}_corrected.{ending}" if held.get("corrected") else "",
    )


def _days(pair: list[date]) -> tuple[int, int]:
    return day_number(pair[0]), day_number(pair[1])
