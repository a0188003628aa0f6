"""DOR401."""

from __future__ import annotations

import pandas as pd

from doorplates.identity import IDENTITY, as_related, groups_of, identities
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

IN_FORCE = ("in_use", "temporary")


def same_number_twice(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plates in force that have the same number on the same road or in the same place.

    ## What it does
    zh: 在用和临时门牌中，同一道路（或同一自然村、住宅区）、同一号码、幢、单元、室出现两次的，每组报一条。号码按读出的意思比较：012、12号与 12 相同，12之1 与 12-1 相同。
    en: Among plates in use or temporary, reports each group with one road (or village, estate), number, building, unit
        and room. Numbers are compared by what they mean: 012, 12号 and 12 are one, 12之1 and 12-1 are one.

    ## Why it matters
    zh: 一个地址只能指一处；重号使送信、登记和产权证明出错。
    en: One address refers to one object; a duplicate misleads post, registration and proofs of property.

    ## Example
    zh: 同一条路上有两块 `128`。
    en: Two plates `128` on one road.

    ## Fix safety
    zh: 不提出修改：哪一块该改要看档案和现场。
    en: None: which of them must change is in the files and on the spot.

    ## Trap
    zh: 一个号码有几个门时，应编附号，而不是重号。
    en: Several doors of one number need sub-numbers, not the same number.
    """
    plates = identities(ctx)
    held = plates[frame["status"].isin(IN_FORCE) & plates["holder"].notna() & plates["written"].ne("")]
    groups = groups_of(held, IDENTITY)
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": groups["record_id"],
                "related": as_related(groups["others"], "doorplates"),
                "number": groups["written"],
                "holder": groups["holder"],
                "plates": groups["ids"].map(len),
                "geometry": frame["geometry"].reindex(groups["record_id"]).to_numpy(),
            }
        ),
        frame,
    )


RULE = Rule(
    code="DOR401",
    name="same-number-twice",
    title=Text("门牌重号", "same number twice"),
    layers=("doorplates",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 35639-2017 附录B：不重号；宁波市地名管理条例第二十三条",
    message=Text(
        "同一道路或地名（{holder}）下有 {plates} 块 {number} 号。",
        "{plates} plates have number {number} on the same road or place ({holder}).",
    ),
    check=same_number_twice,
)
