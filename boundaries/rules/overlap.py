"""BND302."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from boundaries import choices, coverage, tiling
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def overlap(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Ground that two divisions of one level both claim.

    ## What it does
    zh: 两两求交，找出同级区划重叠的地方，给出宽度、面积和双方，给出“归甲”“归乙”的选择。
    en: Finds by pairwise intersection where divisions of one level overlap, with width, area and both sides, and the
        choices to leave the ground to one or the other.

    ## Why it matters
    zh: 重叠处的地名、门牌会同时算在两个区划里，也可能是争议地段。
    en: Names and doorplates there count for two divisions; it may be disputed ground.

    ## Example
    zh: 甲村画到 `103 0`，乙村从 `100 0` 开始，重叠3米。
    en: Village A is drawn to `103 0`, village B begins at `100 0`: three metres overlap.

    ## Fix safety
    zh: 需审核：归谁由人决定；默认的选择是让重叠最多的一方退出。
    en: Review: a person decides; the first choice lets the division that overlaps most others step back.

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
    names = frame["name"]
    faults = pd.DataFrame(
        {
            "record_id": yields,
            "keeps": keeps,
            "related": "divisions:" + keeps,
            "level_of_divisions": found["level"],
            "neighbours": [[names[one] for one in pair] for pair in zip(yields, keeps, strict=True)],
            "width_m": [_width(shape) for shape in found["geometry"]],
            "area_m2": shapely.area(found["geometry"].to_numpy()),
            "geometry": found["geometry"],
        },
        index=found.index,
    )
    faults["related"] = faults["related"].map(lambda one: (one,))
    faults = faults.assign(key=found["left"] + " " + found["right"]).reset_index(drop=True)
    return flag_faults(faults.drop(columns="keeps"), frame).propose_edits(_step_back(faults, frame))


def _width(shape: object) -> float:
    return float(coverage.greatest_width(coverage.polygon_parts(shape)).max())


def _step_back(faults: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Edits that leave each overlap to one side: the first choice trims the record named first."""
    sides = pd.concat([faults["record_id"], faults["keeps"]])
    takers = pd.concat([faults["keeps"], faults["record_id"]])
    order = pd.Series(np.repeat([1, 2], len(faults)), index=sides.index)
    old = frame["geometry"].reindex(sides).to_numpy()
    new = shapely.difference(shapely.force_2d(old), faults["geometry"].reindex(sides.index).to_numpy())
    return choices.edits(sides.index, choices.option_names(order, takers), sides, old, new)


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
    spatial=True,
)
