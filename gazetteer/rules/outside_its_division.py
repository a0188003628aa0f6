"""NAM301."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.codes import listed
from gazetteer.records import among
from gazetteer.territory import shapes_of, shares, territories, village_meetings, villages
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety
from rulebook.spatial import locate


def outside_its_division(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names that lie in none of the divisions their record lists.

    ## What it does
    zh: 地名或道路的图形不在所填政区内（超出容差），给出距离和实际所在的同级政区。
    en: The geometry lies outside every listed division by more than the tolerance; tells how far, and the division of
        the same level in which it lies.

    ## Why it matters
    zh: 所在政区决定查重范围、审批机关和归档，填错会层层错下去。
    en: The division decides the scope of duplicates, who approves and where the record is kept.

    ## Example
    zh: `剡溪` 填在东村，点却在西村，相距 500 米。
    en: `剡溪` is recorded in the village 东村, its point is in 西村, 500 m away.

    ## Fix safety
    zh: 需复核：改填实际所在的同级政区；也可能是坐标错了。
    en: Review: the division it lies in is offered; the coordinates may be the wrong ones.

    ## Trap
    zh: 政区代码不存在或没有图形的不查（见 DIV501）；跨政区只漏填的归 NAM304；坐标远在县外的是坐标错误（EXC201）。
    en: Unknown codes and divisions without a polygon are not judged (DIV501); a crossing that is not listed is NAM304;
        coordinates far from the county are faults of their own (EXC201).
    """
    known, shapes = territories(ctx), shapes_of(ctx)
    codes = listed(frame["division_code"]).rename("code")
    codes = codes[among(codes.index, shapes.index)]
    strangers = codes.index[~among(codes, known.index)]
    codes = codes[~among(codes.index, strangers)]
    if codes.empty:
        return flag(frame, pd.Series(False, index=frame.index), name="", recorded="", distance_m=0.0, found="")
    tolerance = ctx.param("tolerance_m")
    meeting = _meeting(shapes, codes, known, ctx)
    size = shapely.length(shapes.reindex(meeting["record_id"]).to_numpy())
    deep = meeting[(meeting["share"] * size > tolerance) | (size == 0)]
    pairs = codes.rename_axis("record_id").reset_index()
    within = among(pairs["record_id"] + " " + pairs["code"], deep["record_id"] + " " + deep["code"])
    candidates = pairs[~among(pairs["record_id"], pairs["record_id"][within])]
    lines = shapely.get_dimensions(shapes.reindex(candidates["record_id"]).to_numpy()) > 0
    distance = (
        pd.Series(
            shapely.distance(
                shapes.reindex(candidates["record_id"]).to_numpy(),
                known.geometry.reindex(candidates["code"]).to_numpy(),
            ),
            index=candidates["record_id"],
        )
        .groupby(level=0)
        .min()
    )
    off = (distance > tolerance) | among(distance.index, candidates["record_id"][lines])
    wrong = distance.index[off & (distance <= ctx.param("farthest_m"))]
    level = known["level"].reindex(codes[~codes.index.duplicated()].reindex(wrong)).set_axis(wrong)
    found = pd.Series(pd.NA, index=wrong, dtype="str")
    inner = gpd.GeoSeries(shapely.point_on_surface(shapes.reindex(wrong).to_numpy()), index=wrong, crs=shapes.crs)
    for one_level, ids in level.groupby(level).groups.items():
        found.loc[ids] = locate(inner[ids], known.geometry[known["level"] == one_level])
    return flag(
        frame,
        pd.Series(among(frame.index, wrong), index=frame.index),
        name=frame["name"],
        recorded=frame["division_code"],
        distance_m=distance.reindex(frame.index),
        found=found,
        found_name=known["name"].reindex(found).set_axis(wrong),
    ).propose("division_code", found)


def _meeting(shapes: gpd.GeoSeries, codes: pd.Series, known: gpd.GeoDataFrame, ctx: Context) -> pd.DataFrame:
    """Shares of the shapes in the divisions that records list: villages as every rule measures them, others here."""
    at_villages = among(codes, villages(ctx).index)
    others = codes[~at_villages]
    parts = [village_meetings(ctx)] if at_villages.any() else []
    if len(others):
        parts.append(shares(shapes[among(shapes.index, others.index)], known.geometry[among(known.index, others)]))
    return pd.concat(parts, ignore_index=True)


RULE = Rule(
    code="NAM301",
    name="outside-its-division",
    title=Text("不在所填政区内", "outside the division it is recorded in"),
    layers=("place_names", "roads"),
    needs=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名普查登记表：所在（跨）行政区",
    params=(
        Param("tolerance_m", float, Text("容差（米）", "tolerance in metres")),
        Param(
            "farthest_m",
            float,
            Text("更远的视为坐标本身有错（米）", "metres beyond which the coordinates are at fault"),
        ),
    ),
    spatial=True,
    message=Text(
        "“{name}”不在所填政区 {recorded} 内，相距 {distance_m:.0f} 米；实际位于{found_name}（{found}）。",
        '"{name}" is not in the division {recorded} it is recorded in, but {distance_m:.0f} m away; '
        "it lies in {found_name} ({found}).",
    ),
    check=outside_its_division,
)
