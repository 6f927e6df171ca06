"""What the values of each column look like: the share that could be a date, an NHS number, a code of the pack ..."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from trigpoint.intake.compile import identifiers
from trigpoint.intake.compile.dates import clock, moment
from trigpoint.intake.compile.quoting import name, texts
from trigpoint.intake.compile.values import clean
from trigpoint.intake.extract import Extract
from trigpoint.terms.pack import Pack

FEW = 30


@dataclass(frozen=True)
class Look:
    """One column of the sample: how many cells are filled, how many differ, how many could be what."""

    rows: int
    filled: int
    distinct: int
    fits: Mapping[str, int]
    values: tuple[str, ...] = field(repr=False)  # the distinct values, where they are few enough to be codes

    def share(self, what: str) -> float:
        """The share of the filled cells that could be `what`."""
        return self.fits.get(what, 0) / self.filled if self.filled else 0.0

    @property
    def unique(self) -> bool:
        """Whether no value stands twice."""
        return self.filled > 0 and self.distinct == self.filled

    @property
    def full(self) -> bool:
        """Whether no cell is empty."""
        return self.filled == self.rows

    @property
    def codes(self) -> bool:
        """Whether the values look like a short list of codes that many rows share."""
        return 0 < self.distinct <= FEW and self.filled >= 3 * self.distinct


@dataclass(frozen=True)
class Guess:
    """What a column seems to be, and why."""

    column: str
    part: str
    sure: bool
    why: str


def look_at(extract: Extract, *, con: duckdb.DuckDBPyConnection, pack: Pack, sample: int) -> dict[str, Look]:
    """Look at the first `sample` rows, a column at a time."""
    return {column: _look(extract, column, con=con, pack=pack, sample=sample) for column in extract.columns}


def _look(extract: Extract, column: str, *, con: duckdb.DuckDBPyConnection, pack: Pack, sample: int) -> Look:
    tests = {
        "date": f"{moment('c')} IS NOT NULL",
        "time": f"{clock('c')} IS NOT NULL",
        "nhs_number": f"{identifiers.nhs_number('c')} IS NOT NULL",
        "upn": f"{identifiers.upn('c')} IS NOT NULL",
        "postcode": f"{identifiers.postcode('c')} IS NOT NULL",
        "whole_postcode": "regexp_full_match(upper(c), '[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}')",
        "phone": f"length(c) >= 9 AND {identifiers.phone('c')} IS NOT NULL",
    }
    spellings = {f"codes:{a.name}": a.codes for a in pack.attributes.values() if a.codes}
    spellings |= {codes: codes for codes in ("sex", "ethnicity", "disability")}
    for what, codes in spellings.items():
        if codes in pack.codes:
            tests[what] = f"lower(c) IN {texts(pack.codes[codes].spelling())}"
    cell = clean(name(column), nulls=(), spaces="odd")
    counted = ", ".join(f"count(*) FILTER ({test})" for test in tests.values())
    origin = f"SELECT {cell} AS c FROM (SELECT * FROM {name(extract.table)} LIMIT {sample})"
    rows, filled, distinct, *fits = con.execute(
        f"SELECT count(*), count(c), count(DISTINCT c), {counted} FROM ({origin})"
    ).fetchall()[0]
    values: tuple[str, ...] = ()
    if 0 < distinct <= FEW:
        found = con.execute(f"SELECT DISTINCT c FROM ({origin}) WHERE c IS NOT NULL ORDER BY c").fetchall()
        values = tuple(str(row[0]) for row in found)
    return Look(rows, filled, distinct, dict(zip(tests, fits, strict=True)), values)
