"""Each set linked by Trigpoint, by plain Splink and by goldenmatch, in turn, each in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.linkage.groups import spread
from benchmarks.linkage.judged import Judged, judge
from benchmarks.linkage.ours import compare_all
from benchmarks.linkage.sets import available, invent, prepare
from benchmarks.measuring import MIB, OverTimeError, Spent, python
from benchmarks.rows import Row
from trigpoint.linkage.scoring.advice import advise

LIMIT = 600.0
TOOLS = {
    "ours": "benchmarks.linkage.ours",
    "splink": "benchmarks.linkage.plain_splink",
    "golden": "benchmarks.linkage.golden",
}
NAMES = {"splink": "plain Splink", "golden": "goldenmatch"}
# What others reached without labels: pairwise F1 at the best threshold, and cluster F1.
BARS = {
    "fake_1000": "pairs .908, clusters .934", "historical": "pairs .801, clusters .840; aim .87",
    "febrl1": "1.000", "febrl2": ".9997", "febrl3": ".9999", "febrl4": "1.000", "invented": "clusters .96",
}  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What a tool took and how good it was."""

    spent: Spent
    judged: Judged

    def cell(self) -> str:
        """In a line."""
        j, peak = self.judged, (self.spent.peak or 0) / MIB
        return (
            f"clusters {j.f1:.4f} (P {j.precision:.4f}, R {j.recall:.4f}, B3 {j.b_cubed:.4f}); pairs at best "
            f"{j.best_pairs:.4f}; {self.spent.processor:.1f} s, {peak:,.0f} MiB"
        )


def measure_sets(folder: Path, *, children: int, names: list[str] | None = None) -> list[Row]:
    """One row a set and tool; `children` is the size of the invented partnership."""
    rows = []
    for name in [*(names or available()), "invented"]:
        place = folder / name
        place.mkdir(parents=True)
        if name == "invented":
            invent(place, children=children, seed=9_173, rates="holdout")
        else:
            prepare(name, place)
        rows += _set(name, place)
    return rows


def _set(name: str, place: Path) -> list[Row]:
    persons = name != "invented"
    tools = [tool for tool in TOOLS if tool != "golden" or find_spec("goldenmatch")]
    done = {tool: _run(tool, place, persons=persons) for tool in tools}
    ours, size = done["ours"], _size(place)
    if not isinstance(ours, Done):
        return [Row("linkage", name, size, ours)]
    rows = [Row("linkage", f"{name}: F1 and processor seconds", size, ours.cell(), aim=BARS[name])]
    for tool, other in done.items():
        if tool == "ours":
            continue
        if isinstance(other, Done):
            ratio = other.spent.processor / ours.spent.processor
            rows.append(Row("linkage", f"{name}, beside {NAMES[tool]}", size, f"clusters {ours.judged.f1:.4f}",
                            other.cell(), ratio))  # fmt: skip
        else:
            rows.append(Row("linkage", f"{name}, beside {NAMES[tool]}", size, "", other))
    if not persons:
        rows += [_family(place, tool, size=size) for tool in done if isinstance(done[tool], Done)]
    return [*rows, _advised(name, place, size=size, best=ours.judged)]


def _run(tool: str, place: Path, *, persons: bool) -> Done | str:
    try:
        spent = python(TOOLS[tool], [str(place), "persons" if persons else "children"], limit=LIMIT)
    except OverTimeError as over:
        return str(over)
    except Exception as error:  # another tool's failure is a result too
        return f"failed: {type(error).__name__}"
    if tool == "ours":
        compare_all(place, persons=persons)
    return Done(spent, judge(place, tool))


def _size(place: Path) -> str:
    with duckdb.connect() as con:
        counted = f"select count(distinct record_id), count(distinct cluster) from '{place}/records.parquet'"
        [[records, people]] = con.execute(counted).fetchall()
    return f"{records:,} records of {people:,}"


def _advised(name: str, place: Path, *, size: str, best: Judged) -> Row:
    """The F1 of pairs at the threshold that the advisor chooses without labels, beside the best there is."""
    with duckdb.connect() as con:
        pairs = con.execute(f"select probability from '{place}/ours_pairs.parquet'").fetchnumpy()
        advice = advise(pairs["probability"])
        [[f1]] = con.execute(AT_THRESHOLD.format(place=place, join=advice.join)).fetchall()
    asked = (place / "ours_questions").read_text(encoding="utf-8")
    said = f"pairs {f1:.4f} from {advice.join:.2f}; {int(asked):,} questions for people"
    return Row("linkage", f"{name}: threshold advised without labels", size, said,
               f"best {best.best_pairs:.4f} at {best.best_at:.2f}", aim="within 0.01 of the best")  # fmt: skip


def _family(place: Path, tool: str, *, size: str) -> Row:
    """Pairs of records of two twins that were joined, and the missed links of the best and the worst group."""
    with duckdb.connect() as con:
        con.execute(FAMILY.format(place=place, tool=tool))
        [[twins, joined, brothers]] = con.execute(TWINS).fetchall()
        whose = con.execute(GROUPS).fetchnumpy()
    found = spread(np.asarray(whose["grp"], str), np.asarray(whose["pairs"]), np.asarray(whose["missed"]))
    said = (
        f"{joined} of {twins} cross-twin pairs joined, {brothers} of brothers and sisters; "
        f"{found or 'groups too small to compare'}"
    )
    name = NAMES.get(tool, "Trigpoint")
    return Row("linkage", f"invented, families and groups: {name}", size, said if tool == "ours" else "",
               "" if tool == "ours" else said, aim="twin pairs under 0.001; worst group 1.3 times")  # fmt: skip


FAMILY = """
create table r as
select t.record_id, t.cluster, f.cluster_id, k.family, k.twin = 'yes' as twin, left(k.ethnicity, 1) as grp
from (select record_id, any_value(cluster) as cluster from '{place}/records.parquet' group by 1) t
join '{place}/{tool}.parquet' f using (record_id)
join read_csv('{place}/partnership/truth/children.csv', all_varchar = true) k on k.child = t.cluster
"""
TWINS = """
select count(*) filter (x.twin and y.twin), count(*) filter (x.twin and y.twin and x.cluster_id = y.cluster_id),
    count(*) filter (not (x.twin and y.twin) and x.cluster_id = y.cluster_id)
from r x join r y on x.family = y.family and x.record_id < y.record_id and x.cluster <> y.cluster
"""
# For each child its group (the first letter of the ethnicity code), its true pairs and how many of them were missed.
GROUPS = """
select any_value(x.grp) as grp, count(*)::double as pairs,
    count(*) filter (x.cluster_id <> y.cluster_id)::double as missed
from r x join r y on x.cluster = y.cluster and x.record_id < y.record_id where x.grp is not null group by x.cluster
"""

AT_THRESHOLD = """
with truth as (select record_id, any_value(cluster) as cluster from '{place}/records.parquet' group by 1),
p as (select count(*) as said, count(*) filter (x.cluster = y.cluster) as both_ from '{place}/ours_pairs.parquet'
      join truth x on x.record_id = record_a join truth y on y.record_id = record_b where probability >= {join}),
so as (select sum(n * (n - 1) / 2) as so from (select count(*) as n from truth group by cluster))
select 2 * both_ / (said + so) from p, so
"""
