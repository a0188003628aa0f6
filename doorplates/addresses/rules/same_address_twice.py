"""ADR403."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.records import used
from doorplates.addresses.text import comparable, looked_up, same_sub_numbers
from gazetteer.records import one_per_group
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def same_address_twice(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Current addresses whose standard text, or text where they have none, is the same.

    ## What it does
    zh: 在现行地址中查找标准地址相同的记录；没有标准地址的按地址全文比较。全角半角、空格、附号写法的差别不算不同。
    en: Finds current addresses with the same standard text; where there is none, the text as received is compared.
        Width, blanks and the writing of sub-numbers make no difference.

    ## Why it matters
    zh: 同一时间一个地址只能指向一处（GB/T 35639-2017）。
    en: At one time an address stands for one object only (GB/T 35639-2017).

    ## Example
    zh: 两条记录的标准地址都是 `嵊州市剡湖街道剡溪路1号`。
    en: Two records have the standard text `嵊州市剡湖街道剡溪路1号`.

    ## Fix safety
    zh: 不提出修改：删去哪一条由人决定。
    en: No repair is proposed: a person decides which record goes.

    ## Trap
    zh: 同一处可以有几个不同的地址，那不是重复；规划的和已停用的地址不参加比较。
    en: One object may have several different addresses; that is no repetition. Planned and retired addresses do not
        take part.
    """
    current = frame[used(frame)]
    text = same_sub_numbers(comparable(current["text"]))
    standard = same_sub_numbers(comparable(current["standard_text"]))
    by_text = standard.groupby(text)
    one_standard = by_text.first().where(by_text.nunique().eq(1))
    key = standard.fillna(looked_up(text, one_standard)).fillna(text)
    shared = key[key.notna() & key.duplicated(keep=False)]
    records = pd.DataFrame({"layer": "addresses", "record_id": shared.index, "address": shared.to_numpy()})
    faults = one_per_group(records, ["address"]).drop(columns="layer")
    faults["records"] = faults["address"].map(shared.value_counts())
    faults["geometry"] = frame["geometry"].reindex(faults["record_id"]).to_numpy()
    return flag_faults(faults, frame)


RULE = Rule(
    code="ADR403",
    name="same-address-twice",
    title=Text("地址重复", "same address twice"),
    layers=("addresses",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 35639-2017 地址模型（同一时间一个地址对应一个对象）",
    message=Text("现行地址“{address}”有 {records} 条记录。", 'The current address "{address}" has {records} records.'),
    check=same_address_twice,
)
