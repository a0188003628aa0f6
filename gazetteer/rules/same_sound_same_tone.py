"""NAM402."""

from __future__ import annotations

import pandas as pd

from gazetteer.homophones import alike
from gazetteer.spellings import NEEDED_TABLES
from rulebook.context import Context
from rulebook.findings import Findings
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def same_sound_same_tone(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Same sound and same tones inside the scope.

    ## What it does
    zh: 在法定范围内找出用字不同而读音、声调都相同的同类名称。
    en: Finds names of one kind in one legal scope that are written differently and read the same, tones included.

    ## Why it matters
    zh: 说出来分不清的两个名称，报警、急救和问路都会走错；法规要求范围内避免同音。
    en: Names that cannot be told apart when spoken send people the wrong way; the law says to avoid the same sound.

    ## Example
    zh: `剡溪路` 与 `剡西路` 都读 Shànxī Lù。
    en: Both `剡溪路` and `剡西路` are read Shànxī Lù.

    ## Fix safety
    zh: 不提供修复：更名要按程序办理。
    en: None: renaming takes its procedure.

    ## Trap
    zh: 范围与重名相同；用字也相同的归 NAM401。读音以当地读音表为准。
    en: The scope is that of duplicates; equal writing is NAM401. Readings follow the local table.
    """
    return alike(frame, ctx, "tone_key", "name")


RULE = Rule(
    code="NAM402",
    name="same-sound-same-tone",
    title=Text("同音同调", "same sound and same tones inside the scope"),
    layers=("place_names", "roads"),
    uses=("divisions", "areas"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（八）项：避免同音",
    tables=NEEDED_TABLES,
    spatial=True,
    message=Text(
        "“{name}”与“{others}”同音同调（{pinyin}）。",
        '"{name}" sounds exactly like {others} ({pinyin}).',
    ),
    check=same_sound_same_tone,
)
