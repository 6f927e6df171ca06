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

    The same `children`, `seed` and `rates` give the same bytes. Chunks of 20,000 children are made by two processes
    where there are several; memory stays bounded. Raises SettingsError where `folder` holds a partnership already.
    """
    folder, rates = Path(folder), rates or Rates()
    if (folder / "partnership.toml").exists():
        raise SettingsError(
            "This folder is a partnership already.", where=str(folder), mend="Name a new folder, or remove this one."
        )
    folder.mkdir(parents=True, exist_ok=True)
    small = children < SMALL
    write_settings(folder, small=small, title=f"{folder.resolve().name.replace('_', ' ').title()} (invented)")
    by_file = {}
    for layout in layouts(small=small).extracts:
        by_file[layout.file] = layout
        if layout.corrected:
            by_file[layout.corrected] = layout
    return _put_together(
        folder, by_file, _made(orders(children=children, seed=seed, rates=rates)), children, progress
    )


def _put_together(
    folder: Path,
    by_file: dict[str, Layout],
    made: Iterator[Made],
    children: int,
    progress: Callable[[str], None] | None,
) -> Invented:
    truth = Truth(folder / "truth")
    files: dict[str, OpenFile] = {}
    told = 0
    for chunk in made:
        for part in chunk.pieces:
            layout = by_file[part.file]
            file = files.setdefault(part.file, OpenFile(folder / "sources" / part.file, layout))
            truth.add_rows(part, source=layout.source, before=file.rows)
            file.add(part)
        truth.add_chunk(chunk.children, chunk.patterns)
        told += len(chunk.children)
        if progress:
            progress(f"{min(told, children):,} of {children:,} children")
    truth.close()
    for file in files.values():
        file.close()
    return Invented(told, len(files), sum(file.rows for file in files.values()))


def _made(wanted: list[Order]) -> Iterator[Made]:
    """The chunks in order. At most two more than are being made wait in memory."""
    workers = min(os.cpu_count() or 1, 4, sum(not order.cases for order in wanted))
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
