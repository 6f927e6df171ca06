"""The needs assessment as one document, to be written as a page and as a Word file."""

from __future__ import annotations

from altair.utils.schemapi import debug_mode

from trigpoint.report.assessment import around, known, missed
from trigpoint.report.assessment.content import Block, Document, Text, Warn
from trigpoint.report.assessment.data import AssessmentData
from trigpoint.report.wording import day

SECTIONS = (
    known.in_short, known.how_many, known.where, known.which_forms, known.trend, missed.who, missed.unseen,
    missed.recording, around.national, around.strategy, around.method,
)  # fmt: skip


def compose(data: AssessmentData) -> Document:
    """Every section in its order. The same data give the same document."""
    front: list[Block] = [
        Text(
            "A draft for the safeguarding partners. The numbers are filled in from the published form of the last "
            "run; what "
            "stands in a marked box is for the partnership to write."
        )
    ]
    if data.invented:
        front.insert(0, Warn("Nobody in this document is real.", "Invented."))
    with debug_mode(False):  # our charts are tested; checking each against the schema takes seconds
        sections = [section(data) for section in SECTIONS]
    return Document(
        title="Child criminal exploitation: needs assessment",
        subtitle=f"What was known on {day(data.as_at)}",
        partnership=data.partnership,
        as_at=data.as_at,
        made_at=data.made_at,
        invented=data.invented,
        front=front,
        sections=sections,
        stamp=list(data.versions.items()),
    )
