"""ADR405."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from doorplates.addresses.links import road_names
from doorplates.addresses.records import not_retired
from doorplates.addresses.text import comparable, looked_up
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def road_not_near(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Addresses whose point is further from their road than the profile allows.

    ## What it does
    zh: 求地址点到所属道路（road_id；没有时为同名的在用道路中最近的一条）的距离，超过配置的限值即报告。
    en: Measures how far the point of an address is from its road (``road_id``; without one, the nearest road in force
        of that name) and reports what is further than the profile allows.

    ## Why it matters
    zh: 点位错了，或者关联到了别处的同名道路。
    en: Either the point is wrong or the address is linked to a road of the same name elsewhere.

    ## Example
    zh: 地址关联 `road-far`，点位距该路 1200 米，而 10 米外就有同名道路。
    en: The address is linked to `road-far`, 1200 m away, while a road of the same name is 10 m away.

    ## Fix safety
    zh: 需审核：限值以内有同名道路时，提出改为关联该路；否则应到现场核实。
    en: Review: where a road of the same name is within the limit, the link to it is proposed; else go and see.

    ## Trap
    zh: 大院、小区的房屋可能离编号的道路较远，限值由配置决定；远在所有道路范围之外的点由坐标规则报告。
    en: Houses of large compounds may stand far from the road they are numbered along; the profile sets the limit.
        Points far outside the extent of all roads are the business of the rules on coordinates.
    """
    roads = ctx.frame("roads")
    names = road_names(ctx)
    shapes = roads.geometry[roads.geometry.notna() & ~roads.geometry.is_empty]
    placed = frame[not_retired(frame) & frame.geometry.notna() & ~frame.geometry.is_empty]
    placed = placed[_plausible(placed.geometry, shapes)]
    name = comparable(placed["road"]).fillna(looked_up(placed["road_id"], names))
    by_name = pd.DataFrame({"name": names, "road": names.index}).loc[lambda known: known["road"].isin(shapes.index)]
    pairs = pd.concat(
        [
            pd.DataFrame({"address": placed.index, "name": name}).merge(by_name, on="name")[["address", "road"]],
            pd.DataFrame({"address": placed.index, "road": placed["road_id"]}),
        ]
    )
    pairs = pairs[pairs["road"].isin(shapes.index)].drop_duplicates()
    pairs["distance"] = _distances(placed.geometry, shapes, pairs)
    pairs = pairs.sort_values(["distance", "road"])
    nearest = pairs.drop_duplicates("address").set_index("address")
    linked = pairs[pairs["road"].eq(pairs["address"].map(placed["road_id"]))].set_index("address")["distance"]

    known_link = frame["road_id"].isin(shapes.index)
    distance = linked.reindex(frame.index).where(known_link, nearest["distance"].reindex(frame.index))
    distance = distance.where(known_link | frame["road_id"].isna())
    limit = ctx.param("max_distance_m")
    other = nearest["road"][nearest["distance"].le(limit)].reindex(frame.index)
    asked = frame["road_id"].where(known_link, nearest["road"].reindex(frame.index))
    return flag(
        frame,
        distance.gt(limit),
        related=("roads:" + asked).map(lambda one: (one,), na_action="ignore"),
        road=looked_up(asked, names).fillna(asked),
        distance_m=distance,
        limit_m=limit,
    ).propose("road_id", other.where(known_link))


def _plausible(points: gpd.GeoSeries, roads: gpd.GeoSeries) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Points in the extent of the roads, grown by its own size on each side; others are faults of coordinates."""
    if roads.empty:
        return np.zeros(len(points), dtype=bool)
    west, south, east, north = roads.total_bounds
    size = max(east - west, north - south)
    at_x, at_y = shapely.get_x(points.to_numpy()), shapely.get_y(points.to_numpy())
    inside = (at_x > west - size) & (at_x < east + size) & (at_y > south - size) & (at_y < north + size)
    return np.asarray(inside)


def _distances(
    points: gpd.GeoSeries, shapes: gpd.GeoSeries, pairs: pd.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    at = points.to_numpy()[points.index.get_indexer(pairs["address"])]
    return np.asarray(shapely.distance(at, shapes.to_numpy()[shapes.index.get_indexer(pairs["road"])]))


RULE = Rule(
    code="ADR405",
    name="road-not-near",
    title=Text("地址离所属道路过远", "road of an address is not near"),
    layers=("addresses",),
    level=Level.WARNING,
    remedy=Remedy.FIELD,
    fix=Safety.REVIEW,
    basis="业务实践：门牌沿道路编制，地址点应在其道路附近",
    message=Text(
        "地址点距{road} {distance_m:.1f} 米，超过 {limit_m:.0f} 米。",
        "The point of the address is {distance_m:.1f} m from {road}, more than {limit_m:.0f} m.",
    ),
    check=road_not_near,
    needs=("roads",),
    params=(
        Param("max_distance_m", float, Text("地址点到所属道路的最大距离（米）", "greatest distance to the road (m)")),
    ),
    spatial=True,
)
