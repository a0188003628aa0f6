"""DOR306."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from doorplates.identity import IDENTITY, as_related, identities
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety
from rulebook.spatial import has_shape


def stacked_points(frame: pd.DataFrame, ctx: Context) -> Findings:
    """More plates on one point than the profile allows.

    ## What it does
    zh: 统计落在同一点上的门牌，超过配置块数的，每点报一条。同一号码、同一幢的各单元各室只算一块（可在配置中改为逐室计数）；同一号码的附号也只算一块。
    en: Counts plates on one point and reports each point with more than the profile allows. Units and rooms of one
        number and building count once (unless the profile counts rooms), and so do sub-numbers of one number.

    ## Why it matters
    zh: 许多门牌叠在一点，多半是按村中心或路口批量落点，没有实测。
    en: Many plates on one point were mostly placed on a village centre or a junction in bulk, never measured.

    ## Example
    zh: `12`、14、16、18 号同在一点。
    en: Numbers `12`, 14, 16 and 18 are on one point.

    ## Fix safety
    zh: 不提出修改：须到现场采点。
    en: None: the points must be captured on the spot.

    ## Trap
    zh: 商铺集中的门厅可能确有几块牌。
    en: An entrance hall with shops may really have several plates.
    """
    placed = frame[has_shape(frame.geometry) & frame["status"].ne("cancelled")]
    plates = identities(ctx).loc[placed.index]
    whole = plates["main"].astype("str").fillna(plates["written"])
    what = plates.assign(whole=whole)[["holder", "whole", "building"]].fillna("")
    if ctx.param("count_rooms"):
        what = plates[IDENTITY].fillna("")
    xy = shapely.get_coordinates(placed.geometry.to_numpy()).round(ctx.param("decimals"))
    spots = what.assign(x=xy[:, 0], y=xy[:, 1])
    spots["point"] = spots.groupby(["x", "y"], sort=False).ngroup()
    counted = spots.drop_duplicates(["point", *what.columns]).groupby("point").size()
    crowded = spots[spots["point"].isin(counted.index[counted > ctx.param("max_plates")])].sort_index()
    members = crowded.rename_axis("record_id").reset_index().groupby("point", sort=False)["record_id"].agg(tuple)
    first = members.str[0] if len(members) else pd.Series(dtype="str")
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": first.to_numpy(),
                "related": as_related(members.map(lambda ids: ids[1:]), "doorplates").to_numpy(),
                "plates": counted.reindex(members.index).to_numpy(dtype=np.int64),
                "geometry": frame["geometry"].reindex(first).to_numpy(),
            }
        ),
        frame,
    )


RULE = Rule(
    code="DOR306",
    name="stacked-points",
    title=Text("多块门牌叠在一点", "plates stacked on one point"),
    layers=("doorplates",),
    params=(
        Param("max_plates", int, Text("一点允许的门牌块数", "plates allowed on one point")),
        Param("count_rooms", bool, Text("逐室计数", "count rooms one by one")),
        Param("decimals", int, Text("比较坐标时保留的小数位", "decimals of the coordinates compared")),
    ),
    level=Level.WARNING,
    remedy=Remedy.FIELD,
    fix=Safety.NONE,
    basis="自定：一门一点；GB/T 35639-2017 附录B 一院一号、一楼一号",
    message=Text("{plates} 块不同的门牌叠在一点。", "{plates} different plates are on one point."),
    spatial=True,
    check=stacked_points,
)
