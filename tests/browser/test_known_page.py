"""The page on what is known in a real browser: accessible, not wider than a phone, and asking for nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from playwright.sync_api import Browser

from accessible import check_standing_alone
from trigpoint.counts.comparing import Population, compare_areas
from trigpoint.counts.flows import EARLIER, coefficients, flows, pairs, waiting
from trigpoint.counts.recognised import BY, RECOGNISED, recognition
from trigpoint.report.known import render_known
from trigpoint.services.replay_months import month_ends

DAYS = month_ends(date(2024, 1, 1), date(2026, 10, 31))
AGENCIES = ["childrens_services", "police", "nrm"]


def invented() -> dict[str, object]:
    """Everything that the page can show, invented: no child stands behind any of it."""
    rng = np.random.default_rng(8)
    known = [(f"c{n}", day) for n in range(70) for day in DAYS[rng.integers(0, 30) :][: rng.integers(1, 25)]]
    history = pa.table({"child_key": [c for c, _ in known], "month_end": [day for _, day in known]})
    days, ended = rng.integers(0, 700, 90), rng.random(90) < 0.6
    waits = {what: {**waiting(days + n, ended), "before": n} for n, what in enumerate(RECOGNISED)}
    ratings = rng.integers(-1, 2, (60, 3)).astype(np.int8)
    small = [Population(f"RV{n}", 2025, 900 + 400 * n, "Invented: nobody lives there", True) for n in range(1, 9)]
    compared = compare_areas({f"RV{n}": int(rng.integers(0, 9)) for n in range(1, 9)} | {"RV3": 40}, small)
    children = pa.table(
        {"stratum": rng.integers(0, 4, 300)}
        | {by: rng.choice(["girls", "boys", "not known"], 300).tolist() for by in BY}
        | {way: (rng.random(300) < 0.4).tolist() for way in RECOGNISED}
    )
    return {
        "title": "Invented", "folder": "invented", "as_at": "2026-10-31", "invented": True, "whole": True,
        "words": {"agencies": {"nrm": "National Referral Mechanism"}, "areas": {}, "kinds": {"referral": "Referral"}},
        "children": {"proposed": 70, "found": 160, "referred": 21, "known": 4_100},
        "flows": flows(history, DAYS).to_pylist(), "waits": waits,
        "first_seen": [{"row_value": name, "column_value": "total", "count": 9} for name in ("police", "total")],
        "agreement": {"pairs": pairs(ratings, AGENCIES), "all": coefficients(ratings)},
        "chances": {"recognised": 20, "missed": 8, "share": 0.4, "low": 0.2, "high": 0.6, "proposed_still": 1,
                    "six_months": 0, "earlier": [{"earlier": name, "children": 4} for name in EARLIER]},
        "chances_if_shared": {"recognised": 20, "earlier": [{"earlier": name, "children": 4} for name in EARLIER]},
        "again": [{"kind": "referral", "year": "2025/26", "referrals": 30, "again": 4, "children": 4, "share": 0.13,
                   "low": 0.05, "high": 0.3}],
        "areas": [{"counts": what, "levels": [{"level": "postcode districts", **compared}]}
                  for what in ("proposed", "referred")],
        "recognition": recognition(children),
        "silent": [{"agency": "police", "never": ["referral"], "last": "2026-09", "low": 0.1,
                    "high": 0.2, "share": 0.15,
                    "silent": 15, "claimed": 100, "kinds": 4}],
        "not_said": [],
        "links": {"draws": 100, "unsure": 12, "fewer": -2, "more": 5, "cells": 300, "moved": [
            {"table": "children_by_form_and_age", "row_value": "county_lines", "column_value": "13-15", "count": 9,
             "low": 8, "high": 11}]},
    }  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    written: Path = tmp_path_factory.mktemp("known") / "known.html"
    written.write_text(render_known(invented()), encoding="utf-8")
    return written.as_uri()


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    check_standing_alone(browser, address, width)


def test_every_picture_has_its_table_and_no_request_leaves(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert asked == [address]
    pictures = page.locator("figure").count()
    assert pictures == 2 + 2 + len(RECOGNISED)
    assert page.locator("figure table").count() == pictures
    page.close()


def test_an_empty_partnership_has_a_page_that_says_so(tmp_path: Path) -> None:
    bare = {**invented(), "flows": [], "first_seen": [], "again": [], "areas": None, "recognition": [], "silent": [],
            "links": None, "waits": {}, "chances_if_shared": None,
            "agreement": {"pairs": [], "all": coefficients(np.zeros((0, 2), np.int8))}}  # fmt: skip
    page = render_known(bare)
    assert "At no month&#39;s end" in page or "At no month's end" in page
    assert "populations.csv" in page
    assert "Not worked out this time." in page
