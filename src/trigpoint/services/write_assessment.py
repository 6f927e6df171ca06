"""Write the yearly needs assessment: one text, as a page and as a Word document."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from trigpoint.counts.unseen import Report, Settings, Verdict
from trigpoint.errors import NotFoundError
from trigpoint.report.assessment import compose, render_assessment, write_word
from trigpoint.report.assessment.data import Unseen
from trigpoint.services.current import show_current
from trigpoint.services.estimate_unseen import Of, estimate_unseen, lists_of_partnership
from trigpoint.services.gather_assessment import gather_assessment
from trigpoint.services.progress import SILENT, Progress
from trigpoint.services.show_recognition import recognised
from trigpoint.services.workspace import Workspace

PAGE, WORD = "assessment.html", "assessment.docx"
Lists = Literal["proposed", "found", "set", "none"]
# Reasons as the estimate gives them hold exact numbers of children; the document says them without.
UNNUMBERED: Final = (
    (re.compile(r"Only [\d,]+ of [\d,]+ cases are on two lists or more; with fewer than \d+ every"),
     "Few of the cases are on two lists or more: every"),
    (re.compile(r"has [\d,]+ cases?\b"), "has few cases"),
    (re.compile(r"The methods say from [\d,]+ to [\d,]+: more"), "The methods lie more"),
)  # fmt: skip


def write_assessment(
    workspace: Workspace,
    output: Path,
    *,
    areas: Sequence[str] = (),
    lists: Lists = "found",
    resamples: int = 5_000,
    progress: Progress = SILENT,
) -> list[Path]:
    """Write assessment.html and assessment.docx into the folder `output`; return their paths.

    Only the published form of the last run enters, readings of comparisons without their counts, and the unseen
    rounded to two figures or not at all. `areas` are ONS codes whose published figures stand beside; `lists` says
    from which linked lists the unseen are estimated ('none': not at all). Each file appears whole or not at all.
    Raises NotFoundError where no run has finished.
    """
    show_current(workspace)
    unseen = None if lists == "none" else _unseen(workspace, lists, resamples=resamples, progress=progress)
    progress.stage("Writing the needs assessment")
    document = compose(gather_assessment(workspace, areas=areas, unseen=unseen, recognised=recognised(workspace)))
    output.mkdir(parents=True, exist_ok=True)
    page, word = output / PAGE, output / WORD
    half_page, half_word = (path.with_name(path.name + ".part") for path in (page, word))
    try:
        half_page.write_text(render_assessment(document), encoding="utf-8")
        write_word(document, half_word)
        os.replace(half_page, page)
        os.replace(half_word, word)
    finally:
        for half in (half_page, half_word):
            half.unlink(missing_ok=True)
    return [page, word]


def _unseen(workspace: Workspace, of: Of, *, resamples: int, progress: Progress) -> Unseen | None:
    try:
        lists = lists_of_partnership(workspace, of=of)
    except NotFoundError:
        return None
    report = estimate_unseen(lists, settings=Settings(resamples=resamples), progress=progress)
    return unseen_said(report, small=workspace.partnership.counts.suppress_up_to,
                       base=workspace.partnership.counts.round_totals_to)  # fmt: skip


def unseen_said(report: Report, *, small: int, base: int) -> Unseen:
    """A report on the unseen as a document may say it: no exact number of children, a range to two figures."""
    spread = report.spread
    trusted = report.fitness.verdict is Verdict.CAUTION and spread is not None
    low, high = (_two_figures(end) for end in spread) if trusted and spread else ("", "")
    return Unseen(
        verdict=report.fitness.verdict.value,
        trusted=trusted,
        reasons=[_unnumbered(reason) for reason in report.fitness.reasons],
        lists=report.histories.lists,
        seen=_rounded(report.histories.seen, small=small, base=base),
        on_several=_rounded(report.histories.on_several, small=small, base=base),
        low=low,
        high=high,
        methods=len(report.main),
        made_from=report.made_from,
        warnings=[_unnumbered(warning) for warning in report.fitness.warnings],
    )


def _unnumbered(said: str) -> str:
    for form, instead in UNNUMBERED:
        said = form.sub(instead, said)
    return said


def _rounded(count: int, *, small: int, base: int) -> str:
    """As a margin is shown: to the nearest `base`; `k` for what rounds to nought, and for what is small."""
    rounded = (count + base // 2) // base * base
    return "0" if count == 0 else "k" if count <= small or rounded == 0 else str(rounded)


def _two_figures(total: float) -> str:
    return f"{int(float(f'{total:.2g}')):,}"
