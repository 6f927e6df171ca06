from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise

import pyarrow as pa
import pytest
from invented_report import AS_AT, invented_report, table
from lxml import etree, html

from trigpoint.report import ReportData, Words, render
from trigpoint.report.charts import AMBERS, COMPLETE, TEALS
from trigpoint.report.data import COLUMNS, MOST


@cache
def page_of(children: int) -> str:
    return render(invented_report(children))


def dom(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def bare(**others: object) -> ReportData:
    """The report of a partnership of which nothing is known."""
    full = invented_report(3)
    empty = {name: schema.empty_table() for name, schema in COLUMNS.items()}
    return replace(full, **{**empty, "published": {}, "children_in_all": 0, "proposals_in_all": 0, **others})


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    page = dom(page_of(24))
    assert page.xpath("//script|//link|//iframe|//object|//embed|//img|//form") == []
    assert not [name for element in page.iter() for name in getattr(element, "attrib", {}) if name.startswith("on")]
    links = page.xpath("//@href|//@src")
    assert links
    assert all(link.startswith("#") for link in links)
    assert not re.findall(r"url\((?!#)|@import", page_of(24))
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_headings_go_down_one_step_at_a_time() -> None:
    steps = [int(element.tag[1]) for element in dom(page_of(24)).iter("h1", "h2", "h3", "h4")]
    assert steps[0] == 1
    assert steps.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(steps))


def test_every_picture_is_named_and_has_its_table() -> None:
    page = dom(page_of(24))
    figures = page.xpath("//figure")
    assert len(figures) == 7
    for figure in figures:
        svg = figure.find(".//svg")
        for part in svg.get("aria-labelledby").split():
            assert "".join(svg.xpath(f"./*[@id='{part}']//text()")).strip()
        assert svg.get("role") == "img"
        assert figure.xpath(".//details//table/caption")
        assert figure.xpath(".//details//th[@scope='row']")


def test_ids_are_unique_and_places_named_in_the_contents_exist() -> None:
    page = dom(page_of(24))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//@href")} <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page_of(24))) <= set(ids)


def test_the_same_data_give_the_same_page() -> None:
    assert render(invented_report(4)) == render(invented_report(4))


def test_children_missing_now_come_first_then_the_newest_evidence() -> None:
    rows = [
        {"child_key": key, "missing_now": missing, "newest_on": AS_AT - timedelta(days=days)}
        for key, missing, days in (("old", False, 90), ("gone", True, 99), ("new", False, 2))
    ]
    page = dom(render(bare(children=table("children", rows), children_in_all=3)))
    assert page.xpath("//details[contains(@class, 'child')]//summary//h3/span/text()") == ["gone", "new", "old"]
    assert len(page.xpath("//*[contains(@class, 'alert')]")) == 1


def test_a_million_children_make_no_longer_a_page() -> None:
    many = replace(invented_report(MOST["children"] + 40), children_in_all=1_000_000)
    page = dom(render(many))
    assert len(page.xpath("//details[contains(@class, 'child')]")) == MOST["children"]
    said = page.xpath("string(//p[@class='more'])")
    assert "999,800 more children" in said
    assert "trigpoint export" in said


def test_what_an_agency_wrote_is_shown_as_text() -> None:
    attack = "<script>alert(1)</script>"
    rows = [{"source": attack, "column": attack, "reason": attack, "mend": attack, "rows": 1}]
    sources = invented_report(1).sources.slice(0, 1)
    named = sources.set_column(0, "source", pa.array([attack]))
    text = render(bare(refusals=table("refusals", rows), sources=named, partnership=attack, words=Words()))
    assert "<script" not in text
    assert dom(text).xpath("//script") == []
    etree.fromstring(text[text.index("<svg xmlns") : text.rindex("</svg>") + 6].split("</svg>")[0] + "</svg>")


def test_invented_data_are_said_to_be_invented_and_real_data_are_not() -> None:
    assert "Invented data." in page_of(24)
    assert "Invented data." not in render(bare(invented=False))


def test_a_partnership_of_which_nothing_is_known_gets_a_page() -> None:
    page = dom(render(bare()))
    assert "proposes no marker" in page.text_content()
    assert page.xpath("//figure") == []
    contents = page.xpath("//nav//a/text()")
    assert contents == ["What this is", "In short", "Children", "Method"]


def test_totals_that_do_not_add_up_are_said() -> None:
    sources = invented_report(1).sources
    assert "Read is loaded, refused and repeated together" in render(bare(sources=sources))
    wrong = sources.set_column(4, "read", pa.array([n + 1 for n in sources["read"].to_pylist()]))
    assert "something is wrong with the loading" in render(bare(sources=wrong))


def test_published_tables_keep_their_symbols() -> None:
    page = dom(page_of(24))
    cells = page.xpath("//section[@aria-labelledby='counts']//td/text()")
    assert {"c", "k"} <= set(cells)
    assert page.xpath("//section[@aria-labelledby='counts']//dt/text()") == ["c", "k"]


def test_columns_that_are_not_those_of_the_report_are_refused() -> None:
    with pytest.raises(ValueError, match="'found'"):
        bare(found=pa.table({"easting": [1]}))


def test_no_score_is_shown() -> None:
    text = dom(page_of(24)).text_content().lower()
    assert not re.findall(r"\brisk score|\bhigh risk|\boffender|\bsuspects?\b(?!ed)|\brunaway", text)
    assert "a score or a ranking" in text


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = {"white": "ffffff"}.get(colour, colour.lstrip("#"))
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("shade", [*TEALS, *AMBERS, COMPLETE], ids=lambda shade: shade[0])
def test_every_number_in_a_heat_map_can_be_read(shade: tuple[str, str]) -> None:
    light, dark = sorted((_light(colour) for colour in shade), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_what_too_many_records_share_is_told_where_there_is_such() -> None:
    page = dom(page_of(24))
    [table_] = page.xpath("//h3[text()='Not compared']/following::table[1]")
    assert [cell.text_content().strip() for cell in table_.xpath(".//tbody/tr[1]/*")] == ["Phone", "1", "31,125"]
    assert "Not compared" not in render(bare())
