"""The picture of where children were found: home in the middle, direction and distance around it."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import altair as alt

from trigpoint.report.bars import simple_bars
from trigpoint.report.data import MOST, ReportData
from trigpoint.report.figures import AMBER, SOFT, TEAL, DataTable, Figure, figure, values
from trigpoint.report.wording import number, several

RINGS = (2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300)  # three rings, this many km apart


def found(data: ReportData) -> Figure | None:
    """Where children were found, seen from home: direction and distance, rounded to the kilometre."""
    rows = [row for row in data.found.to_pylist() if None not in row.values()][: MOST["found"]]
    if not rows:
        return None
    away: Counter[tuple[int, int]] = Counter()
    for row in rows:
        east, north = row["easting"] - row["home_easting"], row["northing"] - row["home_northing"]
        away[round(east / 1000), round(north / 1000)] += 1
    table, bars, says = _found_words(away, rows=len(rows))
    chart = alt.hconcat(_compass(away), bars, spacing=56).resolve_scale(color="independent")
    return figure(chart, name="found", title="Direction and distance from home", says=says, table=table)


def _compass(away: Counter[tuple[int, int]]) -> Any:
    """Home in the middle, rings of distance, a dot for each place."""
    furthest = max(math.hypot(*point) for point in away)
    apart = next((km for km in RINGS if 3 * km >= furthest), RINGS[-1])
    rings = [apart, 2 * apart, 3 * apart]
    reach = max(furthest, 3 * apart) * 1.06
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    x, y = alt.X("x:Q", scale=scale, axis=None), alt.Y("y:Q", scale=scale, axis=None)
    angle = _emptiest(away)
    places = [{"x": east, "y": north, "times": times} for (east, north), times in sorted(away.items())]
    spokes = [{"id": at, **end} for at, place in enumerate(places) for end in ({"x": 0, "y": 0}, place)]
    names = values(
        [*({**_at(ring, angle), "t": f"{ring} km"} for ring in rings), {"x": 0, "y": rings[-1], "t": "north"}]
    )
    circles = values({"ring": ring, "at": at, **_at(ring, math.tau * at / 72)} for ring in rings for at in range(73))
    size = alt.Size("times:Q", legend=None).scale(range=[45, 380], domain=[1, max(2, *away.values())])
    ring_lines = alt.Chart(circles).mark_line(color="#b9c9cd", strokeWidth=1.1)
    spoke_lines = alt.Chart(values(spokes)).mark_line(color=TEAL, opacity=0.16, strokeWidth=1)
    dots = alt.Chart(values(places)).mark_circle(color=TEAL, opacity=0.8, stroke="white", strokeWidth=0.8)
    home = alt.Chart(values([{"x": 0, "y": 0}])).mark_point(
        shape="triangle-up", filled=True, size=240, color=AMBER, opacity=1, stroke="white"
    )
    halo = alt.Chart(names).mark_text(fontSize=12, stroke="white", strokeWidth=4)
    words = alt.Chart(names).mark_text(fontSize=12, color=SOFT)
    layers = [
        ring_lines.encode(x=x, y=y, detail="ring:N", order="at:Q"),
        spoke_lines.encode(x=x, y=y, detail="id:N"),
        dots.encode(x=x, y=y, size=size),
        home.encode(x=x, y=y),
        halo.encode(x=x, y=y, text="t:N"),
        words.encode(x=x, y=y, text="t:N"),
    ]
    return alt.layer(*layers).properties(width=440, height=440)


def _at(km: float, angle: float) -> dict[str, float]:
    return {"x": round(km * math.sin(angle), 2), "y": round(km * math.cos(angle), 2)}


def _emptiest(away: Counter[tuple[int, int]]) -> float:
    """The direction, in radians from north, in which the fewest places lie: there the rings are named."""
    crowd = [0] * 8
    for east, north in away:
        crowd[round(math.atan2(east, north) / math.tau * 8) % 8] += 1
    order = (3, 5, 7, 1, 4, 2, 6)
    return math.tau * min(order, key=lambda at: crowd[at]) / 8


_DIRECTIONS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def _found_words(away: Counter[tuple[int, int]], *, rows: int) -> tuple[DataTable, Any, str]:
    bands = ((0, 10), (10, 25), (25, 50), (50, 100), (100, 10_000))
    counted: Counter[tuple[str, int]] = Counter()
    for (east, north), times in away.items():
        km = math.hypot(east, north)
        direction = _DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 45) % 8]
        band = next(at for at, (low, high) in enumerate(bands) if low <= km < high)
        counted[direction, band] += times
    heads = ["under 10 km", "10 to 25 km", "25 to 50 km", "50 to 100 km", "100 km or more"]
    table = DataTable(
        "Times children were found, by direction and distance from home",
        ["Direction", *heads],
        [[each, *(number(counted[each, at]) for at in range(len(bands)))] for each in _DIRECTIONS],
        numbers=len(bands),
    )
    far = sum(times for (_, band), times in counted.items() if band >= 2)
    says = (
        f"Each dot is a place, to the nearest kilometre, where a missing child was found, seen from that child's "
        f"home (the triangle in the middle); larger dots, more often. Of {several(rows, 'time')}, {number(far)} "
        f"{'was' if far == 1 else 'were'} 25 km from home or more."
    )
    by_band = Counter({heads[at]: sum(counted[each, at] for each in _DIRECTIONS) for at in range(len(bands))})
    return table, simple_bars(by_band, colour=TEAL, of="from home", width=210), says
