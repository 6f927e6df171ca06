"""The page on the unseen, drawn from the plain dictionary of a report on capture histories."""

from trigpoint.report.unseen.page import render_unseen

__all__ = ["render_unseen"]
