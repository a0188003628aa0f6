"""From the small HTML of our papers to DOCX, block by block."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from rulebook.errors import FileError

TEXT_WIDTH_MM = 170.0
SONG, HEI = "仿宋", "黑体"
ALIGNMENTS = {
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}
SIZES = {"h1": 20.0, "h2": 13.0}
BODY_PT, SMALL_PT = 12.0, 9.5
LENGTH = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(%|mm)?\s*$")
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # files of equal content are equal


@dataclass(frozen=True)
class _Look:
    """How a run of text looks."""

    size: float = BODY_PT
    font: str = SONG
    bold: bool = False
    italic: bool = False
    underline: bool = False
    raised: str = ""


def to_docx(body: Any, title: str) -> bytes:
    """The DOCX of a parsed body; raises FileError for an element that papers do not know."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(22)
    style = document.styles["Normal"]
    style.font.name, style.font.size = SONG, Pt(BODY_PT)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    style.paragraph_format.space_after = Pt(4)
    properties = document.core_properties
    properties.title, properties.author = title, ""
    properties.created = properties.modified = _MADE
    for element in body:
        _block(document, element, _Look())
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _block(parent: Any, element: Any, look: _Look) -> None:
    match element.tag:
        case str() as tag if tag in ("h1", "h2", "p"):
            _paragraph(parent.add_paragraph(), element, look)
        case "ul" | "ol":
            for number, item in enumerate(element.findall("li"), 1):
                paragraph = parent.add_paragraph()
                paragraph.paragraph_format.left_indent = Cm(0.8)
                _run(paragraph, "· " if element.tag == "ul" else f"{number}. ", look)
                _inline(paragraph, item, look)
        case "table":
            _table(parent, element, look)
        case "div" | "section":
            for child in element:
                _block(parent, child, look)
        case "hr":
            parent.add_paragraph("─" * 34)
        case "img":
            _picture(parent.add_paragraph(), element)
        case str() as tag:
            raise FileError(f"文书模板中不能使用 <{tag}>。", f"Templates of papers do not know <{tag}>.")
        case _:  # a comment
            return


def _paragraph(paragraph: Any, element: Any, look: _Look) -> None:
    classes = (element.get("class") or "").split()
    look = _classed(look, classes)
    if element.tag in SIZES:
        look = replace(look, size=SIZES[element.tag], font=HEI, bold=True)
        if element.tag == "h1":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if element.tag == "th":
        look = replace(look, font=HEI)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, alignment in ALIGNMENTS.items():
        if name in classes:
            paragraph.alignment = alignment
    if "indent" in classes:
        paragraph.paragraph_format.first_line_indent = Pt(2 * look.size)
    _inline(paragraph, element, look)


def _classed(look: _Look, classes: list[str]) -> _Look:
    if "small" in classes:
        look = replace(look, size=SMALL_PT)
    return replace(look, bold=True) if "fail" in classes else look


def _inline(paragraph: Any, element: Any, look: _Look) -> None:
    """Text of an element and of the elements in it; blanks fold as in HTML."""
    _run(paragraph, _folded(element.text), look)
    for child in element:
        match child.tag:
            case "br":
                paragraph.add_run().add_break()
            case "img":
                _picture(paragraph, child)
            case "b" | "strong":
                _inline(paragraph, child, replace(look, bold=True))
            case "i" | "em":
                _inline(paragraph, child, replace(look, italic=True))
            case "u":
                _inline(paragraph, child, replace(look, underline=True))
            case "sub" | "sup":
                _inline(paragraph, child, replace(look, raised=child.tag))
            case "span" | "p":
                _inline(paragraph, child, _classed(look, (child.get("class") or "").split()))
            case str() as tag:
                raise FileError(f"文书模板的段落中不能使用 <{tag}>。", f"Paragraphs of papers do not know <{tag}>.")
            case _:
                pass
        _run(paragraph, _folded(child.tail), look)


def _folded(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "") if (text or "").strip() else ""


def _run(paragraph: Any, text: str, look: _Look) -> None:
    if not text:
        return
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(look.size), look.font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), look.font)
    run.bold, run.italic, run.underline = look.bold, look.italic, look.underline
    run.font.superscript, run.font.subscript = look.raised == "sup", look.raised == "sub"


def _table(parent: Any, element: Any, look: _Look) -> None:
    rows = element.findall(".//tr")
    placed = _placed(rows)
    height, width = len(rows), max((column + span for _, column, _, _, span in placed), default=0)
    if not height or not width:
        return
    table = parent.add_table(rows=height, cols=width)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    classes = (element.get("class") or "").split()
    if "plain" not in classes:
        table.style = "Table Grid"
    look = _classed(look, classes)
    for index, share in enumerate(_widths(placed, width)):
        table.columns[index].width = Mm(share * TEXT_WIDTH_MM)
        for cell in table.columns[index].cells:
            cell.width = Mm(share * TEXT_WIDTH_MM)
    for cell_element, column, row, tall, wide in placed:
        cell = table.cell(row, column)
        if tall > 1 or wide > 1:
            cell = cell.merge(table.cell(min(row + tall, height) - 1, min(column + wide, width) - 1))
        _fill_cell(cell, cell_element, look)


def _fill_cell(cell: Any, element: Any, look: _Look) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    blocks = [child for child in element if child.tag in ("p", "table", "ul", "ol", "div")]
    if not blocks:
        _paragraph(paragraph, element, look)
        return
    _run(paragraph, _folded(element.text), look)
    for child in element:
        _block(cell, child, look)
    if not paragraph.text:
        paragraph._element.getparent().remove(paragraph._element)
        if cell.tables and not cell.paragraphs:
            cell.add_paragraph()


def _placed(rows: list[Any]) -> list[tuple[Any, int, int, int, int]]:
    """Each cell with its column, row, height and width, as HTML lays out spanning cells."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for row, element in enumerate(rows):
        column = 0
        for cell in element:
            if cell.tag not in ("td", "th"):
                continue
            while (row, column) in taken:
                column += 1
            tall, wide = int(cell.get("rowspan") or 1), int(cell.get("colspan") or 1)
            taken |= {(row + down, column + right) for down in range(tall) for right in range(wide)}
            placed.append((cell, column, row, tall, wide))
            column += wide
    return placed


def _widths(placed: list[tuple[Any, int, int, int, int]], width: int) -> list[float]:
    """Share of the table's width of every column: as cells of one column ask, the rest alike."""
    asked: dict[int, float] = {}
    for cell, column, _, _, wide in placed:
        given = LENGTH.match(cell.get("width") or "")
        if given and given[2] == "%" and wide == 1:
            asked.setdefault(column, float(given[1]) / 100)
    rest = max(1.0 - sum(asked.values()), 0.05 * (width - len(asked)))
    shares = [asked.get(column, rest / max(width - len(asked), 1)) for column in range(width)]
    return [share / sum(shares) for share in shares]


def _picture(paragraph: Any, element: Any) -> None:
    head, _, content = (element.get("src") or "").partition(",")
    try:
        if not head.startswith("data:image/") or not head.endswith(";base64"):
            raise ValueError(head)
        picture = BytesIO(base64.b64decode(content, validate=True))
    except (ValueError, binascii.Error) as fault:
        raise FileError(
            "文书中的图片应是 data:image/png;base64 地址。", "Pictures of papers are data:image/png;base64 addresses."
        ) from fault
    given = LENGTH.match(element.get("width") or "")
    share = float(given[1]) / 100 * TEXT_WIDTH_MM if given and given[2] == "%" else float(given[1]) if given else 120.0
    paragraph.add_run().add_picture(picture, width=Mm(min(share, TEXT_WIDTH_MM)))
    if "center" in (element.get("class") or "").split():
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
