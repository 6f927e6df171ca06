"""Invent a partnership to practise on, or to measure with. Nobody in it is real."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trigpoint.errors import SettingsError
from trigpoint.records.partnership import FILE_NAME
from trigpoint.services.progress import SILENT, Progress
from trigpoint.synthetic import RATES, invent


@dataclass(frozen=True)
class Invented:
    """How much was invented."""

    children: int
    files: int
    rows: int


def invent_partnership(
    folder: Path, *, children: int, seed: int, rates: str = "usual", progress: Progress = SILENT
) -> Invented:
    """Write an invented partnership of `children` children into `folder`, with the truth beside it in truth/.

    The same children, seed and rates give the same files. Raises SettingsError where a partnership is there
    already, or where there are no such rates.
    """
    if (folder / FILE_NAME).exists():
        raise SettingsError("This folder is a partnership already.", where=str(folder), mend="Choose another folder.")
    if rates not in RATES:
        raise SettingsError(f"There are no rates '{rates}'.", mend=f"Choose one of: {', '.join(RATES)}.")
    progress.stage(f"Inventing {children:,} children")
    made = invent(folder, children=children, seed=seed, rates=RATES[rates], progress=progress.step)
    return Invented(children, files=made.files, rows=made.rows)
