"""NAM126."""

from __future__ import annotations

import pandas as pd

from gazetteer.wordlists import WORDS, holding
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def enterprise_or_brand_name(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with an enterprise or a trade mark.

    ## What it does
    zh: 找出含知名企业名、商标名的道路、小区、楼宇名称，请人认定。
    en: Finds roads, estates and buildings that hold a well-known enterprise or trade mark, and asks.

    ## Why it matters
    zh: 不以企业名称、商标名称作地名；词语与其没有特定联系的除外，只有人能判断。
    en: Enterprises and trade marks are not to be names of places unless the words have no link to them.

    ## Example
    zh: `万达路` 中的“万达”。
    en: The word 万达 in `万达路`.

    ## Fix safety
    zh: 不提供修复：由人认定，要更名的按程序办理。
    en: None: a person decides, and renaming takes its procedure.

    ## Trap
    zh: 认定后写入豁免，以后不再问；名录在配置的词表中，可增补当地企业。
    en: The answer is kept as an exemption; local enterprises can be added to the profile's table.
    """
    return holding(frame, ctx, "enterprise")


RULE = Rule(
    code="NAM126",
    name="enterprise-or-brand-name",
    title=Text("用企业名或商标名命名", "enterprise or brand in a name"),
    layers=("place_names", "roads"),
    level=Level.QUESTION,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（六）项；地名管理条例实施办法（2024）第四条",
    params=(Param("kinds", list, Text("要查的地名类型", "kinds of names that are checked")),),
    tables=(WORDS,),
    message=Text(
        "名称“{name}”含有企业名或商标名“{word}”，是否有特定联系？",
        'The name "{name}" has an enterprise or trade mark, {word}; is there a link to it?',
    ),
    check=enterprise_or_brand_name,
)
