"""Drafts of official letters (Decree 30/2020, annex I) as Word files. Number, date and signatory are left to the document system."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

Say = Callable[..., str]
"""A sentence of the `papers` in the text catalogues, by slug."""
FONT = "Times New Roman"
_SIZE, _SMALL = Pt(14), Pt(12)
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


@dataclass
class Table:
    title: str
    headings: Sequence[str]
    rows: list[Sequence[str]]
    widths: Sequence[float]
    """Of the columns, in centimetres: 16.5 in all."""


@dataclass
class Paper:
    issuer: Sequence[str]
    """Its superior, then itself, one line each."""
    title: str
    abstract: str
    """Trích yếu."""
    addressee: str | None
    paragraphs: list[str]
    tables: list[Table] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    is_synthetic: bool = False


def written(paper: Paper, say: Say) -> bytes:
    """A4, margins 20/20/30/15 mm, 14 points."""
    document = Document()
    _set_page(document)
    if paper.is_synthetic:
        _line(document, say("synthetic"), bold=True, align=_RIGHT)
    _line(document, say("draft"), italic=True, align=_RIGHT)
    _head(document, paper, say)
    if paper.title:
        _line(document, paper.title, bold=True, align=_CENTRE)
        _line(document, paper.abstract, bold=True, align=_CENTRE)
    if paper.addressee:
        _line(document, paper.addressee, align=_CENTRE)
    for text in paper.paragraphs:
        _body(document, text)
    for table in paper.tables:
        _table(document, table)
    for text in paper.closing:
        _body(document, text)
    _foot(document, say, has_addressee=paper.addressee is not None)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Cm(2), Cm(2), Cm(3), Cm(1.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, _SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)


def _head(document: Any, paper: Paper, say: Say) -> None:
    """Who issues it on the left, the national name and motto on the right; number, place and date are for others to fill in."""
    left, right = _columns(document)
    *above, issuer = paper.issuer
    for line in above:
        _line(left, line, size=_SMALL, align=_CENTRE)
    _line(left, issuer, bold=True, size=_SMALL, align=_CENTRE)
    _line(left, say("number"), size=_SMALL, align=_CENTRE)
    if not paper.title:
        _line(left, paper.abstract, size=_SMALL, align=_CENTRE)
    _line(right, say("nation"), bold=True, size=_SMALL, align=_CENTRE)
    _line(right, say("motto"), bold=True, size=_SMALL, align=_CENTRE)
    _line(right, say("place-and-date"), italic=True, size=_SMALL, align=_CENTRE)


def _foot(document: Any, say: Say, *, has_addressee: bool) -> None:
    left, right = _columns(document)
    _line(left, say("recipients"), bold=True, italic=True, size=_SMALL)
    for line in say("recipients-listed" if has_addressee else "recipients-none").split("\n"):
        _line(left, line, size=Pt(11))
    _line(right, say("signatory"), bold=True, align=_CENTRE)


def _columns(document: Any) -> tuple[Any, Any]:
    table = document.add_table(rows=1, cols=2)
    _set_widths(table, (6.3, 10.2))
    left, right = table.rows[0].cells
    for cell in (left, right):
        cell._element.remove(cell.paragraphs[0]._element)  # noqa: SLF001 - a cell begins with an empty paragraph
    return left, right


def _line(where: Any, text: str, *, bold: bool = False, italic: bool = False, size: Any = _SIZE, align: Any = None) -> None:
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, size


def _body(document: Any, text: str) -> None:
    paragraph = document.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Cm(1)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _table(document: Any, table: Table) -> None:
    """Headings are repeated on every page."""
    _line(document, table.title, bold=True)
    made = document.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    for cell, text in zip(made.rows[0].cells, table.headings, strict=True):
        _fill(cell, text, bold=True)
    repeated = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - python-docx has no name for it
    for row in table.rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            _fill(cell, text)
    _set_widths(made, table.widths)
    document.add_paragraph()


def _set_widths(table: Any, widths: Sequence[float]) -> None:
    """Of the columns and of their cells: programs differ in which they heed."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _fill(cell: Any, text: str, *, bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = bold, _SMALL
