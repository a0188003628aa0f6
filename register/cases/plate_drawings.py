"""Drawings of plates for the workshop: SVG at true size in millimetres, the QR code as one vector path.

Words are text in a common black face (黑体), fitted into their boxes; a workshop that lacks the face turns them into
outlines by its own. Numbers and pinyin are those of ``plate_metal.metal``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
import segno

from register.cases import plate_metal
from rulebook.profile import Profile

FACE = "'SimHei','Heiti SC','Noto Sans CJK SC','Source Han Sans SC',sans-serif"
WIDE_EM, DIGIT_EM, NARROW_EM, SIGN_EM = 1.0, 0.6, 0.62, 0.42  # widths of a bold face, on the safe side
CAP_HEIGHT, IDEOGRAPH_HEIGHT = 0.72, 0.9  # of the size of the letters
AFTER = 0.5  # size of 号 beside the number
QUIET = 4  # modules of white around a QR code (ISO/IEC 18004)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Box:
    """A place on the plate in millimetres, from the top left corner."""

    x: float
    y: float
    width: float
    height: float


def drawing(plate: Mapping[str, Any], profile: Profile) -> str:
    """The SVG of one plate: a row of facts and metal put together."""
    look = plate_metal.settings(profile)
    width, height = float(plate["width_mm"]), float(plate["height_mm"])
    draw = _LAYOUTS[plate["layout"]]
    ground, ink = look["plate_ground"], look["plate_text"]
    inner = [f'<rect width="{width:g}" height="{height:g}" fill="{ground}"/>', *draw(plate, width, height, look)]
    title = escape(_clean(f"{plate['name'] or ''}{plate['sign_number'] or ''}{plate['sign_word']}"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="{FACE}" font-weight="700" fill="{ink}">\n'
        f"<title>{title}</title>\n" + "\n".join(part for part in inner if part) + "\n</svg>\n"
    )


def sheet(plates: pd.DataFrame, profile: Profile, title: str) -> str:
    """All plates at true size, one a page, each page as large as its plate: printed to PDF it is ready for the press."""
    sizes = plates[["width_mm", "height_mm"]].drop_duplicates().itertuples(index=False)
    rules = "\n".join(
        f"@page p{width}x{height} {{ size: {width}mm {height}mm; margin: 0; }} "
        f".p{width}x{height} {{ page: p{width}x{height}; width: {width}mm; height: {height}mm; }}"
        for width, height in sizes
    )
    figures = "\n".join(
        f'<figure class="p{row["width_mm"]}x{row["height_mm"]}">{drawing(row, profile)}</figure>'
        for row in records(plates)
    )
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(_clean(title))}</title>\n<style>\nbody {{ margin: 0; background: #fff; "
        "print-color-adjust: exact; -webkit-print-color-adjust: exact; }\n"
        "figure { margin: 0; break-after: page; overflow: hidden; } figure:last-child { break-after: auto; }\n"
        "svg { display: block; }\n@media screen { figure { margin: 6mm; box-shadow: 0 0 2mm #0006; } }\n"
        f"{rules}\n</style>\n</head>\n<body>\n{figures}\n</body>\n</html>\n"
    )


def records(plates: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts with None where a cell is missing, geometry left out."""
    plain = pd.DataFrame(plates.drop(columns="geometry", errors="ignore")).astype("object")
    rows: list[dict[str, Any]] = plain.where(plain.notna(), None).to_dict("records")
    return rows


def qr_path(content: str, x: float, y: float, side: float) -> str:
    """A QR code on white of that side in millimetres: the dark modules are one path, run by run."""
    code = segno.make(content, error="m", micro=False)
    matrix = [bytes(row) for row in code.matrix]
    module = side / (len(matrix) + 2 * QUIET)
    runs = []
    for line, row in enumerate(matrix):
        column = 0
        for dark in re.finditer(b"\x01+", row):
            column, length = dark.start(), dark.end() - dark.start()
            runs.append(f"M{column} {line}h{length}v1h-{length}z")
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{side:g}" height="{side:g}" fill="#fff"/>'
        f'<path class="qr" transform="translate({x + QUIET * module:.4f} {y + QUIET * module:.4f}) scale({module:.5f})" '
        f'fill="#000" shape-rendering="crispEdges" d="{"".join(runs)}"/>'
    )


def em_width(text: str) -> float:
    """Width of a text in the size of its letters, estimated on the safe side."""
    total = 0.0
    for sign in unicodedata.normalize("NFC", text):
        if unicodedata.east_asian_width(sign) in "WF":
            total += WIDE_EM
        elif sign.isdigit():
            total += DIGIT_EM
        else:
            total += NARROW_EM if sign.isalpha() and sign not in "ilI'" else SIGN_EM
    return max(total, SIGN_EM)


def words(
    text: str | None, box: Box, *, after: str = "", fill: str = "", middle: bool = True, squeeze: bool = False
) -> str:
    """A line of text as large as its box allows, ``after`` it a word of half its size. ``squeeze`` keeps the height
    and narrows the letters instead.
    """
    if not text:
        return ""
    clean = _clean(text)
    wide = em_width(clean) + em_width(after) * AFTER if after else em_width(clean)
    cap = IDEOGRAPH_HEIGHT if any(unicodedata.east_asian_width(sign) in "WF" for sign in clean) else CAP_HEIGHT
    tall = box.height / cap
    size = tall if squeeze else min(tall, box.width / wide)
    narrowed = squeeze and wide * size > box.width
    fitted = f' textLength="{box.width:g}" lengthAdjust="spacingAndGlyphs"' if narrowed else ""
    x = box.x + box.width / 2 if middle else box.x
    anchor = ' text-anchor="middle"' if middle else ""
    colour = f' fill="{fill}"' if fill else ""
    baseline = box.y + box.height / 2 + size * CAP_HEIGHT / 2
    tail = f'<tspan font-size="{size * AFTER:.2f}">{escape(after)}</tspan>' if after else ""
    return f'<text x="{x:g}" y="{baseline:.2f}" font-size="{size:.2f}"{anchor}{fitted}{colour}>{escape(clean)}{tail}</text>'


def _large(plate: Mapping[str, Any], width: float, height: float, look: Mapping[str, Any]) -> list[str]:
    """Upper fifth name with its pinyin, middle number, lower fifth certificate number and QR code."""
    side = 0.22 * height if plate["qr"] else 0.0
    lower = Box(0.05 * width, 0.885 * height, 0.9 * width - side, 0.045 * height)
    return [
        _rim(width, height, look["plate_text"]),
        words(plate["sign_name"], Box(0.06 * width, 0.075 * height, 0.88 * width, 0.125 * height)),
        words(plate["sign_pinyin"], Box(0.08 * width, 0.235 * height, 0.84 * width, 0.055 * height)),
        words(
            plate["sign_number"],
            Box(0.08 * width, 0.35 * height, 0.84 * width, 0.42 * height),
            after=plate["sign_word"],
        ),
        words(plate["plate_code"], lower, middle=False),
        _qr(plate, width - side - 0.04 * height, height - side - 0.04 * height, side),
    ]


def _small(plate: Mapping[str, Any], width: float, height: float, look: Mapping[str, Any]) -> list[str]:
    """Upper two fifths name, lower three fifths number and QR code; small plates carry no pinyin."""
    side = 0.36 * height if plate["qr"] else 0.0
    numbered = Box(0.08 * width, 0.48 * height, 0.84 * width - 1.1 * side, 0.36 * height)
    return [
        _rim(width, height, look["plate_text"]),
        words(plate["sign_name"], Box(0.08 * width, 0.12 * height, 0.84 * width, 0.2 * height)),
        words(plate["sign_number"], numbered, after=plate["sign_word"]),
        _qr(plate, width - side - 0.07 * height, height - side - 0.07 * height, side),
    ]


def _building(plate: Mapping[str, Any], width: float, height: float, look: Mapping[str, Any]) -> list[str]:
    """Left three fifths name and pinyin, right two fifths the number in red on white, at least 0.7 of the height."""
    side = 0.24 * height if plate["qr"] else 0.0
    left, right = 0.6 * width, 0.4 * width
    return [
        f'<rect x="{left:g}" width="{right:g}" height="{height:g}" fill="#ffffff"/>',
        words(plate["sign_name"], Box(0.05 * left, 0.22 * height, 0.9 * left, 0.22 * height)),
        words(plate["sign_pinyin"], Box(0.07 * left, 0.55 * height, 0.86 * left, 0.08 * height)),
        words(plate["sign_number"], Box(left + 0.06 * right, 0.14 * height, 0.88 * right, 0.72 * height),
              fill=look["building_number"], squeeze=True),
        _qr(plate, 0.04 * height, height - side - 0.04 * height, side),
    ]  # fmt: skip


def _part(plate: Mapping[str, Any], width: float, height: float, look: Mapping[str, Any]) -> list[str]:
    """Units and dwellings: the number alone, with the QR code beside it."""
    side = 0.6 * height if plate["qr"] else 0.0
    numbered = Box(0.07 * width, 0.22 * height, 0.86 * width - 1.15 * side, 0.56 * height)
    return [
        _rim(width, height, look["plate_text"]),
        words(plate["sign_number"], numbered, after=plate["sign_word"]),
        _qr(plate, width - side - 0.2 * height, 0.2 * height, side),
    ]


def _name(plate: Mapping[str, Any], width: float, height: float, look: Mapping[str, Any]) -> list[str]:
    """Upper three fifths characters, lower two fifths pinyin."""
    return [
        _rim(width, height, look["plate_text"]),
        words(plate["sign_name"], Box(0.06 * width, 0.16 * height, 0.88 * width, 0.3 * height)),
        words(plate["sign_pinyin"], Box(0.08 * width, 0.7 * height, 0.84 * width, 0.14 * height)),
    ]


_LAYOUTS = {"large": _large, "small": _small, "building": _building, "part": _part, "name": _name}


def _qr(plate: Mapping[str, Any], x: float, y: float, side: float) -> str:
    return qr_path(plate["qr"], x, y, side) if plate["qr"] else ""


def _rim(width: float, height: float, colour: str) -> str:
    gap = 0.025 * height
    return (
        f'<rect x="{gap:g}" y="{gap:g}" width="{width - 2 * gap:g}" height="{height - 2 * gap:g}" rx="{gap:g}" '
        f'fill="none" stroke="{colour}" stroke-width="{0.008 * height:g}"/>'
    )


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)
