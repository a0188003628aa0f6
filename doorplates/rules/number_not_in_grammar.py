"""DOR101."""

from __future__ import annotations

import pandas as pd

from doorplates.along import plate_numbers
from doorplates.grammar import STEMS, parse_numbers
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

KERNEL = rf"^[^0-9临附{STEMS}]*([临附{STEMS}]?[0-9][0-9\-之附弄组{STEMS}]*)(?:路|号[^0-9]*|[(（].*)?$"


def number_not_in_grammar(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plate numbers that the grammar cannot read.

    ## What it does
    zh: 检查门牌号是否为空，能否按门牌写法读懂：数字、临、甲乙丙丁、附、之、弄、组、幢、单元、室和区段；读不懂的一律列出。
    en: Checks that the number is there and can be read: digits, 临, stems, 附, 之, 弄, 组, 幢, 单元, 室 and ranges.
        Anything else is reported.

    ## Why it matters
    zh: 读不懂的号码无法排序、查重，也无法编写标准地址。
    en: A number that cannot be read cannot be ordered, compared or written into a standard address.

    ## Example
    zh: `497路` 是 497 号的笔误。
    en: `497路` is a slip for number 497.

    ## Fix safety
    zh: 需复核：只在去掉路名、括注等多余文字后剩下唯一读得懂的号码时，建议改成该号码。
    en: Review: proposes the number that is left when a road name, a remark or the like is taken off, if it can be read.

    ## Trap
    zh: 多余的文字有时是真正的内容（如另一条路的路名），请看原件。
    en: The surplus text may be the real content (the name of another road); look at the document.
    """
    number = frame["number"]
    wrong = plate_numbers(ctx)["legal"].eq(False)
    found = flag(frame, wrong, variant=pd.Series("", index=frame.index).mask(number.isna(), "missing"), number=number)
    kernel = number[wrong].str.normalize("NFKC").str.extract(KERNEL, expand=False)
    proposed = parse_numbers(kernel)
    return found.propose("number", proposed["canonical"].where(proposed["legal"].eq(True)))


RULE = Rule(
    code="DOR101",
    name="number-not-in-grammar",
    title=Text("门牌号写法读不懂", "plate number cannot be read"),
    layers=("doorplates",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="GB/T 35639-2017 附录B；门牌登记",
    message=Text("门牌号“{number}”不是门牌的写法。", 'The number "{number}" is not how a plate is written.'),
    variants={"missing": Variant(Text("门牌号为空。", "The number is empty."))},
    check=number_not_in_grammar,
)
