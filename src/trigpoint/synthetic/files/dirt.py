"""Dirt as files really have it, at stated rates: in cells, and in lines. It says which rows it made unreadable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from trigpoint.synthetic.columns import Objects, Whole, YesNo
from trigpoint.synthetic.files.cells import CODES, DATES, NAMES, NEEDED
from trigpoint.synthetic.files.layouts import Layout
from trigpoint.synthetic.rates import Rates

_FOUND: Final = frozenset({"missing", "missing_from_care"})  # whose end is an event too: being found
_WRONG: Final = ("ZZ", "X9", "?", "see notes", "TBC")
_NO_DAY: Final = (("%d", "31"), ("%m", "02"), ("%b", "Feb"), ("%Y", "2025"), ("%H", "10"), ("%M", "30"), ("%S", "00"))


@dataclass
class Sheet:
    """A file's rows of one chunk: columns of cells, and of each row the child and whether it can be read."""

    titles: list[str]
    columns: list[Objects]
    child: Whole
    readable: YesNo
    origin: Whole  # which of the clean rows each row is: some stand twice
    sound: YesNo  # no wrong code stands in the row

    def __len__(self) -> int:
        return len(self.child)

    def take(self, chosen: Whole) -> Sheet:
        """The chosen rows, in that order."""
        columns = [c[chosen] for c in self.columns]
        readable, sound = self.readable[chosen], self.sound[chosen]
        return Sheet(self.titles, columns, self.child[chosen], readable, self.origin[chosen], sound)


def clean_sheet(titles: list[str], columns: list[Objects], child: Whole) -> Sheet:
    """Rows before any dirt."""
    n = len(child)
    return Sheet(titles, columns, child, np.ones(n, dtype=np.bool_), np.arange(n), np.ones(n, dtype=np.bool_))


def soil(rng: np.random.Generator, sheet: Sheet, layout: Layout, *, rates: Rates) -> Sheet:
    """Put dirt into cells and repeat some rows."""
    for (_, said), column in zip(layout.columns, sheet.columns, strict=True):
        if said[0] in DATES:
            wrong = _some(rng, len(sheet), rates.impossible_date * (1.0 if said[0] == "at" else 0.5))
            wrong = np.array([i for i in wrong.tolist() if column[i] is not None], dtype=np.int64)
            column[wrong] = _impossible(" ".join(said[1:]))
            if said[0] in NEEDED or (said[0] == "end" and _FOUND.intersection(layout.kinds)):
                sheet.readable[wrong] = False
        if said[0] in NAMES:
            _soil_names(rng, column, layout, rates)
        if said[0] in CODES:
            wrong = _some(rng, len(sheet), rates.wrong_code)
            column[wrong] = np.array(_WRONG, dtype=object)[rng.integers(0, len(_WRONG), len(wrong))]
            sheet.sound[wrong] = False
    return _repeated(rng, sheet, rates.repeated_row)


def _some(rng: np.random.Generator, n: int, share: float) -> Whole:
    return np.flatnonzero(rng.random(n) < share)


def _impossible(form: str) -> str:
    for part, said in _NO_DAY:
        form = form.replace(part, said)
    return form


def _soil_names(rng: np.random.Generator, column: Objects, layout: Layout, rates: Rates) -> None:
    for i in _some(rng, len(column), rates.mixed_case).tolist():
        if column[i]:
            column[i] = (column[i].lower(), column[i].upper())[i % 2]
    for i in _some(rng, len(column), rates.spaces).tolist():
        if column[i]:
            column[i] = (column[i] + "  ", " " + column[i], column[i].replace(" ", "  ") + " ")[i % 3]
    if layout.shape.encoding == "utf-8" and layout.shape.kind == "csv":
        odd = [i for i, name in enumerate(column.tolist()) if name and (not name.isascii() or "'" in name)]
        for i in odd:
            if rng.random() < rates.mojibake:
                column[i] = mojibake(column[i])


def mojibake(name: str) -> str:
    """UTF-8 read as cp1252: "O'Brien" with a curly quote, or "Małgorzata", as they come out of an old export."""
    return name.replace("'", "’").encode("utf-8").decode("cp1252", "ignore")


def _repeated(rng: np.random.Generator, sheet: Sheet, share: float) -> Sheet:
    """Some rows stand twice, the second a little later."""
    again = _some(rng, len(sheet), share)
    if not len(again):
        return sheet
    places = np.r_[np.arange(len(sheet), dtype=float), again + rng.integers(1, 9, len(again)) + 0.5]
    order = np.argsort(places, kind="stable")
    return sheet.take(np.r_[np.arange(len(sheet)), again][order])


def soil_lines(
    rng: np.random.Generator, lines: list[str], *, layout: Layout, rates: Rates
) -> tuple[list[str], list[int]]:
    """Cut some lines in half and put blank ones between. Gives the lines and which rows were cut."""
    cut = [i for i in _some(rng, len(lines), rates.half_row).tolist() if '"' not in lines[i] or _json(layout)]
    for i in cut:
        lines[i] = _half(lines[i], layout)
    if _json(layout):
        return lines, cut
    made: list[str] = []
    blank = set(_some(rng, len(lines), rates.blank_line).tolist())
    for i, line in enumerate(lines):
        made.append(line)
        if i in blank:
            made.append("")
    return made, cut


def _json(layout: Layout) -> bool:
    return layout.shape.kind == "jsonl"


def _half(line: str, layout: Layout) -> str:
    half = line[: len(line) // 2]
    return half if _json(layout) else half.rsplit(layout.shape.delimiter, 1)[0]
