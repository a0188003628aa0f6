"""NAM204."""

from __future__ import annotations

import pandas as pd

from gazetteer.records import among
from gazetteer.split import TABLE, infer, kind_of
from gazetteer.text import BROKEN, core, plain
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def split_differs(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Specific and generic part that do not make the name.

    ## What it does
    zh: 专名加通名应恰为名称；两栏都空的不查。
    en: The specific and the generic part should make the name; records with neither are not checked.

    ## Why it matters
    zh: 上报、制牌和拼写都按专名、通名两栏取值，拼不回名称就会出现两个名称。
    en: Reports, signs and spelling use the two parts; where they do not make the name, two names are about.

    ## Example
    zh: 名称 `剡溪北路`，专名“剡溪”、通名“路”，应为“剡溪北”加“路”或“剡溪”加“北路”。
    en: The name `剡溪北路` with the parts 剡溪 and 路: it should be 剡溪北 and 路, or 剡溪 and 北路.

    ## Fix safety
    zh: 需复核：以名称为准，按登记的通名或通名表重新拆分。
    en: Review: the name is believed and divided anew by the recorded generic part or by the list of terms.

    ## Trap
    zh: 错的也可能是名称本身，改前请核对批文；名称缺字的归 NAM104，缺通名的归 NAM109。
    en: It may be the name that is wrong; check the approval first. A name with a lost character is NAM104, one that
        lacks its generic part is NAM109.
    """
    name, specific, generic = (plain(frame[column]) for column in ("name", "specific", "generic"))
    name = core(name, ctx.setting("provisional_marks"))
    joined = specific.fillna("") + generic.fillna("")
    judged = name.notna() & (joined != "") & ~name.str.contains(BROKEN, regex=True, na=False)
    suspect = frame.index[judged & (name != joined)]
    ends = pd.Series(
        [_ends_in(whole, end) for whole, end in zip(name[suspect], generic[suspect], strict=True)],
        index=suspect,
        dtype="bool",
    )
    wrong = suspect[~(specific[suspect].isna() & ends)]
    found = infer(name[wrong], kind_of(frame)[wrong], ctx.table(TABLE))
    unfinished = found["generic"].isna() & (name[wrong] == specific[wrong])
    wrong, found = wrong[~unfinished], found[~unfinished]
    recorded = generic[wrong].where(ends[wrong])
    head = pd.Series(
        [
            whole[: -len(end)] if isinstance(end, str) else None
            for whole, end in zip(name[wrong], recorded, strict=True)
        ],
        index=wrong,
        dtype="str",
    )
    new_specific, new_generic = head.fillna(found["specific"]), recorded.fillna(found["generic"])
    findings = flag(
        frame,
        pd.Series(among(frame.index, wrong), index=frame.index),
        name=frame["name"],
        specific=frame["specific"],
        generic=frame["generic"],
    )
    return findings.propose("specific", new_specific.where(new_specific != specific[wrong])).propose(
        "generic", new_generic.where(new_generic != generic[wrong])
    )


def _ends_in(whole: str, end: str | float) -> bool:
    """Whether the generic part ``end`` (missing: no) closes the name with something before it."""
    return isinstance(end, str) and len(whole) > len(end) and whole.endswith(end)


RULE = Rule(
    code="NAM204",
    name="split-differs",
    title=Text("专名加通名与名称不符", "specific and generic part do not make the name"),
    layers=("place_names", "roads"),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第九条；地名普查登记表",
    tables=(TABLE,),
    message=Text(
        "专名“{specific}”加通名“{generic}”与名称“{name}”不符。",
        'The specific part "{specific}" and the generic part "{generic}" do not make the name "{name}".',
    ),
    check=split_differs,
)
