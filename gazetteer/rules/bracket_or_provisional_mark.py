"""NAM107."""

from __future__ import annotations

import re

import pandas as pd

from gazetteer.renaming import rename
from gazetteer.spellings import NEEDED_TABLES
from gazetteer.text import BRACKETS, SEPARATORS, core
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def bracket_or_provisional_mark(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with brackets, marks of a provisional name, or two names in one field.

    ## What it does
    zh: 找出名称中的括号、“暂名”等字样，以及用斜线、分号、顿号连写的两个名称。
    en: Finds brackets, marks such as 暂名 (provisional name), and two names joined by a slash, semicolon or comma.

    ## Why it matters
    zh: 标准名称只有一个；说明和别名另有栏目，写进名称会原样上牌、上图。
    en: There is one standard name; notes and other names have fields of their own and would otherwise end up on
        signs and maps.

    ## Example
    zh: `剡溪路（暂名）` 应为 `剡溪路`。
    en: `剡溪路（暂名）` should be `剡溪路`.

    ## Fix safety
    zh: 需复核：去掉括注和“暂名”字样，连写的取第一个名称。
    en: Review: notes in brackets and marks go; of two names the first is kept.

    ## Trap
    zh: 括号里有时才是现行名称，另一个名称应登记为别名。
    en: Sometimes the name in brackets is the current one; the other belongs among the aliases.
    """
    name = frame["name"]
    marks = ctx.setting("provisional_marks")
    words = "|".join(re.escape(mark) for mark in marks)
    wrong = name.str.contains(f"[{BRACKETS}{SEPARATORS}]|{words}", regex=True, na=False)
    cleaned = core(name[wrong], marks)
    cleaned = cleaned.where(cleaned.str.len() > 1)
    return rename(flag(frame, wrong, name=name, cleaned=cleaned.reindex(frame.index)), ctx, cleaned)


RULE = Rule(
    code="NAM107",
    name="bracket-or-provisional-mark",
    title=Text("名称中有括号、暂名字样或两个名称", "bracket, provisional mark or two names in one field"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第九条、第十五条；用字规范",
    tables=NEEDED_TABLES,
    message=Text(
        "名称“{name}”中有括号、暂名字样或不止一个名称，建议改为：{cleaned}。",
        'The name "{name}" has brackets, a provisional mark or more than one name; suggested: {cleaned}.',
    ),
    check=bracket_or_provisional_mark,
)
