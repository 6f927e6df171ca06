"""The report: one self-contained page that a partnership reads after a run. Pure rendering, no reading of data.

`render` takes a `ReportData`, which says what has to be gathered, and gives the page as text.
"""

from trigpoint.report.data import ReportData, Words
from trigpoint.report.page import render

__all__ = ["ReportData", "Words", "render"]
