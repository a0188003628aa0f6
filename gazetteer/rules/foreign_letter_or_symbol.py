"""NAM108."""

from __future__ import annotations

import pandas as pd

from gazetteer.split import TABLE, parts_of
from gazetteer.text import BRACKETS, BROKEN, HAN, INVISIBLE, SEPARATORS
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

HAN_ALONE = "^[\u4e00-\u9fff]+$"  # literal characters, so that the quick engine of pandas takes it
OTHERS = f"[{BRACKETS}{SEPARATORS}\\s]|{INVISIBLE}|{BROKEN}"


def foreign_letter_or_symbol(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with letters or symbols, or with nothing but digits before the generic part.

    ## What it does
    zh: 找出名称中的拉丁字母等非汉字文字、“·”“-”等符号，以及只有阿拉伯数字的专名。
    en: Finds Latin and other foreign letters, symbols such as · and -, and specific parts of Arabic digits alone.

    ## Why it matters
    zh: 地名用国家通用语言文字；含字母、符号或纯数字的名称属“怪、洋”，要清理。
    en: Place names use the national characters; names with letters, symbols or mere digits count as odd or foreign.

    ## Example
    zh: `剡溪·A路` 含有“·”和字母。
    en: `剡溪·A路` has a dot and a letter.

    ## Fix safety
    zh: 不提供修复：要重新命名。
    en: None: a new name is needed.

    ## Trap
    zh: 公路编号（G104、104国道）是编号不是这类地名，按配置的式样放过；弄号“剡溪路12弄”不是纯数字。
    en: Route numbers (G104, 104国道) are codes and pass by the profile's pattern; 剡溪路12弄 is not digits alone.
    """
    suspect = frame["name"][~frame["name"].str.match(HAN_ALONE, na=True)]
    suspect = suspect.str.normalize("NFKC").str.replace(OTHERS, "", regex=True)
    strange = suspect.str.findall(f"[^{HAN}0-9]").str.join("")
    name = suspect.reindex(frame.index)
    route = name.str.fullmatch(ctx.param("route_number"), na=False)
    strange = strange.reindex(frame.index)
    has_strange = strange.str.len().fillna(0) > 0
    digits = parts_of(ctx)["specific"].str.fullmatch("[0-9]+", na=False) | name.str.fullmatch("[0-9]+", na=False)
    variant = pd.Series("", index=frame.index, dtype="str").mask(~has_strange, "digits")
    return flag(
        frame, (has_strange | digits) & ~route, variant=variant, name=frame["name"], strange=strange.where(has_strange)
    )


RULE = Rule(
    code="NAM108",
    name="foreign-letter-or-symbol",
    title=Text("名称中有外文字母或符号，或专名只有数字", "foreign letter or symbol, or digits only, in a name"),
    layers=("place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名管理条例（2022）第九条第（三）项；不规范地名认定原则和标准（2018）怪、洋",
    params=(Param("route_number", str, Text("公路编号的式样", "pattern of route numbers")),),
    tables=(TABLE,),
    message=Text(
        "名称“{name}”中有不是汉字的字母或符号：{strange}。",
        'The name "{name}" has letters or symbols that are not Chinese characters: {strange}.',
    ),
    variants={
        "digits": Variant(
            Text("名称“{name}”的专名只有阿拉伯数字。", 'The specific part of the name "{name}" is digits only.')
        ),
    },
    check=foreign_letter_or_symbol,
)
