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
_SMALL = Pt(12)
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


@dataclass
class Table:
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    """Of the columns, in centimetres: 16.5 in all."""


@dataclass
class Annex:
    """Begins a page of its own."""

    title: str
    note: str
    """What it belongs to."""
    tables: list[Table]


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
    authority: str = ""
    """Of a decision: who decides, before the basis."""
    basis: Sequence[str] = ()
    ordering: str = ""
    """What stands between the basis and the articles."""
    articles: Sequence[tuple[str, str]] = ()
    """(Điều 1., what it says)."""
    signers: Sequence[Sequence[str]] = ()
    """Of each signature its lines, from left to right; none is a place for one."""
    recipients: Sequence[str] | None = None
    annex: Annex | None = None
    number: str | None = None
    place_and_date: str | None = None
    """Both are left open unless the document system has given them."""
    remark: str | None = None
    """What stands in the place of "draft"."""
    size: int = 14
    """In points."""


def written(paper: Paper, say: Say) -> bytes:
    """A4, margins 20/20/30/15 mm."""
    document: Any = Document()
    _set_page(document, paper.size)
    _head(document, paper, say)
    _opening(document, paper)
    for text in paper.paragraphs:
        _body(document, text)
    for lead, text in paper.articles:
        _body(document, text, lead=f"{lead} ")
    for table in paper.tables:
        _table(document, table)
    for text in paper.closing:
        _body(document, text)
    _foot(document, paper, say)
    if paper.annex is not None:
        _annex(document, paper.annex)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _opening(document: Any, paper: Paper) -> None:
    """What it is, by whom or to whom, and on which basis."""
    centred = [(paper.title, True), (paper.abstract if paper.title else "", True), (paper.authority, True), (paper.addressee, False)]
    for text, bold in centred:
        if text:
            _line(document, text, bold=bold, align=_CENTRE)
    for text in paper.basis:
        _body(document, text, italic=True)
    if paper.ordering:
        _line(document, paper.ordering, bold=True, align=_CENTRE)


def _annex(document: Any, annex: Annex) -> None:
    document.add_page_break()
    _line(document, annex.title, bold=True, align=_CENTRE)
    _line(document, annex.note, italic=True, align=_CENTRE)
    for table in annex.tables:
        _table(document, table)


def recipients_of(paper: Paper, say: Say) -> list[str]:
    if paper.recipients is not None:
        return list(paper.recipients)
    return say("recipients-listed" if paper.addressee is not None else "recipients-none").split("\n")


def _set_page(document: Any, size: int) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Cm(2), Cm(2), Cm(3), Cm(1.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)


def _head(document: Any, paper: Paper, say: Say) -> None:
    """Who issues it on the left, the national name and motto on the right; number, place and date are for others to fill in."""
    if paper.is_synthetic:
        _line(document, say("synthetic"), bold=True, align=_RIGHT)
    _line(document, paper.remark or say("draft"), italic=True, size=_SMALL, align=_RIGHT)
    left, right = _columns(document)
    *above, issuer = paper.issuer
    for line in above:
        _line(left, line, size=_SMALL, align=_CENTRE)
    _line(left, issuer, bold=True, size=_SMALL, align=_CENTRE)
    _line(left, paper.number or say("number"), size=_SMALL, align=_CENTRE)
    if not paper.title:
        _line(left, paper.abstract, size=_SMALL, align=_CENTRE)
    _line(right, say("nation"), bold=True, size=_SMALL, align=_CENTRE)
    _line(right, say("motto"), bold=True, size=_SMALL, align=_CENTRE)
    _line(right, paper.place_and_date or say("place-and-date"), italic=True, size=_SMALL, align=_CENTRE)


def _foot(document: Any, paper: Paper, say: Say) -> None:
    """Two signatures stand side by side; beside one stand the recipients."""
    left, right = _columns(document)
    *others, last = paper.signers or ([say("signatory")],)
    for signer in others:
        for line in signer:
            _line(left, line, bold=True, align=_CENTRE)
    if not others:
        _line(left, say("recipients"), bold=True, italic=True, size=_SMALL)
        for line in recipients_of(paper, say):
            _line(left, line, size=Pt(11))
    for line in last:
        _line(right, line, bold=True, align=_CENTRE)


def _columns(document: Any) -> tuple[Any, Any]:
    table = document.add_table(rows=1, cols=2)
    _set_widths(table, (7.2, 9.3))
    left, right = table.rows[0].cells
    for cell in (left, right):
        cell._element.remove(cell.paragraphs[0]._element)  # noqa: SLF001 - a cell begins with an empty paragraph
    return left, right


def _line(where: Any, text: str, *, bold: bool = False, italic: bool = False, size: Any = None, align: Any = None) -> None:
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, size


def _body(document: Any, text: str, *, lead: str = "", italic: bool = False) -> None:
    paragraph = document.add_paragraph()
    if lead:
        paragraph.add_run(lead).bold = True
    paragraph.add_run(text).italic = italic
    paragraph.paragraph_format.first_line_indent = Cm(1)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _table(document: Any, table: Table) -> None:
    """Headings are repeated on every page."""
    if table.title:
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
