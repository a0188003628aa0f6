"""NAM407."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from gazetteer.split import TABLE, parts_of
from gazetteer.territory import present
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety

GONE = ("historic", "abolished")


def one_road_two_names(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Two roads of different names whose lines lie on each other.

    ## What it does
    zh: 找出名称不同、线却有相当长一段重合的两条道路。
    en: Finds two roads of different names whose lines lie on each other for a considerable stretch.

    ## Why it matters
    zh: 一条路两个名称，门牌会编出两套。
    en: A road with two names gets two sets of doorplates.

    ## Example
    zh: `剡溪路` 与 `滨江路` 画在同一条线上。
    en: `剡溪路` and `滨江路` are drawn on the same line.

    ## Fix safety
    zh: 不提供修复：要查批文定名。
    en: None: the approval tells which name holds.

    ## Trap
    zh: 相交、首尾相接、左右两幅平行的路不算；国道、省道等编号公路和桥、隧道与街道重合是正常的。
    en: Crossing, joining and parallel roads do not count; numbered highways, bridges and tunnels may lie on a street.
    """
    parts = parts_of(ctx)
    single = ~parts["generic"].isin(ctx.param("shared_terms")) & ~parts["name"].str.match(
        ctx.param("route_number"), na=False
    )
    judged = single & parts["name"].notna() & ~frame["status"].isin(GONE)
    lines = present(frame.geometry[judged]).sort_index()
    array = lines.to_numpy()
    tolerance = ctx.param("tolerance_m")
    first, second = shapely.STRtree(array).query(array, predicate="dwithin", distance=tolerance)
    names = parts["name"].reindex(lines.index).to_numpy()
    kept = (first < second) & (names[first] != names[second])
    first, second = first[kept], second[kept]
    length = shapely.length(array)
    short = np.where(length[first] <= length[second], first, second)
    long = np.where(length[first] <= length[second], second, first)
    common = shapely.length(
        shapely.intersection(array[short], shapely.buffer(array[long], tolerance, cap_style="flat"))
    )
    wrong = (common >= ctx.param("min_common_m")) & (common >= ctx.param("min_share") * length[short])
    first, second, common = first[wrong], second[wrong], common[wrong]
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": lines.index[first],
                "key": lines.index[second],
                "related": pd.Series([(f"{ctx.layer}:{one}",) for one in lines.index[second]], dtype="object"),
                "name": names[first],
                "other_name": names[second],
                "common_m": common,
                "geometry": array[first],
            }
        ),
        frame,
    )


RULE = Rule(
    code="NAM407",
    name="one-road-two-names",
    title=Text("一条路两个名称", "one road with two names"),
    layers=("roads",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条；实践：一路一名",
    params=(
        Param("tolerance_m", float, Text("重合的容差（米）", "metres between lines that lie on each other")),
        Param("min_common_m", float, Text("重合的最短长度（米）", "least metres in common")),
        Param("min_share", float, Text("重合占较短者的最小比例", "least share of the shorter road in common")),
        Param("shared_terms", list, Text("可与街道重合的通名", "terms of roads that may lie on a street")),
        Param("route_number", str, Text("公路编号的式样", "pattern of route numbers")),
    ),
    tables=(TABLE,),
    spatial=True,
    message=Text(
        "“{name}”与“{other_name}”有 {common_m:.0f} 米画在同一条线上。",
        '"{name}" and "{other_name}" lie on the same line for {common_m:.0f} m.',
    ),
    check=one_road_two_names,
)
