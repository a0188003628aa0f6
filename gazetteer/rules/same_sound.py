"""NAM403."""

from __future__ import annotations

import pandas as pd

from gazetteer.homophones import alike
from gazetteer.spellings import NEEDED_TABLES
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def same_sound(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Same sound with other tones inside the scope.

    ## What it does
    zh: 在法定范围内找出读音相同、声调不同的同类名称。
    en: Finds names of one kind in one legal scope whose sounds are equal and whose tones differ.

    ## Why it matters
    zh: 说出来分不清的两个名称，报警、急救和问路都会走错；法规要求范围内避免同音。
    en: Names that cannot be told apart when spoken send people the wrong way; the law says to avoid the same sound.

    ## Example
    zh: `剡溪路`（Shànxī Lù）与 `山西路`（Shānxī Lù）。
    en: `剡溪路` (Shànxī Lù) and `山西路` (Shānxī Lù).

    ## Fix safety
    zh: 不提供修复：更名要按程序办理。
    en: None: renaming takes its procedure.

    ## Trap
    zh: 法规没有说同音是否计声调；可在配置中调整级别。
    en: The law does not say whether tones count; the level can be set in the profile.
    """
    return alike(frame, ctx, "sound_key", "tone_key")


RULE = Rule(
    code="NAM403",
    name="same-sound",
    title=Text("同音异调", "same sound with other tones inside the scope"),
    layers=("place_names", "roads"),
    uses=("divisions", "areas"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（八）项：避免同音",
    tables=NEEDED_TABLES,
    spatial=True,
    message=Text(
        "“{name}”（{pinyin}）与“{others}”同音，只是声调不同。",
        '"{name}" ({pinyin}) sounds like {others}; only the tones differ.',
    ),
    check=same_sound,
)
