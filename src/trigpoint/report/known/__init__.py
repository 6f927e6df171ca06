"""The page on what is known, drawn from plain data."""

from trigpoint.report.known.page import render_known

__all__ = ["render_known"]
