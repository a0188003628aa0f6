"""NAM101."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gazetteer.text import plain
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def name_missing_or_too_long(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Records without a usable name.

    ## What it does
    zh: 找出没有名称、只有一个字，或者长于配置上限的名称。
    en: Finds names that are empty, have a single character, or are longer than the profile allows.

    ## Why it matters
    zh: 地名由专名和通名两部分组成，一个字不够；过长的名称多是把说明写进了名称栏。
    en: A place name has a specific and a generic part, so one character is not enough; an overlong name is mostly
        a description written into the field of the name.

    ## Example
    zh: 名称只有 `溪`。
    en: The name is only `溪`.

    ## Fix safety
    zh: 不提供修复：名称要查原始资料。
    en: None: the name must be looked up.

    ## Trap
    zh: 单位类地名的全称可能较长，可在配置中调整上限。
    en: Full names of institutions can be long; the limit is set in the profile.
    """
    name = plain(frame["name"])
    length = name.str.len().fillna(0).astype("int64")
    longest = ctx.param("max_characters")
    variant = pd.Series(
        np.select([length == 0, length == 1, length > longest], ["", "single", "long"], "fine"), index=frame.index
    )
    return flag(frame, variant != "fine", variant=variant, name=frame["name"], length=length, longest=longest)


RULE = Rule(
    code="NAM101",
    name="name-missing-or-too-long",
    title=Text("名称缺失或过长", "name missing or too long"),
    layers=("place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条",
    params=(Param("max_characters", int, Text("名称最多字数", "most characters of a name")),),
    message=Text("没有名称。", "There is no name."),
    variants={
        "single": Variant(Text("名称“{name}”只有一个字。", 'The name "{name}" has a single character.')),
        "long": Variant(
            Text(
                "名称“{name}”有 {length} 个字，超过上限 {longest} 个字。",
                'The name "{name}" has {length} characters, more than the {longest} allowed.',
            )
        ),
    },
    check=name_missing_or_too_long,
)
