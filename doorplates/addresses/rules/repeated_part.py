"""ADR101."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.chain import division_names
from doorplates.addresses.records import not_retired
from doorplates.addresses.repetition import Repetition
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

FIELDS = ("text", "standard_text")
NAMED_PARTS = ("road", "community", "natural_village", "estate")


def repeated_part(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Address texts that name a division, road or place twice, or divisions in the wrong order.

    ## What it does
    zh: 检查全文和标准地址：开头的政区名称是否重复或上下颠倒，后文是否又写了一遍，道路、村社区、小区是否连写两遍，
        整条地址是否重复。
    en: Looks at the text as received and the standard text: whether the divisions at its beginning are repeated or in
        the wrong order, are named again later, whether road, community or estate is written twice in a row, and
        whether the whole text is.

    ## Why it matters
    zh: 重复、颠倒的部分多由拼接造成，分段和匹配会取错。
    en: Repeated parts come from joining columns; segmentation and matching then take the wrong one.

    ## Example
    zh: `嵊州市剡湖街道嵊州市剡溪路1号` 应为“嵊州市剡湖街道剡溪路1号”。
    en: `嵊州市剡湖街道嵊州市剡溪路1号` should be 嵊州市剡湖街道剡溪路1号.

    ## Fix safety
    zh: 安全：只去掉完全相同的重复部分，或把政区按级别排好，不增加文字。
    en: Safe: only exact repetitions go and divisions are put in the order of their levels; nothing is added.

    ## Trap
    zh: 单位名称里的政区名不是重复，如“剡溪路1号嵊州市人民医院”。
    en: A division in the name of an institution is no repetition: 剡溪路1号嵊州市人民医院.
    """
    estates, institutions = ctx.table("estate_generic_terms")["term"], ctx.table("institution_words")["word"]
    repetition = Repetition(division_names(ctx), tuple(estates), tuple(institutions))
    live = frame[not_retired(frame)]
    tidied = {field: repetition.removed(live[field], live[list(NAMED_PARTS)]) for field in FIELDS}
    changed = {field: text[text.ne(live.loc[text.index, field])] for field, text in tidied.items()}
    ids = changed["text"].index.union(changed["standard_text"].index)
    found = flag(
        frame,
        pd.Series(frame.index.isin(ids), index=frame.index),
        written=live["text"].where(live.index.isin(changed["text"].index), live["standard_text"]),
        tidy=changed["text"].reindex(ids).fillna(changed["standard_text"].reindex(ids)),
    )
    for field, text in changed.items():
        found = found.propose(field, text)
    return found


RULE = Rule(
    code="ADR101",
    name="parts-out-of-order-or-repeated",
    title=Text("地址各部分重复或次序颠倒", "parts of an address repeated or out of order"),
    layers=("addresses",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.SAFE,
    basis="GB/T 35639-2017 地址模型（行政区划名自上而下，地址组件不重复）",
    message=Text(
        "“{written}”有重复或次序颠倒的部分，应为“{tidy}”。",
        '"{written}" repeats parts or has them out of order; it should be "{tidy}".',
    ),
    check=repeated_part,
    uses=("divisions",),
    tables=("division_suffixes", "former_divisions", "known_divisions", "estate_generic_terms", "institution_words"),
)
