"""NAM125."""

from __future__ import annotations

import pandas as pd

from gazetteer.wordlists import WORDS, holding
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def person_name(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with the name of a person.

    ## What it does
    zh: 找出含知名人物（包括文学艺术形象）姓名的道路、小区、楼宇名称，请人认定。
    en: Finds roads, estates and buildings that hold the name of a well-known person or figure of literature, and asks.

    ## Why it matters
    zh: 一般不以人名作地名；词语与该人没有特定联系的除外，只有人能判断。
    en: Persons are not to be names of places unless the words have no link to that person, which only people can tell.

    ## Example
    zh: `鲁迅路` 中的“鲁迅”。
    en: The word 鲁迅 in `鲁迅路`.

    ## Fix safety
    zh: 不提供修复：由人认定，要更名的按程序办理。
    en: None: a person decides, and renaming takes its procedure.

    ## Trap
    zh: 认定后写入豁免，以后不再问。
    en: The answer is kept as an exemption and not asked again.
    """
    return holding(frame, ctx, "person")


RULE = Rule(
    code="NAM125",
    name="person-name",
    title=Text("用人名命名", "name of a person"),
    layers=("place_names", "roads"),
    level=Level.QUESTION,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（四）项；地名管理条例实施办法（2024）第三条",
    params=(Param("kinds", list, Text("要查的地名类型", "kinds of names that are checked")),),
    tables=(WORDS,),
    message=Text(
        "名称“{name}”含有人名“{word}”，是否与该人有特定联系？",
        'The name "{name}" has the name of a person, {word}; is there a link to that person?',
    ),
    check=person_name,
)
