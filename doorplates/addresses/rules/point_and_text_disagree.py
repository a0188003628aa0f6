"""ADR301."""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorplates.addresses.divisions import current_divisions, named_townships, township_code
from doorplates.addresses.records import not_retired
from doorplates.addresses.text import looked_up
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety
from rulebook.spatial import distance_to, locate


def point_and_text_disagree(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Addresses whose point lies in another division than their code or text says.

    ## What it does
    zh: 求出地址点所在的村社区（没有村级界线时为乡镇街道），与政区代码比较；代码为空或不在册时与乡镇街道段比较。
    en: Finds the village the point lies in (the township where there are no village polygons) and compares it with the
        division code, or with the township segment where the code is missing or unknown.

    ## Why it matters
    zh: 点位或文字必有一个是错的，按点派单和按字派单会去两个地方。
    en: Either the point or the text is wrong: work sent by the one goes elsewhere than work sent by the other.

    ## Example
    zh: 地址记在 `330683100202`，点却落在相邻的村。
    en: The address is recorded in `330683100202`, but its point lies in the next village.

    ## Fix safety
    zh: 需审核：提出点位所在的政区代码；也可能是点位错了，应到现场核实。
    en: Review: offers the code of the division the point lies in. The point may be the wrong one; go and see.

    ## Trap
    zh: 界线附近的点受界线精度影响，配置的容差以内不报告；落在所有政区之外的点由坐标规则报告。
    en: Near a boundary its accuracy matters; inside the profile's tolerance nothing is reported. Points outside all
        divisions are the business of the rules on coordinates.
    """
    units = current_divisions(ctx)
    shapes = ctx.frame("divisions").geometry
    has_shape = pd.Series(shapes.notna() & ~shapes.is_empty, index=shapes.index).reindex(units.index, fill_value=False)
    finest = "village" if (units["level"].eq("village") & has_shape).any() else "township"
    polygons = shapes[units.index[units["level"].eq(finest) & has_shape]]

    code = frame["division_code"].where(frame["division_code"].isin(units.index[has_shape]))
    code_level = code.map(units["level"])
    exact = code_level.eq("village") & (finest == "village")
    said_town = township_code(code).where(code_level.isin(["village", "township"]))
    town = said_town.fillna(
        named_townships(frame["township"], units, ctx.table("division_suffixes")).where(code.isna())
    )
    claimed = code.where(exact, town)

    asked = frame[not_retired(frame) & claimed.notna()]
    stands = locate(asked.geometry, polygons).reindex(frame.index)
    stands_comparable = stands.where(exact, township_code(stands))
    differs = stands.notna() & claimed.notna() & stands_comparable.ne(claimed)
    at = frame[differs]
    distance = distance_to(at.geometry, claimed[differs], shapes).fillna(np.inf)
    far = distance[distance.gt(ctx.param("tolerance_m"))]
    return flag(
        frame,
        pd.Series(frame.index.isin(far.index), index=frame.index),
        claimed=looked_up(claimed, units["name"]).fillna(claimed),
        claimed_code=claimed,
        stands_in=looked_up(stands_comparable, units["name"]).fillna(stands_comparable),
        stands_code=stands_comparable,
        distance_m=far.replace(np.inf, np.nan),
    ).propose("division_code", stands_comparable.where(code.notna()))


RULE = Rule(
    code="ADR301",
    name="point-and-text-disagree",
    title=Text("地址点与文字不在同一政区", "point and text of an address disagree"),
    layers=("addresses",),
    level=Level.ERROR,
    remedy=Remedy.FIELD,
    fix=Safety.REVIEW,
    basis="GB/T 35639-2017 地址模型（位置与地址组件一致）",
    message=Text(
        "地址记在{claimed}（{claimed_code}），点却落在{stands_in}（{stands_code}），距所记政区 {distance_m:.1f} 米。",
        "The address is recorded in {claimed} ({claimed_code}), but its point lies in {stands_in} ({stands_code}), "
        "{distance_m:.1f} m from the recorded division.",
    ),
    check=point_and_text_disagree,
    needs=("divisions",),
    params=(Param("tolerance_m", float, Text("点到所记政区的容差（米）", "tolerance from the recorded division (m)")),),
    tables=("division_suffixes",),
    spatial=True,
)
