"""Where the county's records can lie at all: a box in the register's CRS."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyproj import CRS, Transformer

from boundaries import tiling
from rulebook.context import Context

DEGREES = CRS("EPSG:4490")


def allowed_boxes(ctx: Context, margin_m: float) -> Any:
    """Boxes (west, south, east, north; metres) that a record may lie in: the profile's ``sanity_box``, the extent of the
    county's divisions with a margin; without both, the area of use of the CRS. One row a box.
    """
    settings = ctx.run.profile.settings
    boxes = []
    if "sanity_box" in settings:
        boxes.append(to_metres(ctx).transform_bounds(*settings["sanity_box"]))
    every = tiling.areas(ctx)
    own = every[every["code"].str.startswith(settings.get("county_code", ""))]
    if len(own):
        west, south, east, north = own.total_bounds
        boxes.append((west - margin_m, south - margin_m, east + margin_m, north + margin_m))
    if not boxes and ctx.crs is not None and ctx.crs.area_of_use is not None:
        boxes.append(to_metres(ctx).transform_bounds(*ctx.crs.area_of_use.bounds))
    return np.array(boxes).reshape(-1, 4)


def to_metres(ctx: Context) -> Transformer:
    """From longitude and latitude (CGCS2000) to the register's CRS."""
    return Transformer.from_crs(DEGREES, ctx.crs, always_xy=True)


def to_degrees(ctx: Context) -> Transformer:
    """From the register's CRS to longitude and latitude (CGCS2000)."""
    return Transformer.from_crs(ctx.crs, DEGREES, always_xy=True)


def inside(xy: Any, boxes: Any) -> Any:
    """Whether each coordinate pair lies in one of the boxes."""
    x, y = xy[:, 0, None], xy[:, 1, None]
    within = (x >= boxes[:, 0]) & (y >= boxes[:, 1]) & (x <= boxes[:, 2]) & (y <= boxes[:, 3])
    return within.any(axis=1)
