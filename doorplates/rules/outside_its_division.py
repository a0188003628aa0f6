"""DOR305."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from doorplates.standing import LENGTHS, plate_division
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant
from rulebook.spatial import distance_to


def outside_its_division(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plates without a division, or standing in another village or community than recorded.

    ## What it does
    zh: 求门牌点所在的村、社区（没有村级面的乡镇，比到乡镇），与登记的区划代码比较；代码为空的也列出。点在登记政区界线外不超过容差的不报。
    en: Finds the village or community around the point (the township where no villages are drawn) and compares it with
        the recorded code; an empty code is reported too. A point outside the recorded division by less than the
        tolerance is not.

    ## Why it matters
    zh: 区划错了，标准地址、户籍和统计都跟着错。
    en: With the wrong division the standard address, household register and statistics are wrong.

    ## Example
    zh: 登记为 `330683100201` 的门牌立在邻村。
    en: A plate recorded under `330683100201` stands in the next village.

    ## Fix safety
    zh: 需复核：建议改为所在村、社区的代码；点位本身可能有误，飞地也须留意。
    en: Review: proposes the code of the division it stands in; the point itself may be wrong, mind exclaves.

    ## Trap
    zh: 已失效的代码和统计用代码由其他规则报告，这里不重复报。
    en: Codes that have ended and codes of the statistics series are other rules' business and not reported twice.
    """
    stands, divisions = plate_division(ctx), ctx.frame("divisions")
    recorded, level = frame["division_code"], stands["level"]
    agrees = pd.Series(False, index=frame.index)
    for name, length in LENGTHS.items():
        agrees |= level.eq(name) & recorded.str[:length].eq(stands["stands_in"].str[:length])
    elsewhere = recorded.notna() & stands["stands_in"].notna() & ~agrees
    history = ctx.history("divisions")
    ended = history.index.difference(divisions.index)
    elsewhere &= ~recorded.isin(ended) & ~recorded.isin(divisions["nbs_code"].dropna())
    outside_m = _outside_m(frame[elsewhere], level, divisions)
    elsewhere &= ~(outside_m <= ctx.param("tolerance_m")).reindex(frame.index, fill_value=False)
    wrong = (elsewhere | recorded.isna()) & frame["status"].ne("cancelled")
    return flag(
        frame,
        wrong,
        variant=pd.Series("", index=frame.index).mask(recorded.isna(), "missing"),
        number=frame["number"],
        recorded=recorded,
        recorded_name=recorded.map(divisions["name"]),
        stands_in=stands["stands_in"],
        name=stands["name"],
        outside_m=outside_m,
    ).propose("division_code", stands["stands_in"].where(level.eq("village")))


def _outside_m(plates: pd.DataFrame, level: pd.Series, divisions: pd.DataFrame) -> pd.Series:
    """Distance from the recorded village, or township where the plate stands in a township without villages."""
    points, recorded = gpd.GeoSeries(plates.geometry), plates["division_code"]
    villages, townships = (divisions.geometry[divisions["level"].eq(one)] for one in ("village", "township"))
    from_township = distance_to(points, recorded.str[: LENGTHS["township"]] + "000", townships)
    return distance_to(points, recorded, villages).where(level.eq("village"), from_township)


RULE = Rule(
    code="DOR305",
    name="outside-its-division",
    title=Text("门牌不在登记的村社区内", "plate outside its division"),
    layers=("doorplates",),
    needs=("divisions",),
    params=(Param("tolerance_m", float, Text("界线附近的容差（米）", "tolerance at the boundary in metres")),),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="门牌登记必填项：行政区划",
    message=Text(
        "门牌 {number} 登记在{recorded_name}（{recorded}），实际位于{name}（{stands_in}）。",
        "Plate {number} is recorded in {recorded_name} ({recorded}) but stands in {name} ({stands_in}).",
    ),
    variants={
        "missing": Variant(
            Text(
                "门牌 {number} 没有填写区划代码，其位置在{name}（{stands_in}）。",
                "Plate {number} has no division code; it stands in {name} ({stands_in}).",
            )
        )
    },
    spatial=True,
    check=outside_its_division,
)
