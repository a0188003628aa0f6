"""DOR104."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from doorplates.along import nearest_road
from rulebook.context import Context
from rulebook.findings import Findings, flag, merge
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant
from rulebook.spatial import has_shape


def road_or_place_missing(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plates that name no road or place, or one that the register does not have in force.

    ## What it does
    zh: 道路门牌应有道路标识，农村和住宅门牌应有地名标识，且该道路或地名在库中有效。
    en: A road plate must name a road, a village or estate plate a place, and the register must have it in force.

    ## Why it matters
    zh: 号码只有在一条路或一处地名之内才有意义。
    en: A number means something only within a road or a place.

    ## Example
    zh: 道路门牌的道路标识 `road-9` 在库中不存在。
    en: The road id `road-9` of a road plate is not in the register.

    ## Fix safety
    zh: 需复核：建议填最近的道路，或最近的自然村、居民点、住宅区；超出配置距离不建议。
    en: Review: proposes the nearest road, or the nearest natural village, seat or estate, within the profile's distance.

    ## Trap
    zh: 转角处的门牌，最近的道路不一定是编号的道路。
    en: At a corner the nearest road need not be the one numbered along.
    """
    on_road = frame["kind"].eq("road")
    return merge(
        [
            _missing(frame, on_road, ctx, "road_id", "roads"),
            _missing(frame, ~on_road, ctx, "place_id", "place_names"),
        ]
    )


def _missing(frame: pd.DataFrame, due: pd.Series, ctx: Context, field: str, layer: str) -> Findings:
    known, given = ctx.frame(layer), frame[field]
    absent = given.isna()
    variant = pd.Series("missing", index=frame.index).where(absent, "")
    if len(known):
        ended = ~absent & given.isin(ctx.history(layer).index) & ~given.isin(known.index)
        variant = variant.mask(ended, "ended")
        absent = absent | ~given.isin(known.index)
    wrong = due & absent & frame["status"].ne("cancelled")
    found = flag(frame, wrong, variant=variant, linked=given)
    return found.propose(field, _nearest(gpd.GeoSeries(frame.geometry[wrong]), known, layer, ctx.param("near_m")))


def _nearest(points: gpd.GeoSeries, known: pd.DataFrame, layer: str, near_m: float) -> pd.Series:
    if layer == "place_names" and len(known):
        known = known[known["kind"].isin(["natural_village", "village_seat", "estate_building"])]
    if points.empty or known.empty:
        return pd.Series(index=points.index, dtype="str")
    nearest = nearest_road(points, known.geometry) if layer == "roads" else _nearest_place(points, known.geometry)
    return nearest["nearest_id"].where(nearest["nearest_m"] <= near_m)


def _nearest_place(points: gpd.GeoSeries, places: gpd.GeoSeries) -> pd.DataFrame:
    """The place nearest to each point: ``nearest_id``, ``nearest_m``; of places equally near the smallest id."""
    points, places = points[has_shape(points)], places[has_shape(places)].sort_index()
    (point, place), distance = shapely.STRtree(places.to_numpy()).query_nearest(points.to_numpy(), return_distance=True)
    best = np.unique(point, return_index=True)[1]
    return pd.DataFrame(
        {"nearest_id": places.index[place[best]].astype("str"), "nearest_m": distance[best]},
        index=points.index[point[best]],
    )


RULE = Rule(
    code="DOR104",
    name="road-or-place-missing",
    title=Text("门牌没有对应的道路或地名", "plate without its road or place"),
    layers=("doorplates",),
    uses=("roads", "place_names"),
    params=(Param("near_m", float, Text("建议道路或地名的最远距离（米）", "how far a proposed road or place may be")),),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="门牌登记必填项（浙江门牌系统做法）",
    message=Text("所编道路或地名 {linked} 在库中不存在。", "Its road or place {linked} is not in the register."),
    variants={
        "missing": Variant(Text("没有填写所编的道路或地名。", "It names no road or place.")),
        "ended": Variant(Text("所编道路或地名 {linked} 已失效。", "Its road or place {linked} is no longer in force.")),
    },
    check=road_or_place_missing,
)
