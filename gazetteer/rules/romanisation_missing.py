"""NAM201."""

from __future__ import annotations

import pandas as pd

from gazetteer.records import among
from gazetteer.spellings import NEEDED_TABLES, proposed, spellings_of
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def romanisation_missing(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names without a romanisation.

    ## What it does
    zh: 找出罗马字母拼写为空的地名和道路。
    en: Finds place names and roads whose romanisation is empty.

    ## Why it matters
    zh: 标准地名包括汉语拼音拼写，公告、地名标志都要用。
    en: The spelling in Pinyin is part of the standard name; announcements and signs need it.

    ## Example
    zh: `剡溪路` 的拼写为空，应为 `Shànxī Lù`。
    en: The romanisation of `剡溪路` is empty; it should be `Shànxī Lù`.

    ## Fix safety
    zh: 需复核：按拼写规则生成；多音字以当地读音为准。
    en: Review: made by the spelling rules; for characters of several readings the local one holds.

    ## Trap
    zh: 名称本身有错的，先改名称再生成拼写。
    en: Where the name itself is faulty, repair it first.
    """
    missing = frame["name"].notna() & (frame["pinyin"].isna() | (frame["pinyin"].str.strip() == ""))
    spelt = spellings_of(ctx)
    suggestion = proposed(spelt[among(spelt.index, frame.index[missing])])
    variant = pd.Series("", index=frame.index, dtype="str").mask(~among(frame.index, suggestion.index), "unspelt")
    return flag(frame, missing, variant=variant, name=frame["name"], pinyin=suggestion.reindex(frame.index)).propose(
        "pinyin", suggestion
    )


RULE = Rule(
    code="NAM201",
    name="romanisation-missing",
    title=Text("没有罗马字母拼写", "romanisation missing"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第十五条",
    tables=NEEDED_TABLES,
    message=Text(
        "“{name}”没有罗马字母拼写，按规则应为：{pinyin}。", '"{name}" has no romanisation; by the rules: {pinyin}.'
    ),
    variants={
        "unspelt": Variant(
            Text(
                "“{name}”没有罗马字母拼写；名称中有拼不出的字符，先改正名称。",
                '"{name}" has no romanisation; it holds characters that cannot be spelt, so the name comes first.',
            )
        )
    },
    check=romanisation_missing,
)
