"""MRK301."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries import lines, markers
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

BUDGET_PARAMS = (
    Param("tolerance_m", float, Text("容差（米）", "tolerance in metres")),
    Param(
        "times_error", float, Text("“偏离”须超出容差多少倍中误差", "mean errors beyond the tolerance that make it off")
    ),
    Param("default_survey_m", float, Text("界桩没有精度时取值（米）", "accuracy in metres of a marker without one")),
    Param("default_line_m", float, Text("界线没有精度时取值（米）", "accuracy in metres of a line without one")),
)


def off_the_line(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Markers that do not stand on their line, as far as the accuracies allow to tell.

    ## What it does
    zh: 量界桩到所属界线的距离：不超过容差为“在线上”；超过容差加中误差（测量精度与界线精度平方和的根）为“偏离”；两者之间为
        “不能判定”，作为问题提出。双立、三立界桩立在界线两侧，另用较宽的范围。
    en: Measures the distance to the line: within the tolerance a marker is on it, beyond tolerance plus mean error (root of the
        squares of survey and line accuracy) it is off, between them nobody can tell and it is a question. Twin
        markers stand beside the line and have a wider reach.

    ## Why it matters
    zh: 界桩是界线在实地的位置；偏离说明界桩、坐标或界线画法有一个错了。
    en: Markers are the line on the ground; if one is off, the stone, its coordinates or the drawing is wrong.

    ## Example
    zh: 界桩坐标 `POINT (100 30)`，离界线30米。
    en: The marker at `POINT (100 30)` is thirty metres from its line.

    ## Fix safety
    zh: 不提供自动修改：要实地复测。
    en: None: it must be measured again in the field.

    ## Trap
    zh: 容差是本软件自定的默认值（1:10000图上0.1毫米的两倍），规范条文未能查到；三交点由 MRK302 检查。
    en: The tolerance is our own default (twice 0.1 mm at 1:10 000), the clause could not be read; tri-points are
        MRK302's.
    """
    table = markers.positions(ctx)
    table = table[~table["tri_point"]]
    facts = judged(ctx, table.groupby("marker")["distance_m"].max(), table, frame)
    reach = ctx.param("twin_reach_m")
    twin = markers.stones(ctx)["twins"].reindex(frame.index).fillna("").ne("")
    off = facts["distance_m"] > facts["limit_m"].where(~twin, facts["limit_m"] + reach)
    unsure = ~off & ~twin & (facts["distance_m"] > ctx.param("tolerance_m"))
    return told(frame, off, unsure, facts)


def judged(ctx: Context, distance: pd.Series, table: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Distance, mean error and the limit beyond which a marker is off, by marker; NaN where nothing was measured.

    ``table`` has the lines of each marker (``marker``, ``line``); the least accurate counts.
    """
    accuracy = lines.lines(ctx)["accuracy_m"].reindex(table["line"]).to_numpy()
    error = markers.budget(
        frame["accuracy_m"].reindex(table["marker"]).to_numpy(dtype=float),
        accuracy.astype(float),
        survey_default=ctx.param("default_survey_m"),
        line_default=ctx.param("default_line_m"),
    )
    worst = pd.Series(error, index=table["marker"].to_numpy()).groupby(level=0).max().reindex(frame.index)
    limit = ctx.param("tolerance_m") + ctx.param("times_error") * worst
    return pd.DataFrame({"distance_m": distance.reindex(frame.index), "error_m": worst, "limit_m": limit})


def told(frame: pd.DataFrame, off: pd.Series, unsure: pd.Series, facts: pd.DataFrame) -> Findings:
    """Findings of markers that are off, and as questions of those of which nobody can tell."""
    variant = pd.Series(np.where(unsure, "unsure", ""), index=frame.index, dtype="str")
    return flag(
        frame,
        off | unsure,
        variant=variant,
        number=frame["number"],
        line_codes=frame["line_codes"],
        distance_m=facts["distance_m"],
        error_m=facts["error_m"],
        limit_m=facts["limit_m"],
    )


RULE = Rule(
    code="MRK301",
    name="off-the-line",
    title=Text("界桩不在界线上", "marker off the line"),
    layers=("markers",),
    level=Level.ERROR,
    remedy=Remedy.FIELD,
    fix=Safety.NONE,
    basis="行政区域界线管理条例 第五条（界线由界桩等标定）；容差为本软件默认值",
    message=Text(
        "界桩 {number} 离界线 {line_codes} {distance_m:.2f} 米，超过容差与误差之和 {limit_m:.2f} 米。",
        "Marker {number} is {distance_m:.2f} m off line {line_codes}; tolerance and error allow {limit_m:.2f} m.",
    ),
    check=off_the_line,
    needs=("boundary_lines",),
    params=(
        *BUDGET_PARAMS,
        Param(
            "twin_reach_m",
            float,
            Text("双立、三立界桩距界线的最大合理距离（米）", "distance in metres at which twins may stand"),
        ),
    ),
    variants={
        "unsure": Variant(
            Text(
                "界桩 {number} 离界线 {line_codes} {distance_m:.2f} 米，超过容差，但在误差（{error_m:.2f} 米）之内，不能判定是否偏离。",
                "Marker {number} is {distance_m:.2f} m off line {line_codes}: more than the tolerance, but within the error "
                "of {error_m:.2f} m; it cannot be told whether it is off.",
            ),
            Level.QUESTION,
        )
    },
    spatial=True,
)
