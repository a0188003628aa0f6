"""DOR501."""

from __future__ import annotations

import pandas as pd

from doorplates.identity import IDENTITY, as_related, identities
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def retired_or_reserved_number(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plates in use with a number that another record cancelled or reserves.

    ## What it does
    zh: 在用或临时门牌与另一条已注销或预留的门牌，道路（地名）、号码、幢、单元、室都相同的，列出在用的那一块。
    en: Reports a plate in use or temporary whose road (or place), number, building, unit and room are those of another
        record that is cancelled or reserved.

    ## Why it matters
    zh: 注销的号码留作历史记录，预留的号码留给规划的房屋，随意启用会使新旧地址相混。
    en: Cancelled numbers stay as a record of history, reserved ones wait for planned houses; used at will, old and new
        addresses are mixed up.

    ## Example
    zh: 已注销的 `36` 号又发给了另一处。
    en: The cancelled number `36` was issued again elsewhere.

    ## Fix safety
    zh: 不提出修改：恢复旧牌、改号还是终止预留，由人决定。
    en: None: whether to restore the old plate, renumber or end the reservation is for people to decide.

    ## Trap
    zh: 原址重建沿用旧号的，应终止旧记录（填失效日期），而不是留着一条“已注销”。
    en: Where a rebuilt house keeps its number, the old record should be ended, not left as cancelled.
    """
    plates = identities(ctx).assign(status=frame["status"], id=frame.index)
    plates = plates[plates["holder"].notna() & plates["written"].ne("")]
    used = plates[plates["status"].isin(["in_use", "temporary"])]
    blocked = plates[plates["status"].isin(["cancelled", "reserved"])].sort_values(["status", "id"])
    by = blocked.groupby(IDENTITY).agg(others=("id", tuple), state=("status", "first")).reset_index()
    joined = used[[*IDENTITY, "id"]].merge(by, on=IDENTITY).set_index("id")
    return flag(
        frame,
        pd.Series(True, index=joined.index),
        variant=joined["state"],
        related=as_related(joined["others"], "doorplates"),
        number=frame["number"],
    )


RULE = Rule(
    code="DOR501",
    name="retired-or-reserved-number-in-use",
    title=Text("启用了已注销或预留的号码", "retired or reserved number in use"),
    layers=("doorplates",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="自定：注销号码留存、预留号码专用（参照江门市门楼牌管理规定2023）",
    message=Text("{number}号不能启用。", "Number {number} must not be in use."),
    variants={
        "cancelled": Variant(Text("{number}号已注销，又在使用。", "Number {number} was cancelled but is in use.")),
        "reserved": Variant(Text("{number}号是预留号，已被使用。", "Number {number} is reserved but in use.")),
    },
    check=retired_or_reserved_number,
)
