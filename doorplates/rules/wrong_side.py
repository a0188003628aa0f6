"""DOR301."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from doorplates.convention import BY_SIDE, conventions, numbered_plates
from doorplates.legs import right_on_another_leg
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults, merge
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

SIDES = {1: "left", -1: "right"}


def wrong_side(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Odd or even numbers on the other side of the road than its convention has them.

    ## What it does
    zh: 按道路登记的编号规则（单左、单右）检查门牌在哪一侧；没有登记的，从该路门牌的多数推断，门牌太少或没有明显多数则不判断，连续编号的路不查。登记的规则与绝大多数门牌相反时，只报一条，指出规则或画线方向可疑。
    en: Compares the side a plate stands on with the convention stored for its road, or inferred from the clear majority
        of the road's plates; too few plates or no majority, or a road numbered consecutively: nothing is said. Where
        the stored convention is contrary to nearly all plates, one finding says that it, or the direction of the line,
        is doubtful.

    ## Why it matters
    zh: 站错边的门牌会让送信、急救和警务找错房子。
    en: A plate on the wrong side sends post, ambulance and police to the wrong house.

    ## Example
    zh: 单号在左的路上，`108` 号立在左侧。
    en: On a road with odd numbers on the left, number `108` stands on the left.

    ## Fix safety
    zh: 需复核：建议把点位移到道路另一侧的对称位置，只适用于采点时点错边的情形；若现场确实如此，应改号。
    en: Review: proposes the mirrored point across the road, right only if the point was captured on the wrong side; if
        it stands so on the spot, the number has to change.

    ## Trap
    zh: 紧贴中线、离路太远、立在断头路尽头以外的门牌和临时门牌不参与判断；道路回折处，按另一段路看在对的一侧的也不报。
    en: Plates on the centre line, far from their road, beyond the head of a dead end or temporary are not judged; nor
        is one that stands right by another stretch of a road that turns back.
    """
    plates = numbered_plates(ctx)
    road = conventions(ctx).reindex(plates["road_id"]).set_axis(plates.index)
    contrary = road["stored"].eq(True) & road["clear"].eq(True) & road["numbering"].ne(road["says"])
    by_side = road["numbering"].isin(BY_SIDE)
    odd_left = road["numbering"].eq("odd_left")
    expected = (plates["main"] % 2 == 1).eq(odd_left).map({True: 1, False: -1})
    beside = plates["tells_side"] & (plates["beside_m"] >= ctx.param("min_offset_m"))
    wrong = by_side & ~contrary & beside & plates["side"].ne(expected)
    wrong &= ~wrong.index.isin(right_on_another_leg(expected[wrong], ctx))
    single = flag(
        frame,
        wrong,
        variant=plates["side"].map(SIDES),
        number=frame["number"],
        road=plates["road_id"].map(ctx.frame("roads")["name"]) if len(plates) else None,
        numbering=road["numbering"],
        share=road["share"],
    ).propose("geometry", _mirrored(frame, plates[wrong]))
    return merge([single, _contrary(frame, plates[contrary & by_side], conventions(ctx), ctx)])


def _mirrored(frame: pd.DataFrame, plates: pd.DataFrame) -> pd.Series:
    points = gpd.GeoSeries(frame.geometry.reindex(plates.index))
    x, y = 2 * plates["foot_x"] - points.x, 2 * plates["foot_y"] - points.y
    return pd.Series(gpd.points_from_xy(x, y), index=plates.index, dtype="object")


def _contrary(frame: pd.DataFrame, plates: pd.DataFrame, roads: pd.DataFrame, ctx: Context) -> Findings:
    first = plates["road_id"].rename_axis("record_id").reset_index().sort_values("record_id")
    first = first.drop_duplicates("road_id").reset_index(drop=True)
    names = ctx.frame("roads")["name"] if len(first) else pd.Series(dtype="str")
    road = first["road_id"]
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": first["record_id"],
                "key": "road:" + road,
                "variant": "contrary",
                "related": pd.Series([(f"roads:{one}",) for one in road], dtype="object"),
                "road": road.map(names),
                "numbering": road.map(roads["numbering"]),
                "share": road.map(roads["share"]),
                "plates": road.map(roads["plates"]),
                "geometry": frame["geometry"].reindex(first["record_id"]).to_numpy(),
            }
        ),
        frame,
    )


RULE = Rule(
    code="DOR301",
    name="wrong-side",
    title=Text("门牌单双号与所在一侧不符", "plate on the wrong side of its road"),
    layers=("doorplates",),
    needs=("roads",),
    params=(Param("min_offset_m", float, Text("判断左右所需的最小离线距离（米）", "least offset from the line")),),
    level=Level.WARNING,
    remedy=Remedy.FIELD,
    fix=Safety.REVIEW,
    basis="GB/T 35639-2017 附录B（资料性）：两侧分单双号；单号在哪侧以各路登记或现状为准",
    message=Text(
        "{number}号在{road}的一侧与该路编号规则不符。",
        "The side of {road} on which {number} stands is against the road's convention.",
    ),
    variants={
        "left": Variant(
            Text(
                "{number}号在{road}左侧，与该路单双号的分侧不符。",
                "Number {number} stands on the left of {road}, against the road's sides of odd and even numbers.",
            )
        ),
        "right": Variant(
            Text(
                "{number}号在{road}右侧，与该路单双号的分侧不符。",
                "Number {number} stands on the right of {road}, against the road's sides of odd and even numbers.",
            )
        ),
        "contrary": Variant(
            Text(
                "{road}登记的编号规则与 {plates} 块门牌中的 {share:.0%} 相反，规则或道路画线方向可疑。",
                "The convention stored for {road} is contrary to {share:.0%} of its {plates} plates: "
                "it, or the direction of the line, is doubtful.",
            )
        ),
    },
    spatial=True,
    check=wrong_side,
)
