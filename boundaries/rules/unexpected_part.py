"""BND102."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import codes, coverage, tiling
from boundaries.layers import LEVELS
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults, merge
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def unexpected_part(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Divisions in several parts or with an empty hole, where the list of known ones does not have it.

    ## What it does
    zh: 找出分成几块的区划（飞地）和内部有空洞、而空洞里没有同级区划的面；已知飞地列在配置的表中。
    en: Finds divisions in several parts (exclaves) and divisions with a hole that no division of their level fills;
        known ones stand in a table of the profile.

    ## Why it matters
    zh: 多余的碎块和空洞多是编辑时误留的，会使落点判断出错；真正的飞地应当有据可查。
    en: Stray pieces and holes are usually left over from editing and misplace points; a real exclave has papers.

    ## Example
    zh: 甲村的面里有一个空洞 `(40 40, 60 40, 60 60, 40 60, 40 40)`。
    en: The polygon of a village has the hole `(40 40, 60 40, 60 60, 40 60, 40 40)`.

    ## Fix safety
    zh: 不提供自动修改：可能是真飞地，确认后列入已知表。
    en: None: it may be a real exclave; once confirmed it goes into the table.

    ## Trap
    zh: 上下级都有的碎块只报最低一级，上下级都有的空洞只报最高一级；被邻村正好填满的空洞不算。
    en: A part that several levels share is told at the lowest, a shared hole at the highest; a hole that a
        neighbour fills exactly is none.
    """
    every = tiling.areas(ctx)
    every = every[every["sound"]]
    listed = ctx.table("known_parts_and_holes")
    parts, empty = _lone_parts(every), _empty_holes(every)
    return merge(
        [
            _told(frame, every, patches, variant, set(codes.normal(listed.loc[listed["kind"].eq(variant), "code"])))
            for variant, patches in (("part", parts), ("hole", empty))
        ]
    )


def _told(
    frame: pd.DataFrame, every: gpd.GeoDataFrame, patches: dict[str, Any], variant: str, known: set[str]
) -> Findings:
    rows = [
        {
            "record_id": one,
            "key": variant,
            "variant": variant,
            "name": every.at[one, "name"],
            "count": len(shapes),
            "area_m2": float(shapely.area(shapes).sum()),
            "geometry": shapely.multipolygons(shapes),
        }
        for one, shapes in patches.items()
        if len(shapes) and every.at[one, "code"] not in known
    ]
    return flag_faults(pd.DataFrame(rows), frame) if rows else flag(frame.iloc[:0])


def _lone_parts(every: gpd.GeoDataFrame) -> dict[str, Any]:
    """Parts besides the largest of each division, without those that a lower division has too."""
    found: dict[str, Any] = {}
    below = np.array([], dtype=object)
    for level in reversed(LEVELS):
        own = every[every["level"].eq(level) & (shapely.get_num_geometries(every.geometry.to_numpy()) > 1)]
        for one, shape in own.geometry.items():
            parts = shapely.get_parts(shape)
            rest = np.delete(parts, np.argmax(shapely.area(parts)))
            found[str(one)] = rest[~tiling.mostly_inside(rest, below)]
        below = np.concatenate([below, *(found[str(one)] for one in own.index)])
    return found


def _empty_holes(every: gpd.GeoDataFrame) -> dict[str, Any]:
    """Holes of each division that touch no other division of its level, without those of a higher division."""
    found: dict[str, Any] = {}
    above = np.array([], dtype=object)
    for level in LEVELS:
        own = every[every["level"].eq(level)]
        shapes = own.geometry.to_numpy()
        holed = own[np.array([len(coverage.holes(shape)) > 0 for shape in shapes], dtype=bool)]
        tree = shapely.STRtree(shapes)
        for one, shape in holed.geometry.items():
            inner = coverage.holes(shape)
            hole, _ = tree.query(inner, predicate="dwithin", distance=coverage.TOUCHING_M)
            alone = inner[np.bincount(hole, minlength=len(inner)) == 1]
            found[str(one)] = alone[~tiling.mostly_inside(alone, above)]
        above = np.concatenate([above, *(coverage.holes(shape) for shape in holed.geometry)])
    return found


RULE = Rule(
    code="BND102",
    name="unexpected-part-or-hole",
    title=Text("意外的飞地或空洞", "unexpected part or hole"),
    layers=("divisions",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="惯例（界线协议书未载明的飞地、空洞）",
    message=Text("“{name}”有意外的碎块或空洞。", "{name} has unexpected parts or holes."),
    check=unexpected_part,
    tables=("known_parts_and_holes",),
    variants={
        "part": Variant(
            Text(
                "“{name}”另有 {count} 块不相连的面，共 {area_m2:.0f} 平方米，不在已知飞地表中。",
                "{name} has {count} more detached parts of {area_m2:.0f} m2 that are not on the list of known exclaves.",
            )
        ),
        "hole": Variant(
            Text(
                "“{name}”内部有 {count} 个空洞，共 {area_m2:.0f} 平方米，其中没有别的区划。",
                "{name} has {count} holes of {area_m2:.0f} m2 with no other division inside.",
            )
        ),
    },
    spatial=True,
)
