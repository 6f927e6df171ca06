"""An invented partnership's report: nobody in it is real. Sizes can be set, so that growth can be tested."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from trigpoint.report import ReportData, Words
from trigpoint.report.data import COLUMNS, PUBLISHED

AS_AT = date(2025, 12, 31)
AGENCIES = {
    "police": "Police",
    "missing_persons": "Missing-persons service",
    "childrens_services": "Children's services",
    "education": "Education",
    "health": "Health",
    "youth_justice": "Youth justice",
    "bank": "Bank",
    "platform": "Online platform",
}
FORMS = {
    "county_lines": "County lines",
    "financial_exploitation": "Financial exploitation",
    "local_supply": "Local drug supply",
    "online_control": "Control online",
    "violence": "Violence",
    "acquisitive_crime": "Theft and robbery",
}
INDICATORS = {
    "missing_three_times_in_90_days": ("Missing three times or more in 90 days", "going_missing"),
    "found_far_from_home": ("Found 30 km from home or further", "going_missing"),
    "missing_with_another_child": ("Missing with another child", "going_missing"),
    "arrested_class_a_intent_to_supply": (
        "Arrested for possession of class A with intent to supply",
        "drugs_and_weapons",
    ),
    "drug_search_found_weapon": ("A search for drugs found a weapon", "drugs_and_weapons"),
    "mule_account_suspected": ("Account suspected of passing on money", "money"),
    "bank_use_far_from_home": ("Bank card used far from home", "money"),
    "online_offers_repeated": ("Offered quick cash online more than once", "online"),
    "moved_to_private_channel": ("Asked to move to a private channel", "online"),
    "attendance_fell": ("School attendance fell by 20 points", "school"),
    "excluded_then_missing": ("Excluded, then missing", "school"),
    "emergency_injuries_repeated": ("Injured repeatedly", "health"),
    "threat_to_family": ("Threats against the family", "control"),
    "assessment_factor_criminal_exploitation": ("Named as criminally exploited in an assessment", "care"),
}
AREAS = {"RV": "Riverside", "LF": "Longfield"}
CHANGE = "It would no longer be proposed if the episodes of 3 May and 9 June were of another child"


def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([{key: row.get(key) for key in COLUMNS[name].names} for row in rows], COLUMNS[name])


def invented_report(children: int = 24, **others: Any) -> ReportData:
    chance = np.random.default_rng(7)
    pick = lambda items: items[int(chance.integers(len(items)))]  # noqa: E731 - a word for a die
    keys = [f"{int(chance.integers(1 << 62)):020x}"[:20] for _ in range(children)]
    people, proposals, reasons, seen, unknown = [], [], [], [], []
    for at, key in enumerate(keys):
        newest = AS_AT - timedelta(days=int(chance.integers(1, 200)))
        people.append(
            {
                "child_key": key,
                "age": None if at == 5 else int(chance.integers(8, 18)),
                "sex": pick(["F", "M", None]),
                "area": pick(["RV", "LF", None]),
                "in_care": pick([True, False]),
                "missing_now": at % 9 == 0,
                "newest_on": newest,
            }
        )
        for form in {pick(list(FORMS)), pick(list(FORMS))}:
            proposal = f"{key}{form}"
            proposals.append(
                {
                    "proposal_id": proposal,
                    "child_key": key,
                    "form": form,
                    "from_on": newest - timedelta(days=80),
                    "to_on": newest,
                    "why": "going missing and being found far away, with drugs, seen by two agencies",
                    "what_would_change": CHANGE,
                    "online": form == "online_control",
                    "overlap_cse": at % 7 == 3,
                }
            )
            for indicator in sorted({pick(list(INDICATORS)) for _ in range(4)}):
                reasons += [
                    {
                        "proposal_id": proposal,
                        "indicator": indicator,
                        "version": 1,
                        "to_on": newest,
                        "from_on": newest - timedelta(days=int(chance.integers(0, 90))),
                        "sentence": f"{INDICATORS[indicator][0]}: three times between 3 May and 9 June 2025.",
                        "agencies": sorted({pick(list(AGENCIES)), pick(list(AGENCIES))}),
                        "sources": ["police"],
                    }
                ]
        for agency in sorted({pick(list(AGENCIES)) for _ in range(3)}):
            seen += [
                {
                    "child_key": key,
                    "agency": agency,
                    "kinds": ["missing", "found", "arrest"],
                    "events": 7,
                    "first_on": newest - timedelta(days=200),
                    "last_on": newest,
                }
            ]
        unknown.append({"child_key": key, "indicator": "attendance_fell", "missing": ["attendance"]})
        unknown.append({"child_key": key, "indicator": "bank_use_far_from_home", "missing": []})
    given: dict[str, Any] = {
        "partnership": "Riverside and Longfield",
        "as_at": AS_AT,
        "made_at": datetime(2026, 1, 5, 9, 30),
        "invented": True,
        "records": 9_412,
        "children_known": 3_106,
        "events": 48_212,
        "children_in_all": children,
        "proposals_in_all": len(proposals),
        "folder": "examples/riverside",
        "versions": {"Trigpoint": "0.1.0", "Terms": "England and Wales, version 1"},
        "words": Words(
            forms=FORMS,
            agencies=AGENCIES,
            agencies_plain={code: title.lower() for code, title in AGENCIES.items()},
            areas=AREAS,
            indicators={k: title for k, (title, _) in INDICATORS.items()},
            kinds={"found": "Found", "missing": "Missing", "attendance": "School attendance", "arrest": "Arrest"},
            sources={"police": "Police custody and searches", "schools": "School attendance"},
        ),
        "children": table("children", people),
        "proposals": table("proposals", proposals),
        "reasons": table("reasons", reasons),
        "seen_by": table("seen_by", seen),
        "not_known": table("not_known", unknown),
        "published": {"children_by_form_and_age": _published()},
        "published_note": "DfE rule: counts of 1 to 5 are hidden; totals are rounded to the nearest 10.",
        "symbols": {
            "c": "confidential: hidden so that no child can be recognised",
            "k": "more than nought, rounds to 0",
        },
        **_sums(chance),
    }
    return ReportData(**(given | others))


def _sums(chance: np.random.Generator) -> dict[str, pa.Table]:
    months = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(24)]
    claims = {agency: int(chance.integers(2, 8)) for agency in AGENCIES}
    return {
        "indicators": table(
            "indicators",
            [
                {"indicator": code, "theme": theme, "agency": agency, "children": int(chance.integers(1, 90) ** 1.3)}
                for code, (_, theme) in INDICATORS.items()
                for agency in AGENCIES
                if chance.random() < 0.4
            ],
        ),
        "trend": table(
            "trend",
            [
                {"month": month, "form": form, "children": int(chance.poisson(6 / (1 + at) + 0.3))}
                for month in months
                for at, form in enumerate(FORMS)
            ],
        ),
        "found": table("found", _found(chance)),
        "recording": table(
            "recording",
            [
                {
                    "agency": agency,
                    "month": month,
                    "kinds_claimed": claims[agency] if at > 3 or agency != "bank" else 0,
                    "kinds_silent": _silent(chance, agency, at, claims[agency]),
                    "kinds_unclaimed": 0,
                    "events": 20,
                }
                for agency in AGENCIES
                for at, month in enumerate(months)
            ],
        ),
        "clusters": table(
            "clusters", [{"records": n, "children": int(1_600 / n**1.7)} for n in (1, 2, 3, 4, 5, 6, 7, 11)]
        ),
        "bands": table(
            "bands",
            [
                {"from": low, "to": high, "decision": decision, "pairs": pairs}
                for low, high, decision, pairs in (
                    (0.99, 1.0, "joined", 5_210),
                    (0.9, 0.99, "joined", 801),
                    (0.5, 0.9, "asked", 96),
                    (0.1, 0.5, "parted", 240),
                    (0.0, 0.1, "parted", 2_300),
                )
            ],
        ),
        "attention": table(
            "attention", [{"kind": "maybe_same", "reason": "Two records may be one child or twins", "questions": 14}]
        ),
        "passed_over": table("passed_over", [{"shared": "phone", "values": 1, "pairs": 31_125}]),
        "sources": table("sources", _sources()),
        "refusals": table(
            "refusals",
            [
                {
                    "source": "police",
                    "column": "DOB",
                    "reason": "The day does not exist",
                    "rows": 41,
                    "mend": "Send days as YYYY-MM-DD, or name the format in the mapping",
                },
                {
                    "source": "schools",
                    "column": None,
                    "reason": "The row has too few columns",
                    "mend": None,
                    "rows": 12,
                },
            ],
        ),
    }


def _silent(chance: np.random.Generator, agency: str, at: int, claimed: int) -> int:
    if agency == "health" and 12 <= at <= 15:
        return claimed
    return 0 if agency == "bank" and at <= 3 else int(chance.random() < 0.18)


def _found(chance: np.random.Generator) -> list[dict[str, Any]]:
    rows = []
    for at in range(160):
        east, north = (
            chance.normal([0, 0], [9_000, 9_000]) if at % 4 else chance.normal([62_000, -38_000], [9_000, 6_000])
        )
        rows.append(
            {
                "easting": 420_000 + int(east),
                "northing": 300_000 + int(north),
                "home_easting": 420_000,
                "home_northing": 300_000,
                "happened_on": AS_AT,
            }
        )
    return rows


def _sources() -> list[dict[str, Any]]:
    return [
        {
            "source": source,
            "agency": agency,
            "files": 3,
            "latest_on": date(2025, 12, 29),
            "read": loaded + refused + 40,
            "loaded": loaded,
            "refused": refused,
            "repeated": 40,
            "corrected": 12,
            "values_left_out": 9,
        }
        for source, agency, loaded, refused in (
            ("police", "police", 9_120, 88),
            ("missing", "missing_persons", 4_310, 9),
            ("schools", "education", 21_000, 130),
            ("ssda903", "childrens_services", 3_020, 4),
            ("a_and_e", "health", 5_200, 31),
        )
    ]


def _published() -> pa.Table:
    columns = ["under 10", "10-12", "13-15", "16-17", "total"]
    shown = {
        "county_lines": ["c", "9", "41", "38", "90"],
        "financial_exploitation": ["0", "c", "12", "c", "30"],
        "total": ["k", "10", "50", "60", "120"],
    }
    rows = [
        [
            "children_by_form_and_age",
            "children with a proposed marker",
            "form",
            form,
            "age",
            column,
            None,
            None,
            text,
            None,
        ]
        for form, texts in shown.items()
        for column, text in zip(columns, texts, strict=True)
    ]
    return pa.Table.from_pylist([dict(zip(PUBLISHED.names, row, strict=True)) for row in rows], PUBLISHED)
