"""BND305."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import lines
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def line_off_polygons(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Boundary lines that do not follow the common edge of their two divisions.

    ## What it does
    zh: 沿界线取点，量到两侧区划面边线的距离，超过容差加界线精度的就报告；外县没有面时只与本县的面比较。
    en: Measures points along the line to the outlines of the divisions on both sides; further than tolerance plus
        the line's accuracy is reported. Where the other county has no polygon, only our own is compared.

    ## Why it matters
    zh: 界线和区划面应当是同一条线，不一致时两种成果给出两个答案。
    en: The line and the polygons are one boundary; where they differ, two products give two answers.

    ## Example
    zh: 界线 `LINESTRING (100 0, 130 500, 100 1000)` 中段离两村公共边30米。
    en: The line `LINESTRING (100 0, 130 500, 100 1000)` leaves the common edge by thirty metres.

    ## Fix safety
    zh: 不提供自动修改：以协议书和附图为准，不知道哪一个画错了。
    en: None: the agreement and its maps decide which of the two is wrong.

    ## Trap
    zh: 若两侧代码写错，界线就不在该区划边上，由 BND306 报告。
    en: A line with a wrong side code does not run along that division at all; BND306 tells that.
    """
    table, beside = lines.lines(ctx), lines.sides(ctx)
    along = beside[beside[["own_share", "other_share"]].max(axis=1).gt(0)]
    judged = along if len(along) else beside
    judged = pd.concat([judged, beside[~beside["line"].isin(judged["line"])]])
    rows = {}
    for line, areas in judged.groupby("line")["area"]:
        shape, accuracy = table.at[line, "geometry"], table.at[line, "accuracy_m"]
        budget = ctx.param("tolerance_m") + (ctx.param("default_accuracy_m") if np.isnan(accuracy) else accuracy)
        measured = [lines.off_outline(shape, area, ctx.param("step_m")) for area in areas]
        points, distance = measured[0][0], np.max([one[1] for one in measured], axis=0)
        if distance.max() > budget:
            rows[line] = (
                distance.max(),
                (distance > budget).mean(),
                budget,
                shapely.multipoints(points[distance > budget]),
            )
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["far", "share", "budget", "where"])
    return flag(
        frame,
        pd.Series(frame.index.isin(found.index), index=frame.index),
        geometry=found["where"],
        name=frame["name"],
        distance_m=found["far"],
        percent_off=found["share"] * 100,
        allowed_m=found["budget"],
    )


RULE = Rule(
    code="BND305",
    name="line-off-the-polygons",
    title=Text("界线与区划面不一致", "boundary line off the polygons"),
    layers=("boundary_lines",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="行政区域界线管理条例 第四条、第十四条（界线唯一，图上界线一致）",
    message=Text(
        "界线“{name}”偏离区划边线最多 {distance_m:.1f} 米（允许 {allowed_m:.1f} 米），约 {percent_off:.0f}% 的线段偏离。",
        "The line {name} leaves the divisions' edge by up to {distance_m:.1f} m ({allowed_m:.1f} m allowed), along "
        "some {percent_off:.0f} % of it.",
    ),
    check=line_off_polygons,
    needs=("divisions",),
    params=(
        Param(
            "tolerance_m", float, Text("容差（米），另加界线精度", "tolerance in metres, the line's accuracy is added")
        ),
        Param(
            "default_accuracy_m", float, Text("没有填写精度时取值（米）", "accuracy in metres where none is recorded")
        ),
        Param("step_m", float, Text("沿线取点的间距（米）", "spacing in metres of the points measured")),
    ),
    spatial=True,
)
