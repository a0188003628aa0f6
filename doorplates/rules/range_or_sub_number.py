"""DOR103."""

from __future__ import annotations

import pandas as pd

from doorplates.grammar import QUESTIONS
from doorplates.identity import identities
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

NEXT_OF_SAME_PARITY = 2


def range_or_sub_number(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Numbers that can be a range or a sub-number, several numbers on one plate, chains of numbers.

    ## What it does
    zh: 后一个数比前一个大且单双相同的“12-18”既可能是区段，也可能是附号；“205、207”“12-3-501”也有两种读法。只提问，不猜测。同一号码下已有连续的附号（如 1-2）时，1-3 就是附号，不再提问。
    en: 12-18, where the second number is larger and of the same parity, can be a range or a sub-number; 205、207 and
        12-3-501 can be read in two ways too. It asks and never guesses. Where the sub-numbers lead up to it (1-2 before
        1-3), it is a sub-number and nothing is asked.

    ## Why it matters
    zh: 区段占用中间的号码，附号不占用；读错会造成重号或漏号。
    en: A range takes the numbers between, a sub-number does not; a wrong reading makes duplicates or gaps.

    ## Example
    zh: `12-18` 是 12 号至 18 号，还是 12 号附 18？
    en: Is `12-18` the numbers 12 to 18, or sub-number 18 of 12?

    ## Fix safety
    zh: 不提出修改：答案在现场。区段写作“12~18”，附号写作“12附18”，即不再提问。
    en: None: the answer is on the spot. Written 12~18 (range) or 12附18 (sub-number), it is not asked again.

    ## Trap
    zh: 同一条路上两种写法可能并存。
    en: Both uses may occur on one road.
    """
    plates = identities(ctx)
    certain = plates["sub"].where(plates["kind"].eq("sub"))
    highest = certain.groupby([plates["holder"], plates["main"]]).transform("max")
    led_up_to = highest + NEXT_OF_SAME_PARITY >= plates["sub"]
    settled = plates["kind"].eq("range_or_sub") & led_up_to.fillna(False).astype(bool)
    asked = plates["question"].notna() & ~settled & frame["status"].ne("cancelled")
    variant = plates["question"].where(plates["question"].ne("range_or_sub"), "")
    return flag(frame, asked, variant=variant, number=frame["number"])


RULE = Rule(
    code="DOR103",
    name="range-or-sub-number",
    title=Text("区段还是附号，需确认", "range or sub-number: to be told"),
    layers=("doorplates",),
    level=Level.QUESTION,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="自定：浙江门牌登记有“号码区段”一项，写法与附号相同",
    message=QUESTIONS["range_or_sub"],
    variants={name: Variant(QUESTIONS[name]) for name in ("list", "chain")},
    check=range_or_sub_number,
)
