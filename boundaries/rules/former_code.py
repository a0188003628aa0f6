"""DIV501."""

from __future__ import annotations

import pandas as pd

from boundaries import series
from boundaries.rules.other_series import OPEN, replaced
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def former_code(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Records that are still on a division code that has ended.

    ## What it does
    zh: 找出仍挂在已撤销或已改码区划上的记录；只有一个去向时给出现行代码（看已失效区划的面、同名区划和变更表）。
    en: Finds records still on a division that was abolished or re-coded; where one division took its place (by its area, its
        name or the table of changes) the code in force is offered.

    ## Why it matters
    zh: 旧代码上的记录在新区划的统计、检索和上报里都不会出现。
    en: Records on an old code are missing from sums, searches and hand-overs of the new division.

    ## Example
    zh: 地址的区划代码是 `330683109000`（北漳镇，2019年并入金庭镇）。
    en: An address quotes `330683109000`, a town merged into another in 2019.

    ## Fix safety
    zh: 安全：只在去向唯一时改代码；拆分到几个区划的不提供修改。
    en: Safe: the code is changed only where exactly one division took its place; nothing is offered after a split.

    ## Trap
    zh: 又是统计代码又是旧代码的（如330683105）由 DIV104 报告，要人判断；村名相同不等于同一个村，只在同一乡镇内按名对应。
    en: Numbers that are a statistics code as well are DIV104's, a person decides; villages are paired by name within one
        township only, names recur.
    """
    return replaced(frame, ctx, series.FORMER)


RULE = Rule(
    code="DIV501",
    name="record-on-a-former-code",
    title=Text("记录仍用旧区划代码", "record on a former code"),
    layers=("divisions", "addresses", "doorplates", "place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.SAFE,
    basis="GB/T 10114；行政区划变更批复（嵊州市2019年乡镇调整等）",
    message=Text(
        "“{label}”仍用旧区划代码 {code}（{division}），现行代码是 {due}。",
        "{label} is still on the former code {code} ({division}); the code in force is {due}.",
    ),
    check=former_code,
    needs=("divisions",),
    tables=("division_code_series",),
    variants={"open": OPEN},
)
