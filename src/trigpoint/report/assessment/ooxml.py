"""The few things of a Word file for which python-docx has no words: fields, bookmarks, borders, alternative text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shape import InlineShape
from docx.table import Table
from docx.text.paragraph import Paragraph

LANGUAGE = "en-GB"


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """An element of WordprocessingML with its attributes."""
    made = cast(BaseOxmlElement, OxmlElement(f"w:{tag}"))
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def field(paragraph: Paragraph, code: str, *, shown: str = "") -> None:
    """A field such as PAGE, with what stands there until Word works it out."""
    begin(paragraph, code)
    paragraph.add_run(shown)
    end(paragraph)


def begin(paragraph: Paragraph, code: str) -> None:
    """Open a field; what is added until `end` stands for it until Word works it out."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="begin"))
    said = element("instrText")
    said.set(qn("xml:space"), "preserve")
    said.text = f" {code} "
    paragraph.add_run()._r.append(said)
    paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))


def end(paragraph: Paragraph) -> None:
    """Close a field."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))


def bookmark(paragraph: Paragraph, name: str, *, number: int) -> None:
    """Name a paragraph, so that the contents can lead to it."""
    paragraph._p.insert(1, element("bookmarkStart", id=str(number), name=name))
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def link(paragraph: Paragraph, text: str, *, to: str) -> None:
    """A link to a bookmark of this document."""
    anchor = element("hyperlink", anchor=to, history="1")
    run = paragraph.add_run(text)
    anchor.append(run._r)
    paragraph._p.append(anchor)


def alternative(picture: InlineShape, *, title: str, says: str) -> None:
    """The words that a screen reader says in place of a picture."""
    properties = picture._inline.docPr
    properties.set("title", title)
    properties.set("descr", says)


def boxed(paragraph: Paragraph, *, fill: str, line: str) -> None:
    """A frame and a ground around a paragraph; paragraphs framed alike, one after another, share one frame."""
    borders = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        borders.append(element(side, val="dashed", sz="12", space="6", color=line))
    properties = paragraph._p.get_or_add_pPr()
    properties.append(borders)
    properties.append(element("shd", val="clear", color="auto", fill=fill))


def head_row(table: Table, *, fill: str) -> None:
    """Mark the first row as the heads of the columns, to be repeated on every page, and the first column of rows."""
    row = table.rows[0]._tr.get_or_add_trPr()
    row.append(element("tblHeader", val="true"))
    for each in table.rows:
        each._tr.get_or_add_trPr().append(element("cantSplit", val="true"))
    for cell in table.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=fill))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        table._tbl.tblPr.remove(look)
    table._tbl.tblPr.append(
        element("tblLook", val="00A0", firstRow="1", lastRow="0", firstColumn="1", lastColumn="0", noHBand="1",
                noVBand="1")
    )  # fmt: skip


def describe_table(table: Table, *, title: str, says: str) -> None:
    """The title and the words of a table, for those who hear it."""
    table._tbl.tblPr.append(element("tblCaption", val=title))
    table._tbl.tblPr.append(element("tblDescription", val=says))


def plain_font(style: object, name: str) -> None:
    """Use one font for every script, whatever the theme says."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()  # type: ignore[attr-defined]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)
    for theme in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def speak(word: Word, styles: Sequence[str]) -> None:
    """Say in which language the text is, in the styles from which all others come."""
    for name in styles:
        properties = word.styles[name].element.get_or_add_rPr()
        properties.append(element("lang", val=LANGUAGE, eastAsia=LANGUAGE))
