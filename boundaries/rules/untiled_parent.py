"""BND303."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import codes, coverage, tiling
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def untiled_parent(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Divisions that their own subdivisions do not fill exactly.

    ## What it does
    zh: 把下级区划合并后与上级面比较，报告没有被覆盖的和超出的面积；县没有乡镇面时直接与村比较。
    en: Compares the union of the subdivisions with the parent and reports ground not covered and ground outside;
        a county without townships is compared with its villages.

    ## Why it matters
    zh: 上下级界线应是同一条线；不一致时，同一地点会属于某村却不属于该村所在的镇。
    en: Both levels share one line; where they differ a place belongs to a village but not to the village's town.

    ## Example
    zh: 镇到 `0 -20` 为止，所属的村只画到 `0 0`。
    en: The town reaches `0 -20`, its villages end at `0 0`.

    ## Fix safety
    zh: 不提供自动修改：要看协议书附图确定哪一级画错了。
    en: None: the maps of the agreement say which level is drawn wrongly.

    ## Trap
    zh: 下级之间的窄缺口和重叠、一个下级内部的空洞由 BND301、BND302、BND102 报告，这里不重复；没有下级面的区划不检查。
    en: Narrow gaps and overlaps among the subdivisions and holes in one of them are told by BND301, BND302 and BND102 and
        not repeated; divisions without recorded subdivisions are left alone.
    """
    every = tiling.areas(ctx)
    known = _told_elsewhere(ctx)
    faults = []
    for level, below in (("township", "village"), ("county", "township"), ("county", "village")):
        children = every[every["level"].eq(below)]
        stems = children["code"].str[: codes.WIDTHS[level]]
        parents = every[every["level"].eq(level) & every["sound"]]
        for record_id, code, name, shape in zip(
            parents.index, parents["code"], parents["name"], parents.geometry, strict=True
        ):
            own = children[stems.eq(codes.stem(code))]
            done = level == "county" and below == "village" and _has_townships(every, code)
            if own.empty or done or not own["sound"].all():
                continue
            fault = _compared(shape, own, children, known, ctx.param("min_width_m"))
            if fault is not None:
                known = np.concatenate([known, coverage.polygon_parts(fault["geometry"])])
                faults.append({"record_id": record_id, "name": name, **fault})
    return flag_faults(pd.DataFrame(faults), frame) if faults else flag(frame.iloc[:0])


def _has_townships(every: gpd.GeoDataFrame, county: str) -> bool:
    return bool((every["level"].eq("township") & every["code"].str[:6].eq(county[:6])).any())


def _told_elsewhere(ctx: Context) -> Any:
    """Patches that BND301, BND302 and (holes in one division) BND102 report, gaps as wide as a whole division excepted
    unless they are entered as disputed.
    """
    gaps, overlaps = tiling.gaps(ctx), tiling.overlaps(ctx)
    width = ctx.param("min_width_m")
    narrow = coverage.wide(gaps["geometry"], width) & gaps["width_m"].lt(ctx.param("missing_division_width_m"))
    narrow |= tiling.contested(gaps["geometry"], ctx).ne("").to_numpy()
    narrow &= tiling.between_neighbours(gaps)
    holes = gaps["neighbours"].map(len).eq(1) & gaps["open_share"].eq(0)
    both = overlaps.loc[coverage.wide(overlaps["geometry"], width), "geometry"]
    return coverage.polygon_parts([*gaps.loc[narrow | holes, "geometry"], *both])


def _compared(
    parent: Any, own: gpd.GeoDataFrame, children: gpd.GeoDataFrame, known: Any, min_width: float
) -> dict[str, Any] | None:
    joined = coverage.union(own.geometry.to_numpy(), own["fits"].to_numpy())
    if shapely.equals_exact(shapely.normalize(parent), shapely.normalize(joined)):
        return None
    uncovered = shapely.difference(parent, joined)
    if not shapely.is_empty(uncovered):
        others = children.drop(own.index).geometry
        near = others.iloc[others.sindex.query(uncovered, predicate="intersects")]
        uncovered = shapely.difference(uncovered, shapely.union_all(near.to_numpy()))
    patches = [_kept(one, known, min_width) for one in (uncovered, shapely.difference(joined, parent))]
    both = np.concatenate(patches)
    if not len(both):
        return None
    touched, _ = shapely.STRtree(own.geometry.to_numpy()).query(both, predicate="intersects")[::-1]
    return {
        "related": tuple(f"divisions:{one}" for one in sorted(own.index[np.unique(touched)])),
        "uncovered_m2": float(shapely.area(patches[0]).sum()),
        "outside_m2": float(shapely.area(patches[1]).sum()),
        "places": len(both),
        "geometry": shapely.multipolygons(both),
    }


def _kept(shape: Any, known: Any, min_width: float) -> Any:
    patches = coverage.polygon_parts(shape)
    patches = patches[coverage.wide(patches, min_width)]
    return patches[~tiling.mostly_inside(patches, known)]


RULE = Rule(
    code="BND303",
    name="children-do-not-tile-parent",
    title=Text("下级区划没有铺满上级", "subdivisions do not tile their parent"),
    layers=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="行政区域界线管理条例 第四条、第十四条（界线唯一，图上界线一致）",
    message=Text(
        "“{name}”有 {uncovered_m2:.0f} 平方米没有下级区划覆盖，下级区划超出 {outside_m2:.0f} 平方米（共 {places} 处）。",
        "{uncovered_m2:.0f} m2 of {name} belong to no subdivision, {outside_m2:.0f} m2 of its subdivisions lie outside "
        "({places} places).",
    ),
    check=untiled_parent,
    uses=("areas",),
    params=(
        Param(
            "min_width_m",
            float,
            Text(
                "最宽处小于此宽度（米）的差异视为数值误差",
                "greatest width in metres below which a difference is numerical noise",
            ),
        ),
        Param(
            "missing_division_width_m",
            float,
            Text(
                "平均宽度（米）超过此值的缺口视为缺了整个下级区划",
                "mean width in metres from which a gap is a missing subdivision",
            ),
        ),
    ),
    spatial=True,
)
