"""BND301."""

from __future__ import annotations

import pandas as pd
import shapely

from boundaries import choices, coverage, tiling
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def gap(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Ground between neighbouring divisions of one level that belongs to none of them.

    ## What it does
    zh: 从同级区划合并后的空洞和缝隙中找出缺口（不论折点疏密），给出宽度、面积和相邻区划，逐个给出“归甲”“归乙”
        “从中间分开”“有争议”的选择。
    en: Finds gaps as the holes and slits of the union of all divisions of a level, however their vertices are spaced,
        and gives width, area and neighbours, with the choices to give the ground to one or the other, to split it in the
        middle, or to enter it as disputed.

    ## Why it matters
    zh: 缺口里的地名、门牌不属于任何区划，相邻两方都可能不管。
    en: Names and doorplates in a gap belong to no division, and neither neighbour may look after them.

    ## Example
    zh: 甲村到 `100 0` 为止，乙村从 `103 0` 开始，中间有3米宽的缺口。
    en: Village A ends at `100 0`, village B begins at `103 0`: a gap of three metres.

    ## Fix safety
    zh: 需审核：归谁由人决定。采用后，相邻各方（上级区划也随之）的公共边折点完全相同；选“有争议”时不改界线，只在区域图层登记。
    en: Review: a person decides who gets the ground. Afterwards the neighbours, and the divisions above them, have the same
        vertices on their common edge; "disputed" leaves the divisions alone and enters the ground among the areas.

    ## Trap
    zh: 两级区划都有的缺口只在最低一级报告；上级区划同样留空的洞（外县飞地）不算；豁口只在上级面的边上时由 BND303 报告。
    en: A gap that two levels share is reported at the lowest only; a hole that the higher division has too (an enclave) is
        none; a notch at the outer edge is reported by BND303.
    """
    found = tiling.gaps(ctx)
    every = tiling.areas(ctx)
    found = found[
        coverage.wide(found["geometry"], ctx.param("min_width_m"))
        & tiling.between_neighbours(found)
        & tiling.all_sound(found["neighbours"], every)
    ]
    if found.empty:
        return flag(frame.iloc[:0])
    found = found.assign(variant=tiling.contested(found["geometry"], ctx))
    faults = _by_neighbours(found, frame["name"])
    takers = [sorted(ids[: ctx.param("choices")]) for ids in faults.pop("by_contact")]
    offered = [
        choices.for_gap(coverage.polygon_parts(shape), level, ids, every)
        for shape, level, ids in zip(faults["geometry"], faults["level_of_divisions"], takers, strict=True)
    ]
    new = faults[faults["variant"].eq("")]
    sides = [[every.at[one, "code"] for one in takers[number]] for number in new.index]
    return (
        flag_faults(faults, frame)
        .propose_edits(choices.edits(offered, frame["geometry"]))
        .propose_edits(choices.disputed_edits(new.index, new["geometry"], sides, new["neighbours"]))
    )


def _by_neighbours(found: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """One fault for all gaps between the same divisions: the widest place, the whole area."""
    table = found.assign(
        ids=[" ".join(sorted(ids)) for ids in found["neighbours"]],
        width_m=coverage.greatest_width(found["geometry"].to_numpy()),
        area_m2=shapely.area(found["geometry"].to_numpy()),
    )
    order = ["ids", "variant", "area_m2"]
    grouped = table.sort_values(order, ascending=[True, True, False]).groupby(order[:2], as_index=False)
    faults = grouped.agg(
        level_of_divisions=("level", "first"),
        by_contact=("neighbours", "first"),
        places=("area_m2", "size"),
        width_m=("width_m", "max"),
        area_m2=("area_m2", "sum"),
        geometry=("geometry", lambda shapes: shapely.multipolygons(shapes.to_numpy())),
    )
    ids = faults.pop("ids").str.split(" ")
    return faults.assign(
        key=ids.str.join(" ") + faults["variant"].where(faults["variant"].eq(""), " " + faults["variant"]),
        record_id=ids.str[0],
        related=[tuple(f"divisions:{one}" for one in members[1:]) for members in ids],
        neighbours=[[names[one] for one in members] for members in ids],
    )


RULE = Rule(
    code="BND301",
    name="gap",
    title=Text("区划之间有缺口", "gap between divisions"),
    layers=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="行政区域界线管理条例 第四条（界线唯一，两侧区划相接）；GB/T 17796",
    message=Text(
        "{neighbours} 之间有缺口（{places} 处，最宽 {width_m:.2f} 米，共 {area_m2:.1f} 平方米），不属于任何一方。",
        "Between {neighbours} lies a gap ({places} places, up to {width_m:.2f} m wide, {area_m2:.1f} m2) that belongs to "
        "none of them.",
    ),
    check=gap,
    uses=("areas",),
    params=(
        Param(
            "min_width_m",
            float,
            Text(
                "最宽处小于此宽度（米）的缝隙视为数值误差",
                "greatest width in metres below which a gap is numerical noise",
            ),
        ),
        Param("choices", int, Text("最多给出几个归属选择", "most choices that are offered")),
    ),
    variants={
        "disputed": Variant(
            Text(
                "{neighbours} 之间有已登记的争议地段（{places} 处，最宽 {width_m:.2f} 米，共 {area_m2:.1f} 平方米），暂不属于任何一方。",
                "Between {neighbours} lies ground that is entered as disputed ({places} places, up to {width_m:.2f} m wide, "
                "{area_m2:.1f} m2); for the time being it belongs to none of them.",
            ),
            Level.INFO,
        )
    },
    spatial=True,
)
