"""A figure that somebody else publishes: what it counts, of whom, where, in which kind of period, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import pyarrow as pa

from trigpoint.counts.national.periods import Period
from trigpoint.errors import CountsError
from trigpoint.records.tables import FIXED

ALL: Final = "all"
NATIONAL: Final = FIXED["national"]


@dataclass(frozen=True)
class Series:
    """A series of figures: its title, who publishes it and where, what one unit of it is, and what it cannot say."""

    title: str
    publisher: str
    address: str
    unit: str
    caution: str


SERIES: Final[dict[str, Series]] = {
    "nrm": Series(
        "Referrals to the National Referral Mechanism",
        "Home Office",
        "https://www.gov.uk/government/collections/national-referral-mechanism-statistics",
        "referrals",
        "Referrals, not children: they follow who refers and what is recognised. Age is that at the time of "
        "exploitation. Criminal exploitation is a type of its own only since October 2019, and each release revises "
        "earlier ones.",
    ),
    "factors": Series(
        "Factors identified at the end of assessment",
        "Department for Education",
        "https://explore-education-statistics.service.gov.uk/find-statistics/children-in-need",
        "assessments",
        "Assessments by children's social care that closed in the year, not children: one child may have several, and "
        "an assessment several factors. Child criminal exploitation was added only lately.",
    ),
    "arrests": Series(
        "Arrests for notifiable offences",
        "Home Office",
        "https://www.gov.uk/government/collections/police-powers-and-procedures-england-and-wales",
        "arrests",
        "Arrests, not children, and they reflect policing. The group 'drug offences' does not part supply from "
        "possession.",
    ),
    "searches": Series(
        "Stop and search",
        "Home Office",
        "https://www.gov.uk/government/collections/police-powers-and-procedures-england-and-wales",
        "searches",
        "Searches, not children, and they reflect where and whom police search. A reason for searching is not what "
        "was found.",
    ),
    "searches_monthly": Series(
        "Stop and search, street level",
        "Police forces through data.police.uk",
        "https://data.police.uk/data/",
        "searches",
        "Searches, not children. Forces send these monthly and correct them later; age is as the officer saw it.",
    ),
}


@dataclass(frozen=True)
class Of:
    """Whom and what a figure is of; `all` where it is not parted."""

    measure: str
    category: str = ALL
    age: str = ALL
    sex: str = ALL
    ethnicity: str = ALL
    other: str = ""


@dataclass(frozen=True)
class Where:
    """An area: its ONS code where the file or the person who added it gave one, its name and its kind."""

    code: str | None
    name: str
    kind: str


@dataclass(frozen=True)
class Cell:
    """One printed cell: a number, or the mark that stands for it; and where in the file it is."""

    of: Of
    where: Where
    period: Period
    value: float | None
    mark: str | None
    place: str


@dataclass(frozen=True)
class Read:
    """What was read of one table of a file, its title and notes, and remarks for the person who added it."""

    series: str
    cells: list[Cell] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def joined(self, others: Sequence[Read]) -> Read:
        """This and others of the same series as one."""
        parts = [self, *others]
        return replace(
            self,
            cells=[cell for part in parts for cell in part.cells],
            titles=[title for part in parts for title in part.titles],
            footnotes=list(dict.fromkeys(note for part in parts for note in part.footnotes)),
            remarks=[remark for part in parts for remark in part.remarks],
        )


def table_of(read: Read, *, published_on: date, file: str) -> pa.Table:
    """The figures as a table in the columns of NATIONAL; `file_hash` and `added_at` are left for whoever keeps it."""
    series = SERIES[read.series]
    source = f"{series.publisher}, {series.title}"
    rows = [
        {
            "series": read.series,
            **vars(cell.of),
            "area_code": cell.where.code,
            "area": cell.where.name,
            "area_kind": cell.where.kind,
            "period": cell.period.name,
            "period_type": cell.period.kind,
            "from_on": cell.period.from_on,
            "to_on": cell.period.to_on,
            "value": cell.value,
            "mark": cell.mark,
            "published_on": published_on,
            "source": source,
            "title": "; ".join(read.titles),
            "footnotes": "\n".join(read.footnotes),
            "file": file,
            "place": cell.place,
        }
        for cell in read.cells
    ]
    return pa.Table.from_pylist(rows, schema=NATIONAL)


def change(before: dict[str, object], after: dict[str, object]) -> float | None:
    """The change from one figure to another as a share, None where either is no number or the first is nought.

    Both are rows of NATIONAL. Raises CountsError where their periods are of different kinds, or they count different
    things: a quarter beside a year, or a calendar year beside a financial one, is no comparison.
    """
    for column, what in (("series", "series"), ("measure", "measures"), ("period_type", "kinds of period")):
        if before[column] != after[column]:
            raise CountsError(
                f"Figures of different {what} cannot be compared: {before[column]} and {after[column]}.",
                mend="Compare figures of one series, one measure and one kind of period.",
            )
    first, second = before["value"], after["value"]
    if not isinstance(first, float) or not isinstance(second, float) or first == 0:
        return None
    return second / first - 1


def kinds_of_period(rows: Iterable[dict[str, object]]) -> list[str]:
    """The kinds of period among rows of NATIONAL, each once, in the order in which they come."""
    return list(dict.fromkeys(str(row["period_type"]) for row in rows))
