"""MRK302."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from boundaries import lines, markers, tiling
from boundaries.rules.off_the_line import BUDGET_PARAMS, judged, told
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def off_the_meeting(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Tri-point markers that do not stand where their lines or divisions meet.

    ## What it does
    zh: 三交点（类型S，或属于三条界线）应在各界线的交汇处：量到每条在册界线的距离，只有一条在册时量到它的端点；没有界线时量到
        相邻政区面的边线。取最大的距离，按误差判定。
    en: A tri-point (type S, or of three lines) stands where its lines meet: the distance to every line on record is measured,
        to the line's end where there is one only, and to the outlines of the divisions where there is none; the
        largest is judged by the error budget.

    ## Why it matters
    zh: 三交点同时确定三条界线的端点，位置错了三条线都错。
    en: A tri-point ends three lines at once; if it is wrong, all three are.

    ## Example
    zh: 三交点坐标 `POINT (0 40)`，三条界线交于原点。
    en: The tri-point is at `POINT (0 40)`, its lines meet in the origin.

    ## Fix safety
    zh: 不提供自动修改：要三方实地复测。
    en: None: the three sides measure it again in the field.

    ## Trap
    zh: 第三条线常在两个邻县之间、不在本册，只按在册的界线判定。
    en: The third line often runs between two neighbours and is not on record; the known ones are judged.
    """
    stones = markers.stones(ctx)
    table = markers.positions(ctx)
    table = table[table["tri_point"]].copy()
    ends = lines.lines(ctx).geometry.boundary
    points = stones["geometry"]
    single = table.groupby("marker")["line"].transform("size").eq(1).to_numpy(dtype=bool)
    to_end = shapely.distance(points.reindex(table["marker"]).to_numpy(), ends.reindex(table["line"]).to_numpy())
    open_end = single & ~shapely.is_empty(ends.reindex(table["line"]).to_numpy())
    table["distance_m"] = table["distance_m"].mask(open_end, pd.Series(to_end, index=table.index))
    distance = table.groupby("marker")["distance_m"].max()
    lineless = stones[stones["tri_point"] & ~stones.index.isin(table["marker"])]
    distance = pd.concat([distance, _to_divisions(lineless, ctx)]).dropna()
    wanted = table if len(table) else table.reindex(columns=["marker", "line"])
    more = pd.DataFrame({"marker": lineless.index, "line": None})
    facts = judged(ctx, distance, pd.concat([wanted[["marker", "line"]].astype("str"), more.astype("str")]), frame)
    off = facts["distance_m"] > facts["limit_m"]
    return told(frame, off, ~off & (facts["distance_m"] > ctx.param("tolerance_m")), facts)


def _to_divisions(stones: pd.DataFrame, ctx: Context) -> pd.Series:
    """Largest distance from each tri-point to the outlines of its divisions, where two or more have an area."""
    pairs = stones["sides"].explode().dropna().astype("str")
    areas = lines.areas_of(pairs, tiling.areas(ctx))
    pairs = pairs[pairs.isin(set(areas))]
    pairs = pairs[pairs.groupby(level=0).transform("size").ge(2)]
    points = stones["geometry"].reindex(pairs.index)
    there = ~(points.isna() | points.is_empty).to_numpy(dtype=bool)
    pairs, points = pairs[there], points[there]
    found = pd.Series(float("nan"), index=range(len(pairs)))
    for code in sorted(set(pairs)):
        own = pairs.eq(code).to_numpy(dtype=bool)
        found[own] = lines.distances_to_outline(points.to_numpy()[own], areas[code])
    return found.set_axis(pairs.index).groupby(level=0).max()


RULE = Rule(
    code="MRK302",
    name="tri-point-off-the-meeting",
    title=Text("三交点不在交汇处", "tri-point off the meeting"),
    layers=("markers",),
    level=Level.ERROR,
    remedy=Remedy.FIELD,
    fix=Safety.NONE,
    basis="界桩形制（三面型立于界线交汇处）；容差为本软件默认值",
    message=Text(
        "三交点 {number} 离界线 {line_codes} 的交汇处 {distance_m:.2f} 米，超过容差与误差之和 {limit_m:.2f} 米。",
        "Tri-point {number} is {distance_m:.2f} m off the meeting of lines {line_codes}; tolerance and error allow "
        "{limit_m:.2f} m.",
    ),
    check=off_the_meeting,
    uses=("boundary_lines", "divisions"),
    params=BUDGET_PARAMS,
    variants={
        "unsure": Variant(
            Text(
                "三交点 {number} 离界线 {line_codes} 的交汇处 {distance_m:.2f} 米，超过容差，但在误差（{error_m:.2f} 米）之内，"
                "不能判定是否偏离。",
                "Tri-point {number} is {distance_m:.2f} m off the meeting of lines {line_codes}: more than the tolerance, but "
                "within the error of {error_m:.2f} m; it cannot be told whether it is off.",
            ),
            Level.QUESTION,
        )
    },
    spatial=True,
)
