"""The pages of a release in a real browser: accessible, not wider than a phone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accessible import check_standing_alone
from trigpoint.report.release import ReleaseData, ReleasedTable, draw_release
from trigpoint.report.release.data import Cell


def invented() -> ReleaseData:
    rows = [("County lines", "c"), ("Moving money for others", "12"), ("total", "20")]
    cells = tuple(Cell((row, sex), shown, "") for row, shown in rows for sex in ("girls", "boys", "total"))
    table = ReleasedTable("children_by_form", "Children, by form and sex", "Children", ("form", "sex"), cells, "Done.")
    return ReleaseData(
        name="R2", title="Figures", partnership="Riverside (invented)", invented=True, from_on=date(2024, 1, 1),
        as_at=date(2026, 10, 31), contact="Ask us.", note="Rule.", loss="28.0% of cells are not shown",
        rule=("One.", "Two."), symbols={"c": "hidden", "k": "low", ":": "not available", "z": "not applicable"},
        tables=(table,), compared=("R1",), changes=("Most are as they were.",), quality=(("Sources", "3"),),
        caveats=("A proposed marker is a question.",), versions={"Trigpoint": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "R2"
    draw_release(invented(), folder)
    return folder


@pytest.mark.parametrize("name", ["method.html", "quality.html"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(
    browser: Browser, drawn: Path, name: str, width: int
) -> None:
    check_standing_alone(browser, (drawn / name).as_uri(), width)
