"""NAM404."""

from __future__ import annotations

import pandas as pd

from gazetteer.homophones import alike
from gazetteer.spellings import NEEDED_TABLES
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def same_sound_in_local_accent(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Same sound in the local accent.

    ## What it does
    zh: 在法定范围内找出按当地口音合并平翘舌、前后鼻音等之后同音的同类名称。
    en: Finds names of one kind in one legal scope that sound alike once the sounds that local speakers merge are merged.

    ## Why it matters
    zh: 说出来分不清的两个名称，报警、急救和问路都会走错；法规要求范围内避免同音。
    en: Names that cannot be told apart when spoken send people the wrong way; the law says to avoid the same sound.

    ## Example
    zh: `诗林路`（Shīlín）与 `思灵路`（Sīlíng）。
    en: `诗林路` (Shīlín) and `思灵路` (Sīlíng).

    ## Fix safety
    zh: 不提供修复：更名要按程序办理。
    en: None: renaming takes its procedure.

    ## Trap
    zh: 合并哪些音由配置给出。
    en: Which sounds are merged is said by the profile.
    """
    return alike(frame, ctx, "accent_key", "sound_key")


RULE = Rule(
    code="NAM404",
    name="same-sound-in-local-accent",
    title=Text("当地口音中同音", "same sound in the local accent"),
    layers=("place_names", "roads"),
    uses=("divisions", "areas"),
    level=Level.INFO,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（八）项：避免同音",
    tables=NEEDED_TABLES,
    spatial=True,
    message=Text(
        "“{name}”（{pinyin}）与“{others}”在当地口音中同音。",
        '"{name}" ({pinyin}) sounds like {others} in the local accent.',
    ),
    check=same_sound_in_local_accent,
)
