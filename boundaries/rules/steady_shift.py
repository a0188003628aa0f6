"""EXC202."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import steadiness
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant
from rulebook.values import column_text


def steady_shift(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Sources whose records are all off by one shift, such as that of a web map.

    ## What it does
    zh: 按“来源”分组，看记录离它所属的门牌、道路或区划有多远；多数偏离，而撤销 GCJ-02、BD-09、旧基准或某个固定向量后几乎全部归位
        的，每个来源报告一次，说出偏移的名称、向量和残差。
    en: Looks, source by source, how far records are from the doorplate, road or division they name; where many are off and nearly
        all fall into place once GCJ-02, BD-09, an older datum or one vector is undone, the source is told once, with the
        name of the shift, its vector and the residual.

    ## Why it matters
    zh: 从互联网地图取的坐标整体偏约500米，逐条改会改错，应整批换算。
    en: Coordinates from web maps are all off by some 500 m; mended one by one they stay wrong, they must be converted as a
        whole.

    ## Example
    zh: 来源为 `图商采集` 的门牌都离道路约500米，撤销 GCJ-02 后都在路边。
    en: All doorplates of the source `图商采集` are some 500 m off; with GCJ-02 undone they stand at their roads.

    ## Fix safety
    zh: 需审核：建议把该来源全部记录的坐标换算回来；确认来源后再接受。
    en: Review: converts all records of the source; accept once the source is confirmed.

    ## Trap
    zh: 记录太少或不挂道路、区划的来源无法判断；同一批门牌还会被“远离道路”“不在区划内”报告，先处理本条。
    en: Sources with few records, or without roads or divisions, cannot be judged; the same plates are also told as far
        from their road or outside their division: deal with this finding first.
    """
    limits = steadiness.Limits(
        near_m=ctx.param("near_m"),
        least_records=ctx.param("least_records"),
        least_misfits=ctx.param("least_misfits"),
        misfit_share=ctx.param("misfit_share"),
        cured_share=ctx.param("cured_share"),
    )
    found = steadiness.verdicts(ctx, ctx.layer, limits) if len(frame) else []
    if not found:
        return flag(frame.iloc[:0])
    source = frame["source"].fillna(steadiness.NO_SOURCE)
    there = ~(frame["geometry"].isna() | frame["geometry"].is_empty)
    faults, edits = [], []
    for number, verdict in enumerate(found):
        own = frame[source.eq(verdict.source) & there].sort_index()
        old = own["geometry"].to_numpy()
        new = shapely.transform(old, verdict.shift.undo)
        vector = np.median(shapely.bounds(old)[:, :2] - shapely.bounds(new)[:, :2], axis=0)
        faults.append(
            {
                "record_id": own.index[0],
                "key": verdict.source,
                "variant": "" if verdict.shift.name else "unknown",
                "related": tuple(f"{ctx.layer}:{one}" for one in own.index[1:]),
                "source": verdict.source,
                "shift": verdict.shift.name,
                "records": len(own),
                "east_m": vector[0],
                "north_m": vector[1],
                "off_before": verdict.away_before * 100,
                "off_after": verdict.away_after * 100,
                "residual_m": verdict.residual_m,
                "geometry": own["geometry"].iloc[0],
            }
        )
        edits.append(_edits(number, ctx.layer, own, new))
    return flag_faults(pd.DataFrame(faults), frame).propose_edits(pd.concat(edits, ignore_index=True))


def _edits(number: int, layer: str, own: gpd.GeoDataFrame, new: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame({"finding": number, "layer": layer, "record_id": own.index, "field": "geometry"})
    table["before"] = column_text(own["geometry"]).to_numpy()
    table["after"] = column_text(pd.Series(gpd.GeoSeries(new))).to_numpy()
    return table


RULE = Rule(
    code="EXC202",
    name="steady-shift",
    title=Text("整批坐标偏移", "steady shift of a whole source"),
    layers=("place_names", "doorplates", "addresses", "roads"),
    level=Level.QUESTION,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="2000国家大地坐标系为法定系统；互联网地图的公开偏移算法",
    message=Text(
        "来源“{source}”的 {records} 条记录整体偏移（东 {east_m:.0f} 米、北 {north_m:.0f} 米），像是 {shift}：{off_before:.0f}% 偏离，"
        "换算后 {off_after:.0f}%，残差 {residual_m:.1f} 米。要整批换算吗？",
        'All {records} records of the source "{source}" are off ({east_m:.0f} m east, {north_m:.0f} m north), which looks like '
        "{shift}: {off_before:.0f} % away from where they belong, {off_after:.0f} % once converted, residual "
        "{residual_m:.1f} m. Convert them all?",
    ),
    check=steady_shift,
    uses=("divisions", "roads", "doorplates"),
    params=(
        Param(
            "near_m",
            float,
            Text("离所属对象多远以内算就位（米）", "metres from its anchor within which a record is in place"),
        ),
        Param("least_records", int, Text("至少多少条记录才判断", "least records to judge a source by")),
        Param("least_misfits", int, Text("至少多少条偏离才判断", "least records away from their anchors")),
        Param("misfit_share", float, Text("偏离比例至少多少", "least share of records away from their anchors")),
        Param(
            "cured_share",
            float,
            Text("换算后剩余偏离的比例上限", "greatest share of them that may stay away once converted"),
        ),
    ),
    variants={
        "unknown": Variant(
            Text(
                "来源“{source}”的 {records} 条记录整体偏移（东 {east_m:.0f} 米、北 {north_m:.0f} 米），不是已知的地图偏移：{off_before:.0f}% "
                "偏离，移回后 {off_after:.0f}%，残差 {residual_m:.1f} 米。可能是基准不同，请核对。",
                'All {records} records of the source "{source}" are off ({east_m:.0f} m east, {north_m:.0f} m north) by no known map '
                "shift: {off_before:.0f} % away from where they belong, {off_after:.0f} % once moved back, residual "
                "{residual_m:.1f} m. Perhaps another datum; please look.",
            )
        )
    },
    spatial=True,
)
