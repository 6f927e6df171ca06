"""Inventing a partnership: chunks made side by side, put together in order, with the truth beside the files."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from trigpoint.errors import SettingsError
from trigpoint.synthetic.chunks import Made, Order, make_chunk, orders
from trigpoint.synthetic.files.layouts import SMALL, Layout, layouts
from trigpoint.synthetic.files.writing import OpenFile
from trigpoint.synthetic.partnership import write_settings
from trigpoint.synthetic.populations import write_populations
from trigpoint.synthetic.rates import Rates
from trigpoint.synthetic.truth import Truth


@dataclass(frozen=True)
class Invented:
    """What was made: children, files that agencies send, rows in them."""

    children: int
    files: int
    rows: int


def invent(
    folder: Path | str,
    *,
    children: int,
    seed: int,
    rates: Rates | None = None,
    progress: Callable[[str], None] | None = None,
) -> Invented:
    """Invent a partnership in `folder`: settings, files of all sources, and the truth beside them.

    The same `children`, `seed` and `rates` give the same bytes. Chunks of 20,000 children are made side by side
    where there are several; memory stays bounded. Raises SettingsError where `folder` holds a partnership already.
    """
    folder, rates = Path(folder), rates or Rates()
    if (folder / "partnership.toml").exists():
        raise SettingsError(
            "This folder is a partnership already.", where=str(folder), mend="Name a new folder, or remove this one."
        )
    small = children < SMALL
    wanted = orders(children=children, seed=seed, rates=rates)
    made = _put_together(folder, wanted, small=small, progress=progress or (lambda _: None))
    # Last, so that a folder whose making broke off is no partnership.
    write_populations(folder, children=made.children)
    write_settings(folder, small=small, title=f"{folder.resolve().name.replace('_', ' ').title()} (invented)")
    return made


def _put_together(folder: Path, wanted: list[Order], *, small: bool, progress: Callable[[str], None]) -> Invented:
    truth = Truth(folder / "truth")
    by_file, files = _by_file(small=small), dict[str, OpenFile]()
    told, total = 0, wanted[-1].last
    for chunk in _made(wanted):
        for part in chunk.pieces:
            layout = by_file[part.file]
            file = files.setdefault(part.file, OpenFile(folder / "sources" / part.file, layout))
            truth.add_rows(part, source=layout.source, before=file.rows)
            file.add(part)
        truth.add_chunk(chunk.children, chunk.patterns)
        told += len(chunk.children)
        progress(f"{told:,} children of {total:,}")
    truth.close()
    for file in files.values():
        file.close()
    return Invented(told, len(files), sum(file.rows for file in files.values()))


def _by_file(*, small: bool) -> dict[str, Layout]:
    """The layout of each file; an earlier and a corrected one have that of the file beside them."""
    held = layouts(small=small).extracts
    return {file: e for e in held for file in (e.file, e.earlier, e.corrected) if file}


def _made(wanted: list[Order]) -> Iterator[Made]:
    """The chunks in order. At most two more than are being made wait in memory."""
    workers = _workers(wanted)
    if workers < 2:
        yield from map(make_chunk, wanted)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: deque[Future[Made]] = deque()
        for order in wanted:
            waiting.append(pool.submit(make_chunk, order))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _workers(wanted: list[Order]) -> int:
    """One process a chunk, at most one a processor and four in all: the writer keeps no more of them busy."""
    return min(os.cpu_count() or 1, 4, sum(not order.cases for order in wanted))
