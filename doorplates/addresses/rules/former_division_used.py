"""ADR202."""

from __future__ import annotations

import re

import pandas as pd

from doorplates.addresses.chain import DivisionNames, division_names
from doorplates.addresses.divisions import former_divisions
from doorplates.addresses.records import not_retired
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

SEGMENT_LEVELS = {"county": "county", "township": "township", "community": "village"}
TEXTS = ("text", "standard_text")


def former_division_used(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Addresses that name a division which was abolished or renamed.

    ## What it does
    zh: 在地址的县、乡镇街道、村社区各段以及全文、标准地址开头的政区名称中，查找已撤销或更名的政区。
        依据登记册中已失效的政区和配置中的沿革表，并给出现政区和变更时间。现仍在用的名称不报告。
    en: Looks for abolished or renamed divisions in the county, township and community of an address and in the chain
        of divisions its texts begin with, by the ended divisions of the register and the profile's table of former
        divisions; names the successor and the date. A name that a division in force bears is not reported.

    ## Why it matters
    zh: 旧政区名称会使地址无法与现行政区、道路和门牌对应。
    en: An address with a former division cannot be matched with today's divisions, roads and doorplates.

    ## Example
    zh: `嵊州市北漳镇楼岙村12号` 应为“嵊州市金庭镇楼岙村12号”，北漳镇 2019 年并入金庭镇。
    en: `嵊州市北漳镇楼岙村12号` should be 嵊州市金庭镇楼岙村12号: 北漳镇 was merged into 金庭镇 in 2019.

    ## Fix safety
    zh: 安全：只有旧政区整体并入一个现政区时才替换政区名称，其余文字不动；一分为几的不提出修改。
    en: Safe: the name is replaced only where the former division went to one successor as a whole; nothing else of
        the text is touched. Where it was split among several, no repair is proposed.

    ## Trap
    zh: 道路、桥梁、单位名称中的旧地名（如“嵊县路”）不是政区；变更记录保留原收到的文字。
    en: A former name inside the name of a road, bridge or firm (嵊县路) is no division. The change log keeps the text
        as it was received.
    """
    former = former_divisions(ctx)
    names = division_names(ctx)
    olds: dict[str, list[str]] = {}
    repaired: dict[str, pd.Series] = {}
    live = frame[not_retired(frame)]
    for field, level in SEGMENT_LEVELS.items():
        heirs = former[former["level"].eq(level)].set_index("name")["successor"]
        hit = live.loc[live[field].isin(heirs.index), field]
        repaired[field] = hit.map(heirs)
        for key, old in hit.items():
            olds.setdefault(str(key), []).append(old)
    heirs = former[former["level"].isin(["county", "township"])].drop_duplicates("name").set_index("name")["successor"]
    pattern = "|".join(map(re.escape, heirs.index))
    for field in TEXTS if pattern else ():
        hit = live.loc[live[field].str.contains(pattern, regex=True).fillna(False).astype(bool), field]
        heads = names.heads(hit)
        for head in heads.unique():
            written = [link for link in names.links(head) if link in heirs.index]
            for key in heads.index[heads.eq(head)] if written else ():
                olds.setdefault(str(key), []).extend(written)
        repaired[field] = _succeeded(hit, heads, names, heirs)
    facts = former.drop_duplicates("name").set_index("name")
    unique = {key: list(dict.fromkeys(found)) for key, found in olds.items()}
    found = flag(
        frame,
        pd.Series(frame.index.isin(unique), index=frame.index),
        former=pd.Series(unique, dtype="object"),
        successor=pd.Series({key: _facts(facts["successor"], said) for key, said in unique.items()}, dtype="object"),
        ended_on=pd.Series({key: _facts(facts["ended_on"], said) for key, said in unique.items()}, dtype="object"),
    )
    for field, values in repaired.items():
        found = found.propose(field, values.where(values.ne(frame[field].reindex(values.index))))
    return found


def _facts(column: pd.Series, names: list[str]) -> list[str]:
    return [str(value) for value in column[names] if pd.notna(value)] or ["—"]


def _succeeded(texts: pd.Series, heads: pd.Series, names: DivisionNames, heirs: pd.Series) -> pd.Series:
    """Texts with former names in their head replaced by the successor, which is not written twice."""
    rewritten = {}
    for head in heads.unique():
        links = names.links(head)
        new = head
        for old in links:
            heir = heirs.get(old)
            if isinstance(heir, str):
                new = new.replace(old, "" if heir in links else heir, 1)
        rewritten[head] = new
    tails = [text[len(head) :] for text, head in zip(texts, heads, strict=True)]
    return pd.Series(
        [rewritten[head] + tail for head, tail in zip(heads, tails, strict=True)], texts.index, dtype="str"
    )


RULE = Rule(
    code="ADR202",
    name="former-division-used",
    title=Text("地址使用已撤销或更名的政区", "former division in an address"),
    layers=("addresses",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.SAFE,
    basis="行政区划管理条例；地名管理条例（2022）第十八条（使用标准地名）",
    message=Text(
        "地址使用了已撤销或更名的政区{former}（{ended_on}），现为{successor}。",
        "The address names the former division {former} (until {ended_on}); it is now {successor}.",
    ),
    check=former_division_used,
    uses=("divisions",),
    tables=("division_suffixes", "former_divisions", "known_divisions"),
)
