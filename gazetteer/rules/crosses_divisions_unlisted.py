"""NAM304."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.codes import TOWNSHIP_DIGITS, listed
from gazetteer.records import among
from gazetteer.territory import TOWNSHIP_ZEROS, shapes_of, shares, townships, village_meetings, villages
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety

CODE_DIGITS = 12


def crosses_divisions_unlisted(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Lines and areas that lie in other divisions than their record lists.

    ## What it does
    zh: 线状、面状地名实际跨哪几个政区，应与所填政区一致：跨了没填、填了没跨都报。填的都是村社区的按村社区比较，
        否则按乡镇街道比较。
    en: Compares the divisions that a line or area really lies in with those its record lists, both ways: villages
        where only villages are listed, otherwise townships.

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
    zh: 以路、河为界的，填双方都算对；擦边不足配置长度的不算跨；村社区没有上图时按乡镇街道比较。
    en: Along a border both sides may be listed; less than the profile's length inside does not count as crossing;
        where villages are not mapped, townships are compared.
    """
    shapes = shapes_of(ctx)
    codes = listed(frame["division_code"]).rename("code")
    county_wide = codes.index[codes.str[6:TOWNSHIP_DIGITS] == TOWNSHIP_ZEROS]
    wide = shapes[
        (shapely.get_dimensions(shapes.to_numpy()) > 0) & among(shapes.index, codes.index.difference(county_wide))
    ]
    codes = codes[among(codes.index, wide.index)]
    mapped = pd.Series(among(codes, villages(ctx).index), index=codes.index).groupby(level=0).all()
    by_village = among(codes.index, mapped.index[mapped])
    by_town = codes[~by_village]
    whole, missing, unreached = (
        pd.concat(both)
        for both in zip(
            _compare(wide, codes[by_village], villages(ctx), village_meetings(ctx), ctx),
            _compare(
                wide, by_town, townships(ctx), shares(wide[among(wide.index, by_town.index)], townships(ctx)), ctx
            ),
            strict=True,
        )
    )
    return flag(
        frame,
        pd.Series(among(frame.index, whole.index), index=frame.index),
        name=frame["name"],
        recorded=frame["division_code"],
        missing=missing,
        unreached=unreached,
    ).propose("division_code", whole)


def _compare(
    wide: gpd.GeoSeries, codes: pd.Series, known: gpd.GeoSeries, meeting: pd.DataFrame, ctx: Context
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Of the records whose list is wrong: the right list, the codes left out, the codes listed but not reached.

    ``known`` are the polygons of one level by the digits that tell them apart, ``meeting`` their shares of the shapes.
    """
    digits = known.index.str.len().max() if len(known) else TOWNSHIP_DIGITS
    zeros = "0" * (CODE_DIGITS - int(digits))
    meeting = meeting[among(meeting["record_id"], codes.index)]
    length = shapely.length(wide.reindex(meeting["record_id"]).to_numpy())
    real = meeting[
        (meeting["share"] * length >= ctx.param("min_inside_m")) & (meeting["share"] >= ctx.param("min_share"))
    ]
    named = codes.rename_axis("record_id").reset_index()
    named["unit"] = named["code"].str[: int(digits)]
    pair = pd.MultiIndex.from_frame(named[["record_id", "unit"]])
    lying = pd.MultiIndex.from_frame(real[["record_id", "code"]])
    judged = named["record_id"][pair.isin(lying)]
    left_out = real[~lying.isin(pair) & among(real["record_id"], judged)]
    beyond = shapely.distance(
        wide.reindex(named["record_id"]).to_numpy(), known.reindex(named["unit"]).to_numpy()
    ) > ctx.param("min_inside_m")
    surplus = named[beyond & among(named["record_id"], judged)]

    missing = _joined(left_out.set_index("record_id")["code"] + zeros)
    unreached = _joined(surplus.set_index("record_id")["code"])
    kept = named[~named.index.isin(surplus.index)].set_index("record_id")["code"]
    right = pd.concat([kept, left_out.set_index("record_id")["code"] + zeros])
    wrong = missing.index.union(unreached.index)
    return _joined(right[among(right.index, wrong)], order=False), missing, unreached


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
