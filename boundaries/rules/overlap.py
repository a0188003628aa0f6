"""BND302."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from boundaries import choices, coverage, tiling
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def overlap(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Ground that two divisions of one level both claim.

    ## What it does
    zh: 两两求交，找出同级区划重叠的地方，给出宽度、面积和双方，给出“归甲”“归乙”“从中间分开”“有争议”
        的选择。
    en: Finds by pairwise intersection where divisions of one level overlap, with width, area and both sides, and the
        choices to leave the ground to one or the other, to split it in the middle, or to enter it as disputed.

    ## Why it matters
    zh: 重叠处的地名、门牌会同时算在两个区划里，也可能是争议地段。
    en: Names and doorplates there count for two divisions; it may be disputed ground.

    ## Example
    zh: 甲村画到 `103 0`，乙村从 `100 0` 开始，重叠3米。
    en: Village A is drawn to `103 0`, village B begins at `100 0`: three metres overlap.

    ## Fix safety
    zh: 需审核：归谁由人决定；默认的选择是让重叠最多的一方退出。采用后，双方（上级区划也随之）的公共边折点完全相同；
        选“有争议”时不改界线，只在区域图层登记。
    en: Review: a person decides; the first choice lets the division that overlaps most others step back. Afterwards both, and
        the divisions above them, have the same vertices on their common edge; "disputed" leaves the divisions alone and
        enters the ground among the areas.

    ## Trap
    zh: 两级区划都有的重叠只在最低一级报告；整块重合多半是同一区划登记了两次。
    en: An overlap that two levels share is reported at the lowest only; divisions that coincide are usually one division
        entered twice.
    """
    found = tiling.overlaps(ctx)
    found = found[coverage.wide(found["geometry"], ctx.param("min_width_m"))]
    if found.empty:
        return flag(frame.iloc[:0])
    involved = pd.concat([found["left"], found["right"]]).value_counts()
    left_yields = (found["left"].map(involved) >= found["right"].map(involved)).to_numpy(dtype=bool)
    yields = pd.Series(np.where(left_yields, found["left"], found["right"]), index=found.index, dtype="str")
    keeps = pd.Series(np.where(left_yields, found["right"], found["left"]), index=found.index, dtype="str")
    names, every = frame["name"], tiling.areas(ctx)
    variant = tiling.contested(found["geometry"], ctx).to_numpy()
    faults = pd.DataFrame(
        {
            "record_id": yields.to_numpy(),
            "key": np.where(variant == "", "", variant + " ") + (found["left"] + " " + found["right"]).to_numpy(),
            "variant": variant,
            "related": [(f"divisions:{one}",) for one in keeps],
            "level_of_divisions": found["level"].to_numpy(),
            "neighbours": [[names[one] for one in pair] for pair in zip(yields, keeps, strict=True)],
            "width_m": [_width(shape) for shape in found["geometry"]],
            "area_m2": shapely.area(found["geometry"].to_numpy()),
            "geometry": found["geometry"].to_numpy(),
        }
    )
    takers = [list(pair) for pair in zip(keeps, yields, strict=True)]
    offered = [
        choices.for_overlap(coverage.polygon_parts(shape), level, pair, every)
        for shape, level, pair in zip(faults["geometry"], faults["level_of_divisions"], takers, strict=True)
    ]
    new = faults[faults["variant"].eq("")]
    sides = [[every.at[one, "code"] for one in sorted(takers[number])] for number in new.index]
    return (
        flag_faults(faults, frame)
        .propose_edits(choices.edits(offered, frame["geometry"]))
        .propose_edits(choices.disputed_edits(new.index, new["geometry"], sides, new["neighbours"]))
    )


def _width(shape: object) -> float:
    return float(coverage.greatest_width(coverage.polygon_parts(shape)).max())


RULE = Rule(
    code="BND302",
    name="overlap",
    title=Text("区划互相重叠", "overlapping divisions"),
    layers=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="行政区域界线管理条例 第四条（界线唯一，两侧区划相接）；GB/T 17796",
    message=Text(
        "{neighbours} 互相重叠，重叠处宽 {width_m:.2f} 米、面积 {area_m2:.1f} 平方米。",
        "{neighbours} overlap: {width_m:.2f} m wide, {area_m2:.1f} m2.",
    ),
    check=overlap,
    uses=("areas",),
    params=(
        Param(
            "min_width_m",
            float,
            Text(
                "最宽处小于此宽度（米）的重叠视为数值误差",
                "greatest width in metres below which an overlap is numerical noise",
            ),
        ),
    ),
    variants={
        "disputed": Variant(
            Text(
                "{neighbours} 都主张一处已登记的争议地段，宽 {width_m:.2f} 米、面积 {area_m2:.1f} 平方米。",
                "{neighbours} both claim ground that is entered as disputed: {width_m:.2f} m wide, {area_m2:.1f} m2.",
            ),
            Level.INFO,
        )
    },
    spatial=True,
)
