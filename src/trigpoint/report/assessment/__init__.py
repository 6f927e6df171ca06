"""The yearly needs assessment of a safeguarding partnership: one text, as a page and as a Word document."""

from trigpoint.report.assessment.data import AssessmentData
from trigpoint.report.assessment.document import compose
from trigpoint.report.assessment.page import render_assessment
from trigpoint.report.assessment.word import write_word

__all__ = ["AssessmentData", "compose", "render_assessment", "write_word"]
