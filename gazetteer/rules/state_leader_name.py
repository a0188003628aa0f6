"""NAM124."""

from __future__ import annotations

import pandas as pd

from gazetteer.wordlists import WORDS, holding
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def state_leader_name(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with the name of a state leader.

    ## What it does
    zh: 找出含国家领导人姓名的名称。
    en: Finds names that hold the full name of a state leader.

    ## Why it matters
    zh: 法规禁止以国家领导人的名字作地名。
    en: The law forbids the names of state leaders in place names.

    ## Example
    zh: `周恩来路` 中的“周恩来”。
    en: The word 周恩来 in `周恩来路`.

    ## Fix safety
    zh: 不提供修复：由人认定，要更名的按程序办理。
    en: None: a person decides, and renaming takes its procedure.

    ## Trap
    zh: 只认全名；名录在配置的词表中，换届后要补充。
    en: Full names only; the list is the profile's table and must be kept up to date.
    """
    return holding(frame, ctx, "leader")


RULE = Rule(
    code="NAM124",
    name="state-leader-name",
    title=Text("用国家领导人姓名命名", "name of a state leader"),
    layers=("place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（四）项",
    params=(Param("kinds", list, Text("要查的地名类型", "kinds of names that are checked")),),
    tables=(WORDS,),
    message=Text(
        "名称“{name}”含有国家领导人姓名“{word}”。", 'The name "{name}" has the name of a state leader, {word}.'
    ),
    check=state_leader_name,
)
