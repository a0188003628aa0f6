"""NAM304."""

from __future__ import annotations

import pandas as pd
import shapely

from gazetteer.codes import TOWNSHIP_DIGITS, listed
from gazetteer.territory import TOWNSHIP_ZEROS, present, shares, townships
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def crosses_divisions_unlisted(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Lines and areas that lie in other townships than their record lists.

    ## What it does
    zh: 线状、面状地名实际跨哪几个乡镇街道，应与所填政区一致：跨了没填、填了没跨都报。
    en: Compares the townships that a line or area really lies in with those its record lists, both ways.

    ## Why it matters
    zh: 所跨政区决定由谁命名、通知谁；漏填的一方查不到这条地名。
    en: The divisions it crosses decide who names it and who is told; the one left out does not find the record.

    ## Example
    zh: `剡溪路` 跨甲、乙两镇，只填了甲镇。
    en: `剡溪路` runs through the towns 甲镇 and 乙镇, only 甲镇 is listed.

    ## Fix safety
    zh: 需复核：补上漏填的乡镇，去掉没有跨到的。
    en: Review: adds the townships left out and drops those it does not reach.

    ## Trap
    zh: 以乡级为准，村级不比较；以路、河为界的，填双方都算对；擦边不足配置长度的不算跨。
    en: Townships are compared, villages are not; along a border both sides may be listed; less than the profile's
        length inside does not count as crossing.
    """
    shapes = present(frame.geometry)
    codes = listed(frame["division_code"]).rename("code")
    county_wide = codes.index[codes.str[6:TOWNSHIP_DIGITS] == TOWNSHIP_ZEROS]
    wide = shapes[
        (shapely.get_dimensions(shapes.to_numpy()) > 0) & shapes.index.isin(codes.index.difference(county_wide))
    ]
    known = townships(ctx)
    codes = codes[codes.index.isin(wide.index)]
    meeting = shares(wide, known)
    length = shapely.length(wide.reindex(meeting["record_id"]).to_numpy())
    real = meeting[
        (meeting["share"] * length >= ctx.param("min_inside_m")) & (meeting["share"] >= ctx.param("min_share"))
    ]

    named = codes.rename_axis("record_id").reset_index()
    named["township"] = named["code"].str[:TOWNSHIP_DIGITS]
    pair = pd.MultiIndex.from_frame(named[["record_id", "township"]])
    lying = pd.MultiIndex.from_frame(real[["record_id", "code"]])
    judged = set(named["record_id"][pair.isin(lying)])
    left_out = real[~lying.isin(pair) & real["record_id"].isin(judged)]
    beyond = shapely.distance(
        wide.reindex(named["record_id"]).to_numpy(), known.reindex(named["township"]).to_numpy()
    ) > ctx.param("min_inside_m")
    surplus = named[beyond & named["record_id"].isin(judged)]

    missing = _joined(left_out.set_index("record_id")["code"] + TOWNSHIP_ZEROS)
    unreached = _joined(surplus.set_index("record_id")["code"])
    wrong = missing.index.union(unreached.index)
    kept = named[~named.index.isin(surplus.index)].set_index("record_id")["code"]
    right = pd.concat([kept, left_out.set_index("record_id")["code"] + TOWNSHIP_ZEROS])
    whole = _joined(right[right.index.isin(wrong)], order=False)
    return flag(
        frame,
        pd.Series(frame.index.isin(wrong), index=frame.index),
        name=frame["name"],
        recorded=frame["division_code"],
        missing=missing,
        unreached=unreached,
    ).propose("division_code", whole)


def _joined(codes: pd.Series, *, order: bool = True) -> pd.Series:
    """Codes of one record joined by ``;``."""
    inorder = codes.sort_values(kind="stable") if order else codes
    return inorder.groupby(level=0, sort=True).agg(";".join).astype("str")


RULE = Rule(
    code="NAM304",
    name="crosses-divisions-unlisted",
    title=Text("所跨政区与登记不一致", "crosses other divisions than listed"),
    layers=("place_names", "roads"),
    needs=("divisions",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名普查登记表：所在（跨）行政区",
    params=(
        Param("min_inside_m", float, Text("算作跨入的最短长度（米）", "least metres inside that count as crossing")),
        Param("min_share", float, Text("算作跨入的最小比例", "least share inside that counts as crossing")),
    ),
    spatial=True,
    message=Text(
        "“{name}”登记的政区是 {recorded}，漏填：{missing}；填了而没有跨到：{unreached}。",
        '"{name}" lists the divisions {recorded}; left out: {missing}; listed but not reached: {unreached}.',
    ),
    check=crosses_divisions_unlisted,
)
