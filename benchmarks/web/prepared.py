"""What is measured on: a partnership with two runs, and casework that holds the first. Made once for each size.

Each stage leaves a mark when it is done, so that one that was broken off is done again, and a long making can be
spread over several calls: `python -m benchmarks.web.prepared --children 60000 --stage run`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.web import invented
from trigpoint.linkage.lookup.writing import FORMAT

KEPT = Path("build/bench/web")


@dataclass(frozen=True)
class Prepared:
    """The folders of one size."""

    folder: Path
    children: int

    @property
    def partnership(self) -> Path:
        return self.folder / "partnership"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    def done(self, stage: str) -> Path:
        return self.folder / f"{stage}.done"


def _invent(made: Prepared) -> None:
    shutil.rmtree(made.partnership, ignore_errors=True)
    invented.invent(made.partnership, made.children)


def _run(made: Prepared) -> None:
    invented.run_first(made.partnership, made.children)


def _fill(made: Prepared) -> None:
    from benchmarks.web.filling import fill

    shutil.rmtree(made.postgres, ignore_errors=True)
    fill(made)


def _run_again(made: Prepared) -> None:
    invented.run_again(made.partnership, made.children)


STAGES: dict[str, Callable[[Prepared], None]] = {"invent": _invent, "run": _run, "fill": _fill, "run_again": _run_again}


def prepare(children: int, *, until: str = "run_again") -> Prepared:
    """Make what is not there yet, up to that stage."""
    made = Prepared((KEPT / f"{children}-{invented.SEED}-index{FORMAT}").resolve(), children)
    made.folder.mkdir(parents=True, exist_ok=True)
    for name, stage in STAGES.items():
        if not made.done(name).exists():
            began = time.monotonic()
            stage(made)
            made.done(name).write_text(f"{time.monotonic() - began:.1f} seconds\n")
        if name == until:
            break
    return made


def main(
    children: Annotated[int, typer.Option()] = 60_000, stage: Annotated[str, typer.Option()] = "run_again"
) -> None:
    """Make it up to a stage."""
    prepare(children, until=stage)


if __name__ == "__main__":
    typer.run(main)
