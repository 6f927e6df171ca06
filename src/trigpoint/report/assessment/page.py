"""The needs assessment as one page of HTML: no script, nothing fetched, made to be read and to be printed."""

from __future__ import annotations

from trigpoint.report.assessment.content import Document
from trigpoint.report.standalone import draw_page


def render_assessment(document: Document) -> str:
    """The whole page as text, to be written as UTF-8."""
    blocks = [(section, [(type(block).__name__, block) for block in section.blocks]) for section in document.sections]
    front = [(type(block).__name__, block) for block in document.front]
    return draw_page(
        "assessment.html", styles=("style.css", "assessment.css"), document=document, sections=blocks, front=front
    )
