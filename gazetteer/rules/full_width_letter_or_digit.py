"""NAM103."""

from __future__ import annotations

import pandas as pd

from gazetteer.text import TO_HALF_WIDTH, WIDE_ALPHANUMERIC
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def full_width_letter_or_digit(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with full-width letters or digits.

    ## What it does
    zh: 找出名称中的全角数字和全角字母，包括全角与半角混用。
    en: Finds full-width digits and letters in a name, also when mixed with half-width ones.

    ## Why it matters
    zh: “１弄”和“1弄”在计算机里是两个名称，查重和匹配都会漏掉。
    en: To a computer １弄 and 1弄 are two names; duplicate checks and matching miss them.

    ## Example
    zh: `剡溪路１２弄` 应为 `剡溪路12弄`。
    en: `剡溪路１２弄` should be `剡溪路12弄`.

    ## Fix safety
    zh: 安全：每个全角字符换成对应的半角字符。
    en: Safe: each full-width character is replaced by its half-width partner.

    ## Trap
    zh: 全角括号、标点不归本规则，见 NAM107、NAM108。
    en: Full-width brackets and punctuation are the business of NAM107 and NAM108.
    """
    name = frame["name"]
    cleaned = name.str.translate(TO_HALF_WIDTH)
    wide = name.str.contains(WIDE_ALPHANUMERIC, regex=True, na=False)
    return flag(frame, wide, name=name, cleaned=cleaned).propose("name", cleaned)


RULE = Rule(
    code="NAM103",
    name="full-width-letter-or-digit",
    title=Text("名称中有全角字母或数字", "full-width letter or digit in a name"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.SAFE,
    basis="地名管理条例（2022）第九条第（三）项；用字规范",
    message=Text(
        "名称“{name}”中有全角字母或数字，应为“{cleaned}”。",
        'The name "{name}" has full-width letters or digits; it should be "{cleaned}".',
    ),
    check=full_width_letter_or_digit,
)
