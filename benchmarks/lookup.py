"""Look-up: one child among all, in a process that holds the index open; quiet, and while a load runs beside it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measuring import MIB, Spent, spend, trigpoint
from benchmarks.rows import Row
from benchmarks.seen_children import Asked, custody_desk, records
from trigpoint.linkage.clusters import region
from trigpoint.linkage.features.people import TABLE, make_people, read_records
from trigpoint.linkage.lookup.finding import Finder, Found
from trigpoint.linkage.lookup.reading import OpenIndex
from trigpoint.linkage.lookup.writing import write_index
from trigpoint.linkage.scoring.blocking import make_keys, make_pairs
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings, bundled_model
from trigpoint.linkage.scoring.pairs import scored_sql
from trigpoint.linkage.scoring.training import prepare_model

SEED = 4_201
ASKED = 2_000
BESIDE = 20_000  # records that the engine is asked about: more would only make it slower
LOADED = 20_000  # children of the partnership that is loaded meanwhile
WORKERS = 2  # processes that answer
LONGEST = 40.0  # seconds of look-ups beside a load


def measure(children: int, folder: Path) -> list[Row]:
    """Index invented children, then ask for some of them as a custody desk would."""
    size = f"{children:,} children"
    model, wrote = _index(children, folder)
    index = OpenIndex(folder / "lookup").now()
    finder, asked = Finder(index), custody_desk(children, seed=SEED, asked=ASKED)
    size = f"{children:,} children, {index.records:,} records"
    _ask(finder, asked)  # warm
    found, quiet = _ask(finder, asked)
    disk = sum(path.stat().st_size for path in (folder / "lookup").rglob("*") if path.is_file()) / MIB
    rows = [
        Row("lookup", f"writing the index, {disk:,.0f} MiB on disk", size, str(wrote)),
        _speed("one look-up, warm", size, quiet, beside=_engine(folder, model, asked[:40])),
    ]
    rows += _beside_a_load(folder, asked, size)
    return [*rows, *_right(found, asked, size)]


def _beside_a_load(folder: Path, asked: list[Asked], size: str) -> list[Row]:
    """Look-ups by processes that share the index, while another loads an invented partnership."""
    with _load(folder) as running, ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        stop = folder / "stop"
        going = [pool.submit(_until, folder / "lookup", asked[i::WORKERS], stop=stop) for i in range(WORKERS)]
        began = time.monotonic()
        while running() and time.monotonic() - began < LONGEST:
            time.sleep(0.2)
        stop.touch()
        done = [each.result() for each in going]
    took = [seconds for seconds_of_one, _ in done for seconds in seconds_of_one]
    per_second = sum(len(seconds_of_one) / wall for seconds_of_one, wall in done)
    what = f"while a load of {LOADED:,} children runs, {WORKERS} processes"
    return [
        _speed(f"one look-up {what}", size, took),
        Row("lookup", f"look-ups a second {what}", size, f"{per_second:,.0f}", aim="200 or more"),
    ]


def _until(index: Path, asked: list[Asked], *, stop: Path) -> tuple[list[float], float]:
    """Ask again and again until told to stop: the seconds of each look-up, and of all by the clock."""
    finder, took = Finder(OpenIndex(index).now()), list[float]()
    _ask(finder, asked[:100])
    began = time.monotonic()
    while not stop.exists():
        took += _ask(finder, asked[:100])[1]
        asked = [*asked[100:], *asked[:100]]
    return took, time.monotonic() - began


def _index(children: int, folder: Path) -> tuple[LinkModel, Spent]:
    """Records and true links as tables, the bundled weights with their frequencies, and the index of it all."""
    file, settings, made = folder / "records.parquet", LinkSettings(), dict[str, LinkModel]()
    _write(file, records(children, seed=SEED))
    with _database(folder) as con:
        con.execute(f"CREATE VIEW records AS SELECT * EXCLUDE (child_key) FROM '{file}'")
        con.execute(f"CREATE VIEW true_links AS SELECT record_id, child_key FROM '{file}'")
        read_records(con, "records")
        made["model"] = prepare_model(con, settings, weights=bundled_model(records=pq.read_metadata(file).num_rows))
        wrote = spend(
            lambda: write_index(
                con, folder / "lookup", records_view="records", links="true_links", judgements=None,
                model=made["model"], settings=settings,
            )
        )  # fmt: skip
    return made["model"], wrote


@contextmanager
def _database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(folder / "work.duckdb") as con:
        con.execute("SET memory_limit = '3GB'")
        con.execute(f"SET temp_directory = '{folder / 'spill'}'")
        yield con
    (folder / "work.duckdb").unlink()


def _write(file: Path, tables: Iterator[pa.Table]) -> None:
    writer: pq.ParquetWriter | None = None
    for table in tables:
        writer = writer or pq.ParquetWriter(file, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def _ask(finder: Finder, asked: list[Asked]) -> tuple[list[Found], list[float]]:
    """What was found, and the seconds that each look-up took."""
    found, took = [], []
    for each in asked:
        began = time.perf_counter()
        found.append(finder.find(each.request))
        took.append(time.perf_counter() - began)
    return found, took


@contextmanager
def _load(folder: Path) -> Iterator[Callable[[], bool]]:
    """A load of an invented partnership by a process of its own; whether it still runs."""
    place = folder / "partnership"
    trigpoint("invent", place, "--children", str(LOADED), "--seed", str(SEED), limit=600)
    said = "from trigpoint.cli.main import run; run()"
    child = subprocess.Popen([sys.executable, "-c", said, "load", str(place)], stdout=subprocess.DEVNULL)
    try:
        yield lambda: child.poll() is None
    finally:
        child.kill()
        child.wait()


def _engine(folder: Path, model: LinkModel, asked: list[Asked]) -> float:
    """Median seconds of the same question put to DuckDB: one new record blocked against some and scored by the SQL."""
    settings = LinkSettings()
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE records AS SELECT * EXCLUDE (child_key) FROM '{folder / 'records.parquet'}' LIMIT {BESIDE}"
        )
        region.take_known(con, links=None, edges=None, judgements=None)
        read_records(con, "records")
        make_people(con, frequencies=model.frequencies, crowded_postcodes=list(model.crowded_postcodes), same_nhs={})
        region.number_known(con)
        make_keys(con, settings)
        scored = scored_sql("link_pairs", model=model, settings=settings)
        took = []
        for number in range(1, len(asked) + 1):
            began = time.perf_counter()
            con.execute(f"CREATE OR REPLACE TEMP TABLE link_touched AS SELECT n FROM {TABLE} WHERE n = {number}")
            make_pairs(con, only_touched=True)
            con.execute(f"SELECT a, b, weight, verdict FROM ({scored})").fetchall()
            took.append(time.perf_counter() - began)
    return float(np.median(took))


def _speed(what: str, size: str, took: list[float], *, beside: float | None = None) -> Row:
    half, most, worst = (1000 * float(np.quantile(took, q)) for q in (0.5, 0.95, 0.99))
    said = f"p50 {half:.1f} ms, p95 {most:.1f} ms, p99 {worst:.1f} ms"
    if beside is None:
        return Row("lookup", what, size, said, aim="p95 under 50 ms")
    engine = f"{1000 * beside:.0f} ms: DuckDB, a record known to it against {BESIDE:,}"
    return Row("lookup", what, size, said, engine, half / 1000 / beside, "p95 under 50 ms")


def _right(found: list[Found], asked: list[Asked], size: str) -> list[Row]:
    """How often the answer was right: of the child from whom the request was made."""
    known, strangers = Counter[str](), Counter[str]()
    for each, answer in zip(asked, found, strict=True):
        (known if each.child else strangers)[_judged(answer, each.child)] += 1
    return [
        Row("lookup", f"answers for {sum(counts.values()):,} {whom}", size, ", ".join(
            f"{100 * n / sum(counts.values()):.1f} % {what}" for what, n in counts.most_common()))
        for whom, counts in (("children asked for", known), ("children of another partnership", strangers))
    ]  # fmt: skip


def _judged(found: Found, child: str | None) -> str:
    keys = [candidate.child_key for candidate in found.candidates]
    if found.answer == "one":
        return "the right child" if keys == [child] else "another child"
    if found.answer == "ask":
        return "a choice with the right child in it" if child in keys else "a choice without the child"
    return "nobody"
