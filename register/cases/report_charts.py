"""Charts of the quality card: bars of all townships, a panel a measure; as SVG, and as PNG for DOCX.

Both are drawn from the same marks. A PNG cannot show Chinese without a font of its own, so there townships have the
numbers and measures the letters of the table.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

from register.cases.plate_drawings import NOT_XML
from register.cases.report_quality import MEASURES, Card
from rulebook.language import Text

COLOURS = {"gold": "#c79a1b", "silver": "#8d99a6", "bronze": "#a9683a", "none": "#bf2f2a", "nothing": "#dddddd"}
INK, FAINT = "#1b2630", "#66727e"
PANEL_W, NAME_W, BAR_W, ROW_H, HEAD_H, COLUMNS = 300, 92, 150, 18, 34, 3
FROM = 0.5  # bars begin at one half, so that a few per cent are seen
SCALE = 2  # pixels of the PNG for one of the SVG


@dataclass(frozen=True)
class Bar:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Word:
    """A text: in full, and in letters and figures only."""

    x: float
    y: float
    text: str
    plain: str
    size: int = 12
    colour: str = INK


def marks(card: Card, lang: str) -> tuple[list[Bar | Word], int, int]:
    """Everything that is drawn, and the size of the picture. Measures without any record have no panel."""
    drawn: list[Bar | Word] = []
    panel_h = HEAD_H + ROW_H * len(card.names) + 14
    shown = [measure for measure in MEASURES if any(card.cells[code][measure].total for code in card.names)]
    letters = dict(zip(MEASURES, string.ascii_uppercase, strict=False))
    for place, measure in enumerate(shown):
        left, top = (place % COLUMNS) * PANEL_W + 8, (place // COLUMNS) * panel_h + 4
        letter = letters[measure]
        drawn.append(Word(left, top + 18, f"{letter} {MEASURES[measure][0].within(lang)}", letter, 14))
        for name in ("bronze", "silver", "gold"):
            x = left + NAME_W + BAR_W * _along(card.bounds[name])
            drawn.append(Bar(x, top + HEAD_H - 6, 1, ROW_H * len(card.names) + 4, COLOURS[name]))
        for line, (code, title) in enumerate(card.names.items()):
            y = top + HEAD_H + line * ROW_H
            share = card.cells[code][measure].share
            drawn.append(Word(left, y + 11, title or "—", str(line), 12))
            told = "—" if share is None else f"{share:.1%}"
            if share is not None:
                drawn.append(
                    Bar(left + NAME_W, y, max(BAR_W * _along(share), 1), ROW_H - 5, COLOURS[card.grade(code, measure)])
                )
            drawn.append(Word(left + NAME_W + BAR_W + 6, y + 11, told, told.replace("—", "-"), 11, FAINT))
    height = panel_h * -(-len(shown) // COLUMNS) + 22
    begins = Text(
        "条形从 50% 画起；竖线为铜、银、金的达标线。",
        "Bars begin at 50 %; lines are the bounds of bronze, silver and gold.",
    )
    drawn.append(Word(8, height - 8, begins.within(lang), "0 = 50%", 11, FAINT))
    return drawn, PANEL_W * COLUMNS, height


def svg(card: Card, lang: str) -> str:
    """The chart as SVG."""
    drawn, width, height = marks(card, lang)
    parts = [
        f'<rect x="{one.x:g}" y="{one.y:g}" width="{one.width:g}" height="{one.height:g}" fill="{one.colour}"/>'
        if isinstance(one, Bar)
        else f'<text x="{one.x:g}" y="{one.y:g}" font-size="{one.size}" fill="{one.colour}">{escape(NOT_XML.sub("", one.text))}</text>'
        for one in drawn
    ]
    face = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{face}">\n<rect width="{width}" height="{height}" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def png(card: Card) -> bytes:
    """The chart as PNG."""
    drawn, width, height = marks(card, "zh")
    picture = Image.new("RGB", (width * SCALE, height * SCALE), "#ffffff")
    draw = ImageDraw.Draw(picture)
    for one in drawn:
        if isinstance(one, Bar):
            corner = ((one.x + one.width) * SCALE, (one.y + one.height) * SCALE)
            draw.rectangle((one.x * SCALE, one.y * SCALE, *corner), fill=one.colour)
        else:
            font = ImageFont.load_default(one.size * SCALE)
            draw.text((one.x * SCALE, one.y * SCALE), one.plain, fill=one.colour, font=font, anchor="ls")
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _along(share: float) -> float:
    return max(share - FROM, 0.0) / (1 - FROM)
