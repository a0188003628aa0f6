"""A place that the user names by its coordinates."""

from __future__ import annotations

import math

import shapely
from pyproj import CRS, Transformer

from rulebook.errors import CallError

LON_LAT = CRS("EPSG:4490")


def spot(at: str, crs: CRS) -> shapely.Point:
    """The point of ``LON,LAT`` (degrees, EPSG:4490) in ``crs``; raises CallError when it is none."""
    lon, comma, lat = at.partition(",")
    try:
        x, y = Transformer.from_crs(LON_LAT, crs, always_xy=True).transform(float(lon), float(lat if comma else "x"))
    except ValueError as fault:
        raise CallError(
            f"--at 应为 经度,纬度，例如 120.82,29.59，不是“{at}”。",
            f'--at is LON,LAT, for example 120.82,29.59, not "{at}".',
        ) from fault
    if not (math.isfinite(x) and math.isfinite(y)):
        raise CallError(f"坐标“{at}”不在地球上。", f'The coordinates "{at}" are nowhere on earth.')
    return shapely.Point(x, y)
