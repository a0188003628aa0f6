"""NAM106."""

from __future__ import annotations

import pandas as pd

from gazetteer.characters import LEVELS, VARIANTS, characters, level_of, standard_forms, together
from gazetteer.records import among
from gazetteer.scope import LIVE
from rulebook.context import Context, derived
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

RARE_LEVEL, COMMON = "3", "1"


@derived("place_names", "roads")
def approved_characters(ctx: Context) -> frozenset[str]:
    """Characters of the names that are approved or in use."""
    known: set[str] = set()
    for layer in ("place_names", "roads"):
        frame = ctx.frame(layer)
        if len(frame):
            known |= set(characters(frame["name"][frame["status"].isin(LIVE)]).unique())
    return frozenset(known)


def rare_character(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with rare characters.

    ## What it does
    zh: 找出不在《通用规范汉字表》的字（拟用名称为错误，已有名称为警告），以及表中三级字而本地已批准地名没有用过的字。
    en: Finds characters outside the standard table (an error in planned names, a warning in existing ones), and
        level-3 characters that no approved local name has used yet.

    ## Why it matters
    zh: 生僻字打不出、读不准，证件和系统里常常变成问号。
    en: Rare characters cannot be typed or read and turn into question marks in other systems.

    ## Example
    zh: `嶀山` 的“嶀”不在表中。
    en: The character 嶀 of `嶀山` is not in the table.

    ## Fix safety
    zh: 不提供修复：已有地名沿用，可豁免；拟用名称另择用字。
    en: None: existing names stay and may be exempted; for a planned one other characters are chosen.

    ## Trap
    zh: 岙、垟等三级字在浙江地名中常见，本地已有批准地名用过的不报。
    en: Level-3 characters such as 岙 and 垟 are common in Zhejiang; those an approved local name uses are not reported.
    """
    chars = characters(frame["name"])
    level = chars.map(level_of(ctx)).mask(chars.map(standard_forms(ctx).__contains__).astype("bool"), COMMON)
    outside = together(chars[level.isna()])
    seldom = chars[level == RARE_LEVEL]
    rare = together(seldom[~among(seldom, approved_characters(ctx))]) if len(seldom) else together(seldom)
    planned = frame["status"] == "planned"
    variant = pd.Series("rare", index=frame.index, dtype="str")
    variant = variant.mask(among(frame.index, outside.index), "").mask(
        among(frame.index, outside.index) & planned, "planned"
    )
    wrong = pd.Series(among(frame.index, outside.index.union(rare.index)), index=frame.index)
    found = outside.reindex(frame.index).fillna(rare.reindex(frame.index))
    return flag(frame, wrong, variant=variant, name=frame["name"], characters=found)


OUTSIDE = Text(
    "名称“{name}”中的“{characters}”不在通用规范汉字表中。",
    'In the name "{name}" the characters {characters} are not in the table of standard characters.',
)
RULE = Rule(
    code="NAM106",
    name="rare-character",
    title=Text("名称中有生僻字", "rare character in a name"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（三）项；通用规范汉字表（2013）",
    tables=(LEVELS, VARIANTS),
    message=OUTSIDE,
    variants={
        "planned": Variant(OUTSIDE, Level.ERROR),
        "rare": Variant(
            Text(
                "名称“{name}”中的“{characters}”是三级字，本地已批准的地名没有用过。",
                'In the name "{name}" the characters {characters} are of level 3 and in no approved local name.',
            )
        ),
    },
    check=rare_character,
)
