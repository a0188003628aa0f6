"""DIV101."""

from __future__ import annotations

import pandas as pd

from boundaries import codes
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def malformed_code(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Division codes that are not twelve digits of the national scheme.

    ## What it does
    zh: 检查区划代码是否为12位半角数字（省2、地2、县2、乡镇3、村3位，不足补零），上一级为零时下一级不得非零。
    en: Checks that a code is twelve plain digits (province 2, prefecture 2, county 2, township 3, village 3, padded
        with zeros) and that no lower part is filled below an empty one.

    ## Why it matters
    zh: 代码写错的区划，其下的地名、门牌、地址都挂接不上。
    en: Names, doorplates and addresses cannot be linked to a division whose code is wrong.

    ## Example
    zh: `33068310020` 只有11位。
    en: `33068310020` has eleven digits only.

    ## Fix safety
    zh: 不提供自动修改：改代码要随区划变更一起改所有引用它的记录。
    en: None: a code is changed together with all records that quote it, as a division change.

    ## Trap
    zh: 六位或九位代码常来自省略补零的表格，含义不变，但登记册里要写全12位。
    en: Codes of six or nine digits usually come from tables that leave the padding out; the register needs all twelve.
    """
    return flag(frame, ~codes.well_formed(frame["code"]), code=frame["code"], name=frame["name"])


RULE = Rule(
    code="DIV101",
    name="code-malformed",
    title=Text("区划代码格式错误", "malformed division code"),
    layers=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 2260；GB/T 10114；统计用区划代码编制规则（6+3+3位）",
    message=Text(
        "“{name}”的区划代码“{code}”不是12位规范代码。",
        'The code "{code}" of {name} is not a proper code of twelve digits.',
    ),
    check=malformed_code,
)
