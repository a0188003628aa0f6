"""A map sketch for papers: shapes in a frame with north arrow and scale bar, as a picture that needs no font.

Chinese labels cannot be drawn without shipping a font, so marks are numbered and the paper lists what they are.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFont
from shapely.geometry.base import BaseGeometry

MARGIN = 0.12  # of the extent, left around the shapes
INK, GROUND, GREY = "#1a1a1a", "#ffffff", "#8a8a8a"


@dataclass(frozen=True)
class Mark:
    """A shape of the sketch, in a projected CRS (metres). ``label`` is a short number or letter drawn beside it."""

    geometry: BaseGeometry
    colour: str = INK
    width: int = 3
    label: str = ""
    filled: bool = False


def sketch(
    marks: Sequence[Mark],
    *,
    width: int = 1200,
    height: int = 800,
    least_m: float = 100.0,
    focus: BaseGeometry | None = None,
) -> bytes:
    """PNG of the marks, north up. It shows ``focus`` (default: all marks), at least ``least_m`` metres across."""
    picture = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(picture)
    shown = shapely.union_all([focus] if focus is not None else [mark.geometry for mark in marks])
    if shown is None or shown.is_empty:
        return _png(picture)
    view = _View.over(shown.bounds, width, height, least_m)
    frame = shapely.box(*view.bounds)
    for mark in sorted(marks, key=lambda one: -shapely.get_dimensions(one.geometry)):
        _draw(draw, view, mark, frame)
    font = ImageFont.load_default(26)
    for mark in marks:
        inside = shapely.intersection(mark.geometry, frame)
        if mark.label and not inside.is_empty:
            x, y = view.pixel(np.array(shapely.point_on_surface(inside).coords[0]))
            draw.text((x + 9, y - 30), mark.label, fill=mark.colour, font=font, stroke_width=3, stroke_fill=GROUND)
    _north_arrow(draw, width)
    _scale_bar(draw, view, height)
    draw.rectangle((0, 0, width - 1, height - 1), outline=INK, width=2)
    return _png(picture)


def data_url(png: bytes) -> str:
    """The picture as an address that stands in a page itself."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


@dataclass(frozen=True)
class _View:
    """From metres to pixels."""

    west: float
    north: float
    metres: float  # a pixel
    width: int
    height: int

    @classmethod
    def over(cls, bounds: tuple[float, float, float, float], width: int, height: int, least_m: float) -> _View:
        west, south, east, north = bounds
        metres = max(
            max(east - west, least_m) * (1 + 2 * MARGIN) / width,
            max(north - south, least_m) * (1 + 2 * MARGIN) / height,
        )
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        return cls(middle_x - metres * width / 2, middle_y + metres * height / 2, metres, width, height)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        south, east = self.north - self.metres * self.height, self.west + self.metres * self.width
        return self.west, south, east, self.north

    def pixel(self, xy: np.ndarray) -> tuple[float, float]:
        return (float(xy[0]) - self.west) / self.metres, (self.north - float(xy[1])) / self.metres

    def pixels(self, shape: BaseGeometry) -> list[tuple[float, float]]:
        return [self.pixel(xy) for xy in shapely.get_coordinates(shape)]


def _draw(draw: ImageDraw.ImageDraw, view: _View, mark: Mark, frame: BaseGeometry) -> None:
    near = shapely.buffer(frame, view.metres * 50, join_style="mitre")
    for part in shapely.get_parts(mark.geometry):
        clipped = part if part.geom_type == "Polygon" and not mark.filled else shapely.intersection(part, near)
        for piece in (one for one in shapely.get_parts(clipped) if not one.is_empty):
            if piece.geom_type == "Polygon":
                if mark.filled:
                    draw.polygon(view.pixels(piece.exterior), fill=mark.colour)
                    continue
                for ring in (piece.exterior, *piece.interiors):
                    inside = shapely.intersection(shapely.LineString(ring), near)
                    for line in shapely.get_parts(inside):
                        draw.line(view.pixels(line), fill=mark.colour, width=mark.width, joint="curve")
            elif piece.geom_type == "LineString":
                draw.line(view.pixels(piece), fill=mark.colour, width=mark.width, joint="curve")
            elif piece.geom_type == "Point" and not piece.is_empty:
                (x, y), r = view.pixels(piece)[0], 4 + mark.width
                draw.ellipse((x - r, y - r, x + r, y + r), fill=mark.colour, outline=GROUND, width=2)


def _north_arrow(draw: ImageDraw.ImageDraw, width: int) -> None:
    x, y = width - 50, 24
    draw.polygon([(x, y), (x - 14, y + 52), (x, y + 40), (x + 14, y + 52)], fill=INK)
    draw.text((x, y + 56), "N", fill=INK, font=ImageFont.load_default(24), anchor="ma")


def _scale_bar(draw: ImageDraw.ImageDraw, view: _View, height: int) -> None:
    longest = view.metres * view.width / 4
    power = 10 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 5) if step * power <= longest)
    x, y, pixels = 26, height - 30, length / view.metres
    draw.line((x, y, x + pixels, y), fill=INK, width=4)
    for end in (x, x + pixels):
        draw.line((end, y - 8, end, y + 8), fill=INK, width=3)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    draw.text((x + pixels + 12, y), text, fill=INK, font=ImageFont.load_default(24), anchor="lm")


def _png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
