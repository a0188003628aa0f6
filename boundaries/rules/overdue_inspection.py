"""MRK501."""

from __future__ import annotations

import pandas as pd

from boundaries import inspections
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def overdue_inspection(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Lines whose joint inspection is overdue.

    ## What it does
    zh: 从最近一次联检日期（没有则从协议日期）起算，超过规定年数仍未联检的界线。
    en: Counts from the last joint inspection (else from the agreement); lines past the prescribed years are told.

    ## Why it matters
    zh: 条例规定界线每五年联合检查一次，逾期要说明原因。
    en: The regulation prescribes a joint inspection every five years; a delay has to be explained.

    ## Example
    zh: 最近联检日期 `2020-06-30`，2025年6月30日之前应再次联检。
    en: Last inspected on `2020-06-30`, due again by 30 June 2025.

    ## Fix safety
    zh: 不提供自动修改：要实际开展联检。
    en: None: the inspection has to take place.

    ## Trap
    zh: 两个日期都没有的界线无从起算，不报告。
    en: Lines with neither date cannot be reckoned and are not told.
    """
    reckoned = inspections.cycle(frame, years=ctx.param("years"), today=ctx.today)
    return flag(
        frame,
        reckoned["state"].eq(inspections.OVERDUE),
        name=frame["name"],
        last=reckoned["last"],
        due=reckoned["due"],
        days=-reckoned["days"],
    )


RULE = Rule(
    code="MRK501",
    name="joint-inspection-overdue",
    title=Text("联合检查逾期", "joint inspection overdue"),
    layers=("boundary_lines",),
    level=Level.WARNING,
    remedy=Remedy.FIELD,
    fix=Safety.NONE,
    basis="行政区域界线管理条例 第十二条（每五年联合检查一次）；乡级界线参照（第十九条）",
    message=Text(
        "界线“{name}”上次联检在 {last}，应于 {due} 前再次联检，已逾期 {days:.0f} 天。",
        "The line {name} was last inspected on {last}; the next inspection was due by {due}, {days:.0f} days ago.",
    ),
    check=overdue_inspection,
    params=(Param("years", int, Text("联检周期（年）", "years between joint inspections")),),
)
