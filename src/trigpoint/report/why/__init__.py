"""Why these records are one child, or are not: the pictures and the page."""

from trigpoint.report.why.page import render_why
from trigpoint.report.why.pictures import cluster, waterfall

__all__ = ["cluster", "render_why", "waterfall"]
