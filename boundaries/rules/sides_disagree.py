"""BND306."""

from __future__ import annotations

import geopandas as gpd

from boundaries import codes, lines
from rulebook.context import Context
from rulebook.findings import Findings, flag, merge
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def sides_disagree(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Lines whose left and right codes do not fit the polygons on their two sides.

    ## What it does
    zh: 按数字化方向在界线左右两侧取点，看落在哪个区划，与登记的左侧、右侧代码比较；只有一侧的面在册时只看这一侧。
    en: Takes points left and right of the digitised direction, looks in which division they lie and compares with the
        recorded codes; where only one side has a polygon, that side alone is judged.

    ## Why it matters
    zh: 左右写反，界桩的面、管护责任和协议书都会对错。
    en: With the sides exchanged, faces of markers, duties of care and agreements are matched with the wrong side.

    ## Example
    zh: 界线向北，`left_code` 却写了东边的村。
    en: The line runs north, `left_code` names the village in the east.

    ## Fix safety
    zh: 需审核：左右对调，或换成那一侧的区划代码；也可能是界线方向反了。
    en: Review: exchanges the sides or names the division found there; the line may also be digitised the wrong way.

    ## Trap
    zh: 界线偏离区划面时两侧取点可能落在同一区划，由 BND305 报告，这里不下结论。
    en: Where the line is off the polygons both sides may lie in one division; BND305 tells that, no verdict here.
    """
    code = {side: codes.normal(frame[f"{side}_code"]) for side in lines.SIDES}
    lacking = code["left"].isna() | code["right"].isna()
    equal = code["left"].eq(code["right"])
    beside = lines.sides(ctx)
    share, rest = ctx.param("clear_share"), 1 - ctx.param("clear_share")
    beside["reversed"] = beside["other_share"].ge(share) & beside["own_share"].le(rest)
    beside["right_here"] = beside["own_share"].ge(share) & beside["other_share"].le(rest)
    beside["elsewhere"] = beside["own_share"].le(rest) & beside["other_share"].le(rest)
    by_line = (
        beside.groupby("line")[["reversed", "right_here", "elsewhere"]].any().reindex(frame.index, fill_value=False)
    )
    judged = ~lacking & ~equal
    swapped = judged & by_line["reversed"] & ~by_line["right_here"] & ~by_line["elsewhere"]
    strange = judged & by_line["elsewhere"] & (by_line["right_here"] | by_line["reversed"])
    facts = {"name": frame["name"], "left_code": frame["left_code"], "right_code": frame["right_code"]}
    stranger = beside[beside["elsewhere"]].drop_duplicates("line").set_index("line")["code"]
    return merge(
        [
            flag(frame, lacking | equal, variant="missing", key="missing", stranger=frame["left_code"], **facts),
            flag(frame, swapped, stranger=frame["left_code"], **facts)
            .propose("left_code", frame["right_code"])
            .propose("right_code", frame["left_code"]),
            flag(frame, strange, variant="elsewhere", key="elsewhere", stranger=stranger, **facts),
        ]
    )


_PARAM = Param("clear_share", float, Text("判定在某一侧所需的取点比例", "share of points that settles a side"))

RULE = Rule(
    code="BND306",
    name="sides-disagree",
    title=Text("界线两侧与区划面不符", "sides of a line disagree with the polygons"),
    layers=("boundary_lines",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="行政区域界线管理条例 第四条；数据字典（左右按数字化方向）",
    message=Text(
        "界线“{name}”的左右两侧与区划面相反：左 {left_code}，右 {right_code}。",
        "The sides of the line {name} are exchanged: left {left_code}, right {right_code}.",
    ),
    check=sides_disagree,
    uses=("divisions",),
    params=(_PARAM,),
    variants={
        "missing": Variant(
            Text(
                "界线“{name}”的两侧代码缺少或相同：左 {left_code}，右 {right_code}。",
                "A side of the line {name} is missing, or both are the same: left {left_code}, right {right_code}.",
            )
        ),
        "elsewhere": Variant(
            Text(
                "界线“{name}”登记的一侧是 {stranger}，而该区划不在界线旁边。",
                "The line {name} names {stranger} on one side, but that division does not lie along it.",
            )
        ),
    },
    spatial=True,
)
