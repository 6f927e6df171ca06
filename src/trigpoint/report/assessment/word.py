"""The needs assessment as a Word document: headings, contents, tables with marked heads, pictures with their words."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

import docx
import vl_convert
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from trigpoint.report.assessment import content, ooxml
from trigpoint.report.figures import DataTable
from trigpoint.report.wording import day

TEAL: Final = RGBColor(0x00, 0x62, 0x6E)
INK: Final = RGBColor(0x16, 0x32, 0x3A)
SOFT: Final = RGBColor(0x4A, 0x62, 0x6A)
HEAD, PROMPT, PROMPT_LINE, WARN_LINE = "E3F0F1", "FDF3E7", "9A6A2F", "A3470B"
WIDTH: Final = Cm(16.5)
SIZES: Final = {"Title": 26, "Heading 1": 17, "Heading 2": 13, "Normal": 11, "Caption": 10, "List Bullet": 11}
DOTS_PER_INCH: Final = 192
OWN_PAGE: Final = ("short", "strategy")
NARROW, BROAD = 9, 34  # letters that a column is given room for, at least and at most
TOGETHER: Final = 14  # rows of a table that is kept on one page
WRITING: Final = Cm(1.1)  # the height of a row that people fill in


def write_word(document: content.Document, path: Path) -> None:
    """Write the document as .docx to `path`."""
    word = docx.Document()
    _dress(word, document)
    _front(word, document)
    for number, section in enumerate(document.sections, 1):
        heading = word.add_heading(f"{number}. {section.title}", level=1)
        heading.paragraph_format.page_break_before = section.name in OWN_PAGE
        ooxml.bookmark(heading, section.name, number=number)
        _blocks(word, section.blocks)
    word.save(str(path))


def _dress(word: Word, document: content.Document) -> None:
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    for name, size in SIZES.items():
        style: Any = word.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = INK if name in ("Normal", "List Bullet") else TEAL
        ooxml.plain_font(style, "Arial")
    caption: Any = word.styles["Caption"]
    caption.font.bold, caption.paragraph_format.keep_with_next = True, True
    ooxml.speak(word, list(SIZES))
    told = word.core_properties
    told.title, told.subject = f"{document.title}: {document.partnership}", document.subtitle
    told.author, told.language = document.partnership, ooxml.LANGUAGE
    told.comments = "Made from published counts."
    told.created = told.modified = datetime.combine(document.made_at.date(), time(12))
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{document.partnership}, {day(document.as_at)}, from published counts. Page ")
    ooxml.field(foot, "PAGE", shown="1")


def _front(word: Word, document: content.Document) -> None:
    word.add_paragraph(document.partnership)
    word.add_heading(document.title, level=0)
    word.add_paragraph(f"{document.subtitle}. Made {day(document.made_at.date())}.")
    _blocks(word, document.front)
    _contents(word, document)


def _contents(word: Word, document: content.Document) -> None:
    """A table of contents that leads to the sections at once, and to which Word adds the pages when asked."""
    title = word.add_paragraph()
    said = title.add_run("Contents")
    said.bold, said.font.size, said.font.color.rgb = True, Pt(15), TEAL
    lines = [word.add_paragraph() for _ in document.sections]
    ooxml.begin(lines[0], 'TOC \\o "1-1" \\h')
    for number, (line, section) in enumerate(zip(lines, document.sections, strict=True), 1):
        ooxml.link(line, f"{number}. {section.title}", to=section.name)
        line.paragraph_format.space_after = Pt(3)
    ooxml.end(lines[-1])


def _blocks(word: Word, blocks: Sequence[content.Block]) -> None:
    for block in blocks:
        WRITERS[type(block)](word, block)


def _text(word: Word, block: content.Text) -> None:
    _strong(word.add_paragraph(), block.strong, block.words)


def _points(word: Word, block: content.Points) -> None:
    for item in block.items:
        word.add_paragraph(item, style="List Bullet")


def _warn(word: Word, block: content.Warn) -> None:
    paragraph = word.add_paragraph()
    _strong(paragraph, block.strong, block.words)
    ooxml.boxed(paragraph, fill=PROMPT, line=WARN_LINE)


def _numbers(word: Word, block: content.KeyNumbers) -> None:
    for figure, label in block.items:
        paragraph = word.add_paragraph()
        said = paragraph.add_run(f"{figure} ")
        said.bold, said.font.size, said.font.color.rgb = True, Pt(20), TEAL
        paragraph.add_run(label)
        paragraph.paragraph_format.space_after = Pt(2)


def _sub(word: Word, block: content.Sub) -> None:
    word.add_heading(block.title, level=2)


def _listing(word: Word, block: content.Listing) -> None:
    _table(word, block.table)
    _source(word, block.source)


def _picture(word: Word, block: content.Picture) -> None:
    figure = block.figure
    word.add_heading(figure.title, level=2)
    word.add_paragraph(figure.says).paragraph_format.keep_with_next = True
    drawn = word.add_picture(io.BytesIO(_png(str(figure.svg))))
    if drawn.width > WIDTH:
        drawn.height, drawn.width = int(drawn.height * WIDTH / drawn.width), WIDTH
    word.paragraphs[-1].paragraph_format.keep_with_next = True
    ooxml.alternative(drawn, title=figure.title, says=figure.says)
    _table(word, figure.table)
    _source(word, block.source)


def _ask(word: Word, block: content.Ask) -> None:
    paragraphs = [word.add_heading(f"For the partnership to write: {block.title}", level=2)]
    paragraphs += [word.add_paragraph(f"• {question}") for question in block.questions]
    paragraphs += [word.add_paragraph("Write here."), word.add_paragraph(), word.add_paragraph()]
    for paragraph in paragraphs:
        ooxml.boxed(paragraph, fill=PROMPT, line=PROMPT_LINE)
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(0.3)
        paragraph.paragraph_format.keep_together = True
    for paragraph in paragraphs[:-1]:
        paragraph.paragraph_format.keep_with_next = True
    word.add_paragraph().paragraph_format.space_after = Pt(0)  # else two boxes would run into one frame


def _table(word: Word, table: DataTable) -> None:
    word.add_paragraph(table.caption, style="Caption")
    made = word.add_table(rows=1 + len(table.rows), cols=len(table.head), style="Table Grid")
    for at, row in enumerate((table.head, *table.rows)):
        for column, (cell, words) in enumerate(zip(made.rows[at].cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            said = paragraph.add_run(words)
            said.font.size, said.bold = Pt(9.5), at == 0 or (column == 0 and row[0] == "Total")
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            if column >= len(table.head) - table.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _shape(made, table)
    ooxml.head_row(made, fill=HEAD)
    ooxml.describe_table(made, title=table.caption, says=table.foot or table.caption)
    if len(table.rows) <= TOGETHER:
        for row in made.rows:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    if table.foot:
        foot = word.add_paragraph()
        _small(foot, table.foot)
        foot.paragraph_format.keep_with_next = True


def _shape(made: Table, table: DataTable) -> None:
    """Columns as wide as their words ask; rows without words high enough to write in."""
    columns = zip(table.head, *table.rows, strict=True)
    parts = [min(max(NARROW, *(len(words) for words in column)), BROAD) for column in columns]
    made.autofit = False
    for column, part in zip(made.columns, parts, strict=True):
        column.width = int(WIDTH * part / sum(parts))
    for row in made.rows:
        for cell, part in zip(row.cells, parts, strict=True):
            cell.width = int(WIDTH * part / sum(parts))
    for row, words in zip(made.rows[1:], table.rows, strict=True):
        if len(words) > 1 and not any(words[1:]):
            row.height = WRITING


def _source(word: Word, source: str) -> None:
    paragraph = word.add_paragraph()
    _small(paragraph, f"Source: {source}")
    paragraph.paragraph_format.space_after = Pt(12)


def _small(paragraph: Paragraph, words: str) -> None:
    said = paragraph.add_run(words)
    said.font.size, said.font.color.rgb = Pt(9), SOFT


def _strong(paragraph: Paragraph, strong: str, words: str) -> None:
    if strong:
        paragraph.add_run(f"{strong} ").bold = True
    paragraph.add_run(words)


def _png(svg: str) -> bytes:
    drawn: bytes = vl_convert.svg_to_png(svg, scale=2, ppi=DOTS_PER_INCH / 2)
    return drawn


WRITERS: Final[dict[type[content.Block], Callable[[Word, Any], None]]] = {
    content.Text: _text,
    content.Points: _points,
    content.Warn: _warn,
    content.KeyNumbers: _numbers,
    content.Listing: _listing,
    content.Picture: _picture,
    content.Ask: _ask,
    content.Sub: _sub,
}
