"""The needs assessment says the same as a page and in Word, and both can be used by everybody."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.document import Document as Word
from docx.oxml.ns import qn
from lxml import html

from trigpoint.report.assessment import compose, render_assessment, write_word
from trigpoint.report.assessment.content import Document, Listing, Picture
from unit.report.invented_assessment import NO_TRUST, invented, national

NUMBER = re.compile(r"\d[\d,./]*")


def as_page(document: Document) -> html.HtmlElement:
    return html.fromstring(render_assessment(document))


def as_word(document: Document, folder: Path) -> Word:
    path = folder / "a.docx"
    write_word(document, path)
    return docx.Document(str(path))


@pytest.fixture(scope="module")
def document() -> Document:
    return compose(invented())


@pytest.fixture(scope="module")
def page(document: Document) -> html.HtmlElement:
    return as_page(document)


@pytest.fixture(scope="module")
def word(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Word:
    return as_word(document, tmp_path_factory.mktemp("word"))


def words(text: str) -> str:
    return " ".join(text.split())


def page_tables(page: html.HtmlElement) -> list[list[list[str]]]:
    return [
        [[words(cell.text_content()) for cell in row.xpath("./th|./td")] for row in table.iter("tr")]
        for table in page.xpath("//main//table")
    ]


def word_tables(word: Word) -> list[list[list[str]]]:
    return [[[words(cell.text) for cell in row.cells] for row in table.rows] for table in word.tables]


def test_every_table_is_the_same_in_both_cell_by_cell(page: html.HtmlElement, word: Word, document: Document) -> None:
    told = [block for block in document.blocks() if isinstance(block, Listing | Picture)]
    assert page_tables(page) == word_tables(word)
    assert len(word.tables) == len(told) > 12


def test_every_sentence_with_its_numbers_stands_in_both(page: html.HtmlElement, word: Word) -> None:
    in_word = [words(paragraph.text).removeprefix("• ") for paragraph in word.paragraphs]
    for element in page.xpath("//main//p|//main//li"):
        if element.get("class") in ("hint", "box"):
            continue
        assert words(element.text_content()) in in_word
    main = deepcopy(page.xpath("//main")[0])
    for drawn in main.xpath(".//*[local-name()='svg']"):
        drawn.drop_tree()
    said = {one for line in in_word for one in NUMBER.findall(line)}
    said |= {one for table in word_tables(word) for row in table for cell in row for one in NUMBER.findall(cell)}
    assert set(NUMBER.findall(main.text_content())) - said == set()


def test_word_has_headings_contents_and_an_order(word: Word, document: Document) -> None:
    heads = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert heads == [f"{number}. {section.title}" for number, section in enumerate(document.sections, 1)]
    body = word.element.body
    marks = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    links = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
    assert links == [section.name for section in document.sections]
    assert set(links) <= marks
    assert any("TOC" in (one.text or "") for one in body.iter(qn("w:instrText")))
    levels = [int(one.style.name[-1]) for one in word.paragraphs if one.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert max(after - before for before, after in pairwise(levels)) <= 1
    assert word.core_properties.title
    assert word.core_properties.language == "en-GB"


def test_every_picture_in_word_has_its_words_and_every_table_its_heads(word: Word, document: Document) -> None:
    drawn = [block.figure for block in document.blocks() if isinstance(block, Picture)]
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == [one.says for one in drawn]
    assert len(drawn) >= 4
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_the_page_runs_nothing_and_fetches_nothing(page: html.HtmlElement) -> None:
    assert page.xpath("//script|//link|//img|//iframe") == []
    assert page.xpath("//meta[@http-equiv='Content-Security-Policy']")
    assert [a.get("href") for a in page.xpath("//a") if not a.get("href").startswith("#")] == []


def test_a_picture_shows_no_bar_for_a_number_that_is_hidden(page: html.HtmlElement) -> None:
    drawn = page.xpath("//figure[@id='figure-forms']//*[local-name()='svg']")[0]
    assert "c" in [words(one.text_content()) for one in drawn.iter("{*}text")]


def test_every_local_number_says_its_source_and_its_day(document: Document) -> None:
    for block in document.blocks():
        if isinstance(block, Picture | Listing) and "partnership to fill in" not in str(block):
            assert block.source
    local = [b for b in document.blocks() if isinstance(b, Listing) and "Inventedshire" in b.source]
    assert all("31 October 2026" in block.source or "published form" in block.source for block in local)


def test_the_unseen_are_a_range_or_a_plain_no(tmp_path: Path) -> None:
    told = as_page(compose(invented())).text_content()
    assert "between 900 and 2,100" in words(told)
    refused = words(as_page(compose(invented(unseen=NO_TRUST))).text_content())
    assert "No estimate can be trusted here." in refused
    assert "900" not in refused
    assert "no range is printed" in refused
    assert "not worked out" in as_page(compose(invented(unseen=None))).text_content()


def test_a_period_that_is_not_over_is_called_a_part(document: Document) -> None:
    rows = [row for b in document.blocks() if isinstance(b, Listing) for row in b.table.rows if "proposed" in row[0]]
    kinds = {row[2]: row[3] for row in rows if len(row) == 5}
    assert kinds["part of a calendar year"] == "2026, to 31 October 2026: 30"
    assert kinds["calendar year"] == "2024: 70; 2025: 60"


def test_figures_of_two_kinds_of_period_never_share_a_row_or_a_picture() -> None:
    mixed = [national("2023/24", "15,000"), national("2024", "9", kind="calendar year")]
    made = compose(invented(national=mixed))
    assert not [b for b in made.blocks() if isinstance(b, Picture) and b.figure.name == "national"]
    rows = [row for b in made.blocks() if isinstance(b, Listing) for row in b.table.rows if row[1:2] == ["England"]]
    assert sorted(row[2] for row in rows) == ["calendar year", "financial year"]


def test_where_little_is_known_the_document_says_so() -> None:
    bare = invented(
        national=[], recorders=[], recognition=[], rates=[], known_by_year=None, first_seen=None, limits=None,
        proxies={}, referred_by_year=None, sources=[],
    )  # fmt: skip
    text = words(as_page(compose(bare)).text_content())
    for said in ("No published figures are kept", "Nothing can be said of this", "Rates need the number of children"):
        assert said in text


def test_every_section_has_a_place_for_the_partnership_to_write(page: html.HtmlElement) -> None:
    for section in page.xpath("//main/section[@aria-labelledby]"):
        if section.get("aria-labelledby") != "method":
            assert section.xpath(".//*[contains(@class, 'ask')]//li")


def test_the_same_data_give_the_same_page() -> None:
    assert render_assessment(compose(invented())) == render_assessment(compose(invented()))
