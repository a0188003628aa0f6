"""Which of two roads a corner building is numbered along, by the rule of the profile."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from rulebook.context import Context
from rulebook.errors import ProfileError
from rulebook.spatial import has_shape

CORNER_RULES = ("as_asked", "higher_class", "nearest")
CLASSES = ("arterial", "secondary", "branch", "lane", "village")
MEET_M = 5.0


def corner_roads(points: gpd.GeoSeries, road_id: str, ctx: Context) -> pd.Series:
    """For each point the other road by which it should be numbered, missing where ``road_id`` is right.

    A corner building stands within ``corner_m`` of another road in force that meets this one. The setting
    ``numbering.corner`` decides: ``as_asked`` (no statement), ``higher_class`` (the road of the higher class),
    ``nearest`` (the road nearer to the point).
    """
    rule, reach_m = ctx.setting("numbering")["corner"], float(ctx.setting("numbering")["corner_m"])
    if rule not in CORNER_RULES:
        raise ProfileError(
            f"设置 numbering.corner = {rule!r} 不对，应为 {'、'.join(CORNER_RULES)}。",
            f"Setting numbering.corner = {rule!r} is wrong; it is one of {', '.join(CORNER_RULES)}.",
        )
    nothing = pd.Series(None, index=points.index, dtype="str")
    if rule == "as_asked":
        return nothing
    roads = ctx.frame("roads")
    roads = roads[has_shape(roads.geometry) & roads["status"].isin(["in_use", "approved"])]
    own = ctx.frame("roads").geometry[road_id]
    lines = roads.geometry.drop(index=road_id, errors="ignore").to_numpy()
    others = roads.drop(index=road_id, errors="ignore").index[shapely.distance(lines, own) <= MEET_M]
    if others.empty:
        return nothing
    away = pd.DataFrame(
        {one: shapely.distance(points.to_numpy(), roads.geometry[one]) for one in sorted(others)}, index=points.index
    )
    if rule == "nearest":
        better = away.lt(shapely.distance(points.to_numpy(), own), axis=0)
    else:
        rank = ctx.frame("roads")["road_class"].map({name: place for place, name in enumerate(CLASSES)})
        better = pd.DataFrame({one: rank[one] < rank[road_id] for one in away.columns}, index=away.index)
    near = away.where(better & (away <= reach_m))
    return near.dropna(how="all").idxmin(axis=1).reindex(points.index).astype("str")
