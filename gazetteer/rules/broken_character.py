"""NAM104."""

from __future__ import annotations

import re

import pandas as pd

from gazetteer.text import BROKEN, plain
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

MOJIBAKE = r"锟斤拷|烫烫|屯屯"


def broken_character(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names in which a character was lost.

    ## What it does
    zh: 找出替换符、私用区字符、问号、方框、控制字符，以及“锟斤拷”之类的乱码。
    en: Finds replacement characters, private-use characters, question marks, boxes, control characters, and
        well-known debris of wrong decoding such as 锟斤拷.

    ## Why it matters
    zh: 生僻字在导出、转码时最容易丢失，丢了就不再是那个地名。
    en: Rare characters are the first to get lost in an export or a change of encoding, and the name with them.

    ## Example
    zh: `?浦路`，专名“嶀浦”、通名“路”仍在，应为 `嶀浦路`。
    en: `?浦路`, while the specific part 嶀浦 and the generic part 路 are still there: it should be `嶀浦路`.

    ## Fix safety
    zh: 需复核：只有专名、通名两栏拼起来恰好补上缺字时才提出。
    en: Review: proposed only where the two recorded parts fill exactly the gap.

    ## Trap
    zh: 私用区字符在某一台电脑上可能显示正常，换一台就不同。
    en: A private-use character may look right on one computer and differ on the next.
    """
    name = frame["name"]
    broken = name.str.contains(f"{BROKEN}|{MOJIBAKE}", regex=True, na=False)
    whole = (plain(frame["specific"]) + plain(frame["generic"]))[broken]
    whole = whole[[_fills(full, damaged) for full, damaged in zip(whole, name[broken], strict=True)]]
    return flag(frame, broken, name=name, restored=whole.reindex(frame.index)).propose("name", whole)


def _fills(whole: str | float, damaged: str) -> bool:
    """Whether ``whole`` is ``damaged`` with one sound character in the place of each broken one."""
    if not isinstance(whole, str) or re.search(BROKEN, whole):
        return False
    pattern = "".join("." if re.match(BROKEN, char) else re.escape(char) for char in damaged)
    return re.fullmatch(pattern, whole) is not None


RULE = Rule(
    code="NAM104",
    name="broken-character",
    title=Text("名称中有乱码或缺字", "broken or lost character in a name"),
    layers=("place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第九条第（三）项；用字规范",
    message=Text(
        "名称“{name}”中有乱码或丢失的字；由专名、通名两栏推得：{restored}。",
        'The name "{name}" has a broken or lost character; restored from its recorded parts: {restored}.',
    ),
    check=broken_character,
)
