"""MRK303."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import inspections, markers
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety

FIXES = ("rtk", "dgnss", "single")


def moved_marker(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Markers that the latest inspection found elsewhere than recorded.

    ## What it does
    zh: 取每颗界桩最近一次实测位置的检查，与登记位置比较；相差超过容差加两者中误差的就报告。
    en: Takes the latest inspection of each marker that measured a position and compares it with the recorded one; more than the
        tolerance plus both mean errors is told.

    ## Why it matters
    zh: 擅自移动的界桩没有法律效力，要由双方恢复原位。
    en: A marker moved by one side has no legal effect; both sides set it back.

    ## Example
    zh: 检查员在 `POINT (580012 3270000)` 量到界桩，比登记位置偏了12米。
    en: The inspector measured the marker at `POINT (580012 3270000)`, twelve metres from its record.

    ## Fix safety
    zh: 不提供自动修改：先复测，再由双方处理。
    en: None: measure again, then both sides act.

    ## Trap
    zh: 手持机单点定位误差可达十米，精度没有填写时按定位方式取默认值；未找到、丢失的检查点不是界桩位置。
    en: A single fix of a handset is off by up to ten metres; without a recorded accuracy that of the kind of fix is taken.
        Where the marker was not found the point is not the marker's.
    """
    visits = ctx.frame("inspections")
    visits = visits[visits["marker_id"].isin(frame.index) & ~visits["condition"].isin(inspections.NOT_SEEN)]
    visits = visits[~(visits["geometry"].isna() | visits["geometry"].is_empty) & visits["fix_type"].ne("none")]
    latest = visits.rename_axis("visit").reset_index().sort_values(["inspected_on", "visit"])
    latest = latest.drop_duplicates("marker_id", keep="last").set_index("marker_id").reindex(frame.index)
    by_fix = latest["fix_type"].map({kind: ctx.param(f"{kind}_m") for kind in FIXES}).astype("float64")
    visit_error = latest["accuracy_m"].fillna(by_fix).fillna(ctx.param("single_m"))
    survey = frame["accuracy_m"].fillna(ctx.param("default_survey_m"))
    allowed = ctx.param("tolerance_m") + np.hypot(visit_error, survey)
    distance = pd.Series(
        shapely.distance(frame["geometry"].to_numpy(), latest["geometry"].to_numpy()), index=frame.index
    )
    kept = frame["status"].ne(markers.SCRAPPED)
    return flag(
        frame,
        kept & distance.gt(allowed),
        related=latest["visit"].map(lambda one: (f"inspections:{one}",)),
        number=frame["number"],
        inspected_on=latest["inspected_on"],
        distance_m=distance,
        allowed_m=allowed,
    )


RULE = Rule(
    code="MRK303",
    name="moved-since-recorded",
    title=Text("检查位置与登记位置不符", "moved since recorded"),
    layers=("markers",),
    level=Level.ERROR,
    remedy=Remedy.FIELD,
    fix=Safety.NONE,
    basis="行政区域界线管理条例 第六条（不得擅自移动界桩）；联检办法（位置与登记表不符为移动）",
    message=Text(
        "界桩 {number} 在 {inspected_on} 的检查位置离登记位置 {distance_m:.2f} 米（允许 {allowed_m:.2f} 米）。",
        "On {inspected_on} marker {number} was found {distance_m:.2f} m from its recorded place ({allowed_m:.2f} m allowed).",
    ),
    check=moved_marker,
    needs=("inspections",),
    params=(
        Param("tolerance_m", float, Text("容差（米）", "tolerance in metres")),
        Param(
            "default_survey_m", float, Text("界桩没有精度时取值（米）", "accuracy in metres of a marker without one")
        ),
        Param("rtk_m", float, Text("RTK 定位精度（米）", "accuracy in metres of an RTK fix")),
        Param("dgnss_m", float, Text("差分定位精度（米）", "accuracy in metres of a differential fix")),
        Param("single_m", float, Text("单点定位精度（米）", "accuracy in metres of a single fix")),
    ),
    spatial=True,
)
