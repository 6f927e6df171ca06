"""Growth: time and memory of linking many invented records, and of adding one in a hundred to them."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from time import process_time

import duckdb

from benchmarks.linkage.grown import grow
from benchmarks.measuring import MIB, OverTimeError, python
from benchmarks.rows import Row
from trigpoint.linkage.link import link

AT = datetime(2026, 1, 5)
LIMIT = 3_600.0


def measure_growth(folder: Path, records: int) -> list[Row]:
    """Linking all, with training and without; then one per cent more, with the same clusters."""
    grow(folder, records=records)
    size = f"{records:,} records"
    try:
        spent = python("benchmarks.linkage.measuring_growth", [str(folder)], limit=LIMIT)
    except OverTimeError as over:
        return [Row("linkage", "growth", size, str(over))]
    all_, learnt, added, same, f1 = (folder / "growth").read_text(encoding="utf-8").split()
    peak = (spent.peak or 0) / MIB
    return [
        Row("linkage", "all records, with a model learnt before", size, f"{float(all_):.1f} s, {peak:,.0f} MiB",
            f"learning and linking: {float(learnt):.1f} s", aim=f"pairwise F1 here {float(f1):.4f}"),
        Row("linkage", f"one per cent more; the same clusters: {same}", size, f"{float(added):.2f} s",
            f"all again: {float(all_):.2f} s", float(added) / float(all_), "under 0.10"),
    ]  # fmt: skip


def main(folder: Path) -> None:
    """Link 99 in 100, then everything, then everything by adding; write the seconds."""
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute(f"create table everyone as from '{folder}/records.parquet'")
        con.execute("create view old as from everyone where hash(record_id) % 100 <> 0")
        memory = folder / "memory"
        began = process_time()
        first = link(con, "old", at=AT, memory=memory)
        learnt, began = process_time() - began, process_time()
        whole = link(con, "everyone", at=AT, known_links=first.links, model=first.model)
        all_, began = process_time() - began, process_time()
        step = link(con, "everyone", at=AT, known_links=first.links, known_edges=first.edges, model=first.model,
                    new_record_ids=[], memory=memory)  # fmt: skip
        added = process_time() - began
        con.register("links", whole.links)
        con.execute("create table r as select cluster as c, child_key as k from everyone join links using (record_id)")
        [[f1]] = con.execute(F1).fetchall()
    said = f"{all_} {learnt} {added} {'yes' if step.links == whole.links else 'no'} {f1}"
    (folder / "growth").write_text(said, encoding="utf-8")


F1 = """
select 2 * b / (s + t) from (select
    (select sum(n * (n - 1) / 2) from (select count(*) as n from r group by c)) as t,
    (select sum(n * (n - 1) / 2) from (select count(*) as n from r group by k)) as s,
    (select sum(n * (n - 1) / 2) from (select count(*) as n from r group by k, c)) as b)
"""

if __name__ == "__main__":
    main(Path(sys.argv[1]))
