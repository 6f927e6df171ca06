"""An invented partnership's needs assessment: published counts and figures, as a service would gather them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from trigpoint.report.assessment.data import (
    AssessmentData,
    Count,
    Grid,
    Group,
    National,
    Rate,
    Recognition,
    Recorder,
    Source,
    Unseen,
)

UNSEEN = Unseen(
    verdict="to be read with caution", trusted=True, reasons=[], lists=["Police", "Health", "Education"], seen="410",
    on_several="120", low="900", high="2,100", methods=9, made_from="From children with a finding, by agency.",
)  # fmt: skip
NO_TRUST = replace(
    UNSEEN, verdict="no estimate can be trusted here", trusted=False,
    reasons=["The methods lie more than three times apart."], low="", high="",
)  # fmt: skip


def national(period: str, shown: str, *, kind: str = "financial year", change: str = "", **other: Any) -> National:
    told = {
        "series": "Factors identified at the end of assessment",
        "of": "assessments with this factor, child criminal exploitation",
        "area": "England", "source": "Department for Education", "published_on": date(2025, 10, 30),
    }  # fmt: skip
    return National(period=period, period_type=kind, shown=shown, change=change, **{**told, **other})


def invented(**changed: Any) -> AssessmentData:
    """Everything there is to show, with some of it changed."""
    years = Grid(
        "Form", ["2024", "2025", "2026", "Total"],
        [("County lines", ["60", "c", "21", "140"]), ("Debt bondage", ["0", "c", "k", "10"]),
         ("Total", ["70", "60", "30", "160"])],
    )  # fmt: skip
    whole: dict[str, Any] = {
        "partnership": "Inventedshire (invented)", "as_at": date(2026, 10, 31), "from_on": date(2024, 1, 1),
        "made_at": datetime(2026, 11, 22, 9, 30), "invented": True, "rule": "Small counts are hidden.",
        "symbols": {"c": "confidential", "k": "rounds to 0"}, "versions": {"Trigpoint": "0"},
        "total": Count("all", "1160", why="rounded"), "referred": Count("all", "40", why="rounded"),
        "limits": ("1150", "1180"),
        "forms": [Count("County lines", "1040", "89.7", "rounded"), Count("Debt bondage", "c", "c", "hidden")],
        "areas": [Count("Riverside", "90", "56.3", "rounded"), Count("Lowford", "k", ":", "rounded")],
        "forms_by_area": Grid("Form", ["Riverside", "Lowford", "Total"],
                              [("County lines", ["88", "52", "140"]), ("Total", ["90", "k", "160"])]),
        "forms_by_year": years, "referred_by_year": replace(years, corner="Exploitation type"),
        "known_by_year": Grid("Year", ["Newly known", "Known before", "Total"],
                              [("2024", ["70", "0", "70"]), ("2025", ["60", "12", "70"])]),
        "first_seen": Grid("Who saw the first sign", ["13-15", "Total"],
                           [("Police", ["33", "80"]), ("Total", ["61", "160"])]),
        "proxies": {"Arrests of 10 to 17 year olds": Grid(
            "Year", ["PWITS, class A", "Total"], [("2024/25", ["17", "20"]), ("Total", ["30", "40"])])},
        "groups": [Group("Age", [Count("13-15", "61", "38.1")], [Count("13-15", "20", "50.0", "rounded")]),
                   Group("In care", [Count("Looked after", "c", "")], [])],
        "rates": [Rate("Riverside", "21,400", "42.1"), Rate("Lowford", "9,000", ":")],
        "population_sources": ["Invented estimates (2025)"],
        "recognition": [
            Recognition("Sex", "girls", {"with a proposed marker": ("less often", "0.45 (0.21 to 0.97)"),
                                         "referred to the NRM": ("too few to say", "")}),
            Recognition("Age", "under 10", {"with a proposed marker": ("too few to say", ""),
                                            "referred to the NRM": ("too few to say", "")}),
        ],
        "unseen": UNSEEN,
        "recorders": [Recorder("Police", 4, 120, 30, "25", ["Home taken over"], "2026-10"),
                      Recorder("Health", 2, 60, 0, "0", [], "2026-09")],
        "national": [national("2023/24", "15,000"), national("2024/25", "16,000", change="+7%")],
        "national_cautions": {"Factors identified at the end of assessment": "Assessments, not children."},
        "national_marks": ["c: confidential: hidden by the publisher"],
        "sources": [Source("Invented police", "Police", date(2026, 10, 31), 6),
                    Source("Invented school", "Education", None, 0)],
    }  # fmt: skip
    return AssessmentData(**{**whole, **changed})
