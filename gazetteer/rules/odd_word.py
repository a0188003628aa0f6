"""NAM123."""

from __future__ import annotations

import pandas as pd

from gazetteer.wordlists import WORDS, holding
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def odd_word(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with an odd or feudal word.

    ## What it does
    zh: 找出含怪异难懂或封建色彩浓厚用词的道路、小区、楼宇名称。
    en: Finds roads, estates and buildings with odd or strongly feudal words.

    ## Why it matters
    zh: 这类名称属清理整治的“怪”。
    en: Such names are one of the kinds to be cleaned up.

    ## Example
    zh: `帝豪公寓` 中的“帝豪”。
    en: The word 帝豪 in `帝豪公寓`.

    ## Fix safety
    zh: 不提供修复：由人认定，要更名的按程序办理。
    en: None: a person decides, and renaming takes its procedure.

    ## Trap
    zh: 村落名中的“王府”等多由姓氏、史迹而来，不查。
    en: In names of villages such words come from surnames or history and are not checked.
    """
    return holding(frame, ctx, "odd")


RULE = Rule(
    code="NAM123",
    name="odd-word",
    title=Text("怪异或带封建色彩的名称用词", "odd word in a name"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="不规范地名认定原则和标准（2018）怪",
    params=(Param("kinds", list, Text("要查的地名类型", "kinds of names that are checked")),),
    tables=(WORDS,),
    message=Text("名称“{name}”含有怪异或封建色彩的用词“{word}”。", 'The name "{name}" has the odd word {word}.'),
    check=odd_word,
)
