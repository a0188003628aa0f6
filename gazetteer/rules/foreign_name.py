"""NAM122."""

from __future__ import annotations

import pandas as pd

from gazetteer.wordlists import WORDS, holding
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def foreign_name(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with a foreign person or place.

    ## What it does
    zh: 找出含外国人名、外国地名译名的名称。
    en: Finds names that hold the name of a foreign person or place as it is written in Chinese.

    ## Why it matters
    zh: 法规规定不以外国人名、地名作地名，属清理整治的“洋”。
    en: The law forbids foreign persons and places in place names.

    ## Example
    zh: `威尼斯花园` 中的“威尼斯”。
    en: The word 威尼斯 in `威尼斯花园`.

    ## Fix safety
    zh: 不提供修复：由人认定，要更名的按程序办理。
    en: None: a person decides, and renaming takes its procedure.

    ## Trap
    zh: 历史上存在的、有纪念意义的或友好交往形成的名称可以豁免。
    en: Historic, commemorative or friendship names may be exempted.
    """
    return holding(frame, ctx, "foreign")


RULE = Rule(
    code="NAM122",
    name="foreign-name",
    title=Text("用外国人名、地名命名", "foreign person or place in a name"),
    layers=("place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（五）项；不规范地名认定原则和标准（2018）洋",
    params=(Param("kinds", list, Text("要查的地名类型", "kinds of names that are checked")),),
    tables=(WORDS,),
    message=Text("名称“{name}”含有外国人名或地名“{word}”。", 'The name "{name}" has the foreign name {word}.'),
    check=foreign_name,
)
