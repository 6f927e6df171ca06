"""An invented partnership of a size, as two runs: the second after one row in a hundred came later. Kept under build/.

`trigpoint invent` makes some six events a child; a partnership that has been at work for years holds more. So each
child on a school's roll gets as many weeks of attendance as bring the events to 33 a child: 60,000 children, two
million events. They are loaded as any extract is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from numpy.random import default_rng

from benchmarks.again import BYTES, hold_back
from benchmarks.measuring import trigpoint
from benchmarks.run import AS_AT, limit, run

SEED = 4_201
EVENTS_A_CHILD = 27  # beyond those that inventing makes
WEEKLY = "attendance_2026-10-30.csv"
LATER = "later.json"


def invent(place: Path, children: int) -> None:
    """Files of the partnership, with the rows that come later held back."""
    trigpoint("invent", place, "--children", str(children), "--seed", str(SEED), limit=limit(children))
    _write_weeks(place / "sources" / "education")
    later = hold_back(place, default_rng(SEED))
    (place / LATER).write_text(json.dumps({str(path.relative_to(place)): text for path, text in later.items()}))


def run_first(place: Path, children: int) -> None:
    """The run that casework holds before anything is measured."""
    run(place, children)


def run_again(place: Path, children: int) -> None:
    """The run that is registered while people work: the rows that were held back have come."""
    for name, text in json.loads((place / LATER).read_text()).items():
        (place / name).write_text(text, encoding=BYTES, newline="")
    run(place, children)


def _write_weeks(folder: Path) -> None:
    """Weeks of attendance of everybody on the roll, some of them worse than others."""
    with (folder / f"attendance_{AS_AT}.csv").open(encoding="utf-8-sig", newline="") as known:
        names = next(csv.reader(known))
    with (folder / WEEKLY).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(_weeks(folder / f"school_census_{AS_AT}.csv"))


def _weeks(census: Path) -> Iterator[list[object]]:
    draw = default_rng(SEED)
    ends = [f"{date(2026, 10, 30) - timedelta(weeks=week):%d/%m/%Y}" for week in range(EVENTS_A_CHILD)]
    with census.open(encoding="utf-8-sig", newline="") as roll:
        for pupil in csv.DictReader(roll):
            person = [
                pupil["UPN"],
                pupil["Legal surname"],
                pupil["Legal forename"],
                pupil["Date of birth"],
                pupil["School"],
            ]
            missed = draw.binomial(10, 0.04, EVENTS_A_CHILD).tolist()
            for end, absent in zip(ends, missed, strict=True):
                yield [*person, end, 10, absent, 100 - 10 * absent]
