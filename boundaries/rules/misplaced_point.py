"""EXC201."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import extent
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

MAY_BE_EMPTY = ("addresses",)
PLACELESS = ("planned", "historic", "abolished", "reserved", "cancelled", "retired", "scrapped")
MILLION = 1_000_000


def misplaced_point(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Records without coordinates, at zero, with exchanged coordinates, or far outside the county.

    ## What it does
    zh: 检查坐标是否缺少、为零、经纬度或纵横坐标互换、误存为度或带带号，是否在本县的合理范围之外；互换等能换回范围内的，给出改正后的坐标。
    en: Checks for missing or zero coordinates, exchanged longitude and latitude or easting and northing, degrees or zone
        prefixes stored as metres, and places outside the county's box; what falls into place once exchanged is proposed.

    ## Why it matters
    zh: 坐标错了，地图上找不到，落点、距离类检查也都失效。
    en: Such records are not on the map, and checks of place and distance are lost on them.

    ## Example
    zh: 坐标存成 `POINT (29.6 120.8)`，经纬度颠倒。
    en: The point is stored as `POINT (29.6 120.8)`: latitude first.

    ## Fix safety
    zh: 需审核：换回后虽在范围内，仍要看是不是原来的地点。
    en: Review: the exchanged point lies in the county, a person sees whether it is the right place.

    ## Trap
    zh: 地址可以没有坐标；规划、历史、注销的记录没有坐标不算错；界外不远的地点（邻县）不在本规则范围。
    en: Addresses may lack a point, and so may planned, historic and cancelled records; places a little across the border
        are other rules' business.
    """
    boxes = extent.allowed_boxes(ctx, ctx.param("margin_m"))
    shapes = frame["geometry"].to_numpy()
    bounds = shapely.bounds(shapes)
    xy = (bounds[:, :2] + bounds[:, 2:]) / 2
    there = np.isfinite(xy).all(axis=1)
    excused = frame["status"].isin(PLACELESS).to_numpy() | (ctx.layer in MAY_BE_EMPTY)
    lacking = ~there & ~(excused & (shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    touches = _touches(bounds, boxes)
    outside = there & ~touches
    zero = outside & _is_zero(xy, ctx)
    variant = np.full(len(frame), "", dtype=object)
    variant[lacking], variant[outside], variant[zero] = "missing", "outside", "zero"
    repaired = np.full(len(frame), None, dtype=object)
    for name, turn in _turns(ctx).items():
        open_ = np.flatnonzero(outside & ~zero & (variant == "outside"))
        turned = shapely.transform(shapes[open_], turn)
        fits = _touches(shapely.bounds(turned), boxes)
        variant[open_[fits]], repaired[open_[fits]] = name, turned[fits]
    found = pd.Series(variant, index=frame.index, dtype="str")
    label = frame["name" if "name" in frame else "number" if "number" in frame else "text"]
    return flag(
        frame,
        found.ne(""),
        variant=found.mask(found.eq("outside"), ""),
        label=label.astype("object").where(label.notna(), frame.index.to_series()),
        x=pd.Series(xy[:, 0], index=frame.index),
        y=pd.Series(xy[:, 1], index=frame.index),
    ).propose("geometry", pd.Series(repaired, index=frame.index, dtype="object"))


def _touches(bounds: Any, boxes: Any) -> Any:
    """Whether a feature's own box meets one of the allowed boxes."""
    west, south, east, north = (bounds[:, n, None] for n in range(4))
    meets = (east >= boxes[:, 0]) & (north >= boxes[:, 1]) & (west <= boxes[:, 2]) & (south <= boxes[:, 3])
    return meets.any(axis=1)


def _is_zero(xy: Any, ctx: Context) -> Any:
    origin = np.array(extent.to_metres(ctx).transform(0.0, 0.0))
    return (np.abs(xy) < 1).any(axis=1) & (xy == np.round(xy)).any(axis=1) | (np.abs(xy - origin) < 1).all(axis=1)


def _turns(ctx: Context) -> dict[str, Callable[[Any], Any]]:
    """Ways in which coordinates may have been taken down wrongly, each with what puts them right."""
    degrees = extent.to_metres(ctx)

    def from_degrees(xy: Any) -> Any:
        return np.column_stack(degrees.transform(xy[:, 0], xy[:, 1]))

    def exchanged(xy: Any) -> Any:
        turned = xy[:, ::-1]
        return np.where((np.abs(xy) <= 180).all(axis=1)[:, None], from_degrees(turned), turned)

    return {
        "swapped": exchanged,
        "degrees": from_degrees,
        "prefixed": lambda xy: np.column_stack([xy[:, 0] % MILLION, xy[:, 1]]),
    }


RULE = Rule(
    code="EXC201",
    name="coordinates-missing-zero-swapped",
    title=Text("坐标缺失、为零、互换或在县外", "coordinates missing, zero, exchanged or far away"),
    layers=("place_names", "doorplates", "addresses", "markers"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名普查登记表（经纬度必填，2000国家大地坐标系）",
    message=Text(
        "“{label}”的坐标（{x:.1f}，{y:.1f}）在本县合理范围之外。",
        "The coordinates ({x:.1f}, {y:.1f}) of {label} are outside the county's box.",
    ),
    check=misplaced_point,
    uses=("divisions",),
    params=(Param("margin_m", float, Text("区划范围外扩（米）", "margin in metres around the divisions")),),
    variants={
        "missing": Variant(
            Text("“{label}”没有坐标，或坐标不是数。", "{label} has no coordinates, or they are no numbers.")
        ),
        "zero": Variant(Text("“{label}”的坐标为零。", "The coordinates of {label} are zero.")),
        "swapped": Variant(
            Text(
                "“{label}”的坐标（{x:.4f}，{y:.4f}）互换了次序，换回后在本县。",
                "The coordinates ({x:.4f}, {y:.4f}) of {label} are exchanged; put back they lie in the county.",
            )
        ),
        "degrees": Variant(
            Text(
                "“{label}”的坐标（{x:.4f}，{y:.4f}）是经纬度，没有投影。",
                "The coordinates ({x:.4f}, {y:.4f}) of {label} are degrees that were not projected.",
            )
        ),
        "prefixed": Variant(
            Text(
                "“{label}”的横坐标 {x:.1f} 带有带号。",
                "The easting {x:.1f} of {label} carries a zone prefix.",
            )
        ),
    },
    spatial=True,
)
