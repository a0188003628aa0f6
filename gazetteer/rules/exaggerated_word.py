"""NAM121."""

from __future__ import annotations

import pandas as pd

from gazetteer.wordlists import WORDS, holding
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def exaggerated_word(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with a word far bigger than the place.

    ## What it does
    zh: 找出含“世界”“中央”“国际”等刻意夸大用词的道路、小区、楼宇名称。
    en: Finds roads, estates and buildings with exaggerated words such as 世界 (world), 中央 (central), 国际.

    ## Why it matters
    zh: 专名或通名远超实体的规模和功能，属清理整治的“大”。
    en: A name far beyond the extent and function of its object is one of the kinds to be cleaned up.

    ## Example
    zh: `世界城广场` 中的“世界”。
    en: The word 世界 in `世界城广场`.

    ## Fix safety
    zh: 不提供修复：由人认定，要更名的按程序办理。
    en: None: a person decides, and renaming takes its procedure.

    ## Trap
    zh: 公园、机构名称（国家湿地公园、革命烈士陵园）由主管部门批准，不查；确经批准的可豁免。
    en: Parks and institutions (国家湿地公园) are approved by their departments and not checked; approved names may be exempted.
    """
    return holding(frame, ctx, "exaggerated")


RULE = Rule(
    code="NAM121",
    name="exaggerated-word",
    title=Text("刻意夸大的名称用词", "exaggerated word in a name"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="不规范地名认定原则和标准（2018）大",
    params=(Param("kinds", list, Text("要查的地名类型", "kinds of names that are checked")),),
    tables=(WORDS,),
    message=Text("名称“{name}”含有刻意夸大的用词“{word}”。", 'The name "{name}" has the exaggerated word {word}.'),
    check=exaggerated_word,
)
