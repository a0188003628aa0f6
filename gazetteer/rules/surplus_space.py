"""NAM102."""

from __future__ import annotations

import pandas as pd

from gazetteer.text import INVISIBLE
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

SPACE = r"[\s\u3000]+"


def surplus_space(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names with spaces or invisible characters that do not belong there.

    ## What it does
    zh: 找出名称首尾的空格、连续空格、汉字之间的空格、制表符，以及零宽字符等看不见的字符。
    en: Finds spaces at either end, doubled spaces, spaces next to Chinese characters, tabs, and zero-width or
        other invisible characters in a name.

    ## Why it matters
    zh: 看起来相同的两个名称在查重、匹配和上报时会被当成两个名称。
    en: Two names that look the same are taken for two names by duplicate checks, matching and hand-over.

    ## Example
    zh: `滨 江路` 应为 `滨江路`。
    en: `滨 江路` should be `滨江路`.

    ## Fix safety
    zh: 安全：只去掉空白和不可见字符，不改任何一个字。
    en: Safe: only blanks and invisible characters go, no character of the name is changed.

    ## Trap
    zh: 空格有时是漏掉了一个生僻字留下的，请对照原件。
    en: A blank may be where a rare character was lost; compare with the original document.
    """
    name = frame["name"]
    cleaned = (
        name.str.replace(INVISIBLE, "", regex=True)
        .str.replace(SPACE, " ", regex=True)
        .str.replace(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", regex=True)
        .str.strip()
    )
    return flag(frame, name.notna() & name.ne(cleaned), name=name, cleaned=cleaned).propose("name", cleaned)


RULE = Rule(
    code="NAM102",
    name="surplus-space",
    title=Text("名称中有多余空格或不可见字符", "surplus space or invisible character in a name"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.SAFE,
    basis="地名管理条例（2022）第九条第（三）项；用字规范",
    message=Text(
        "名称“{name}”中有多余的空格或不可见字符，应为“{cleaned}”。",
        'The name "{name}" has surplus blanks or invisible characters; it should be "{cleaned}".',
    ),
    check=surplus_space,
)
