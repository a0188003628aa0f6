"""DOR307."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety
from rulebook.spatial import has_shape, locate


def outside_the_county(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plates whose point lies outside the county.

    ## What it does
    zh: 用县级政区面（按配置的县代码；没有县级面的，用全部乡镇、村的面）检查门牌点是否在县内，界外不超过容差的不报。
    en: Checks plates against the county's polygon (by the county code of the profile; where it is not drawn, against
        all townships and villages). A point outside by less than the tolerance is not reported.

    ## Why it matters
    zh: 县外的门牌不归本县编制，多为坐标录错或坐标系用错。
    en: The county does not number plates beyond its border; mostly the coordinates or their system are wrong.

    ## Example
    zh: 门牌 `w-7` 的点落在邻县。
    en: The point of plate `w-7` lies in the next county.

    ## Fix safety
    zh: 不提出修改：须重新核对坐标。
    en: None: the coordinates must be looked up again.

    ## Trap
    zh: 飞地和与邻县共编的界线道路请列入豁免；远得离谱的是坐标本身有错，由 EXC201 报告。
    en: Exclaves and border roads numbered with the neighbour are matters for an exemption; what is absurdly far has
        wrong coordinates and is reported by EXC201.
    """
    county = _county(ctx.frame("divisions"), str(ctx.setting("county_code")))
    placed = frame[has_shape(frame.geometry) & frame["status"].ne("cancelled")]
    points = gpd.GeoSeries(placed.geometry)
    lost = points[locate(points, county).isna()]
    tree = shapely.STRtree(county.to_numpy())
    (point, _), distance = tree.query_nearest(lost.to_numpy(), return_distance=True, all_matches=False)
    outside_m = pd.Series(distance, index=lost.index[point])
    wrong = (outside_m > ctx.param("tolerance_m")) & (outside_m <= ctx.param("farthest_m"))
    return flag(frame, wrong, number=frame["number"], outside_m=outside_m)


def _county(divisions: pd.DataFrame, county_code: str) -> gpd.GeoSeries:
    """Polygons that make up the county: its own, else those of all its parts, else of all divisions there are."""
    drawn = divisions[has_shape(divisions.geometry)]
    own = drawn[drawn["code"].str.startswith(county_code)]
    for candidates in (own[own["level"].eq("county")], own, drawn[drawn["level"].eq("county")], drawn):
        if len(candidates):
            return gpd.GeoSeries(candidates.geometry)
    return gpd.GeoSeries(drawn.geometry)


RULE = Rule(
    code="DOR307",
    name="outside-the-county",
    title=Text("门牌在县外", "plate outside the county"),
    layers=("doorplates",),
    needs=("divisions",),
    params=(
        Param("tolerance_m", float, Text("县界附近的容差（米）", "tolerance at the border in metres")),
        Param(
            "farthest_m",
            float,
            Text("更远的视为坐标本身有错（米）", "metres beyond which the coordinates are at fault"),
        ),
    ),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="门牌登记：由县级民政部门在本行政区域内编制",
    message=Text(
        "门牌 {number} 在县外，离县界 {outside_m:.0f} 米。",
        "Plate {number} is outside the county by {outside_m:.0f} m.",
    ),
    spatial=True,
    check=outside_the_county,
)
