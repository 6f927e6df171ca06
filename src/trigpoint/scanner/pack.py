"""All that a pack holds for the scanner, read once and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from trigpoint.errors import TermsError, nearest
from trigpoint.scanner.answering.advice import AdviceBook, read_advice
from trigpoint.scanner.answering.usual import Calibration, read_calibration
from trigpoint.scanner.course.bound import Bound
from trigpoint.scanner.course.conclude import Weigher
from trigpoint.scanner.course.note import Noter
from trigpoint.scanner.cues.lexicon import Lexicon, read_lexicon
from trigpoint.scanner.frames.behaviour import Behaviour, Inhibitor
from trigpoint.scanner.frames.examine import Examiner
from trigpoint.scanner.frames.of_pack import read_behaviours, read_inhibitors
from trigpoint.scanner.frames.reading import Reader
from trigpoint.scanner.opinion.phrases import OpinionModel, read_opinion

_PACKS = Path(__file__).parents[1] / "terms" / "packs"


@dataclass(frozen=True)
class ScannerPack:
    """Vocabulary, behaviours, inhibitors, the learned phrases, the calibration and the advice of a pack."""

    name: str
    lexicon: Lexicon
    reader: Reader
    behaviours: Mapping[str, Behaviour]
    inhibitors: tuple[Inhibitor, ...]
    opinion: OpinionModel
    calibration: Calibration
    advice: AdviceBook

    @cached_property
    def noter(self) -> Noter:
        """Turns messages into entries."""
        examiner = Examiner(self.behaviours, self.inhibitors)
        return Noter(
            self.reader, examiner, behaviours=self.behaviours, inhibitors=self.inhibitors, opinion=self.opinion
        )

    @cached_property
    def bound(self) -> Bound:
        """Says what cannot make a signal."""
        return Bound(self.behaviours, self.noter.examiner.whole)

    @cached_property
    def weigher(self) -> Weigher:
        """Weighs what senders showed in a conversation."""
        mask = self.reader.matcher.mask
        return Weigher(
            self.behaviours,
            self.inhibitors,
            whole=self.noter.examiner.whole,
            comply=mask(["comply"]),
            plead=mask(["protest", "plea", "afraid", "want_out", "want_out_of_task", "they_threaten"]),
        )


def read_pack(name: str | Path = "england_wales", /) -> ScannerPack:
    """Read the scanner's part of the pack `name`, or of the pack folder at that path.

    Raises TermsError, with file, position and mend, where a file is missing or broken.
    """
    folder = Path(name) if isinstance(name, Path) or "/" in name else _PACKS / name
    if not folder.is_dir():
        known = sorted(p.name for p in _PACKS.iterdir() if (p / "scanner").is_dir())
        near = nearest(folder.name, known)
        raise TermsError(
            f"There is no pack '{name}'.", mend=f"Did you mean '{near}'?" if near else f"There is: {known}"
        )
    part = folder / "scanner"
    lexicon = read_lexicon(part)
    reader = Reader(lexicon)
    behaviours = read_behaviours(part, reader.matcher)
    return ScannerPack(
        name=folder.name,
        lexicon=lexicon,
        reader=reader,
        behaviours=behaviours,
        inhibitors=read_inhibitors(part, reader.matcher),
        opinion=read_opinion(part / "opinion", lexicon.plainest),
        calibration=read_calibration(part / "calibration.yaml"),
        advice=read_advice(part / "advice.yaml"),
    )
