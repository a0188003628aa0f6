"""DOR502."""

from __future__ import annotations

import pandas as pd

from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

IMPOSSIBLE = ("planned", "abolished")


def status_pair_impossible(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plates in use on a road that is planned or abolished.

    ## What it does
    zh: 找出状态为在用、而所编道路仍在规划或已废止的道路门牌。
    en: Finds road plates in use whose road is still planned or abolished.

    ## Why it matters
    zh: 路名未批准或已废止，这样的地址没有依据。
    en: The road's name is not approved, or no longer valid: the address has no basis.

    ## Example
    zh: `128` 号在用，而道路已废止。
    en: Number `128` is in use while its road is abolished.

    ## Fix safety
    zh: 不提出修改：可能是道路状态没有更新，也可能门牌应换编到新路名。
    en: None: the road's status may be out of date, or the plate must move to the new name.

    ## Trap
    zh: 道路先编牌后批准的，请补办批准，不要把门牌改成预留。
    en: Where plates were issued before approval, get the approval; do not turn the plates into reserved ones.
    """
    state = frame["road_id"].map(ctx.frame("roads")["status"])
    wrong = frame["kind"].eq("road") & frame["status"].eq("in_use") & state.isin(IMPOSSIBLE)
    return flag(
        frame,
        wrong,
        variant=state,
        related=frame["road_id"].map(lambda one: (f"roads:{one}",)).astype("object"),
        number=frame["number"],
        road=frame["road_id"].map(ctx.frame("roads")["name"]),
    )


RULE = Rule(
    code="DOR502",
    name="status-pair-impossible",
    title=Text("门牌与道路状态矛盾", "plate and road status contradict"),
    layers=("doorplates",),
    needs=("roads",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="自定：门牌依附于有效的道路名称",
    message=Text("{number}号在用，而{road}无效。", "Number {number} is in use, but {road} is not valid."),
    variants={
        "planned": Variant(
            Text("{number}号在用，而{road}尚在规划。", "Number {number} is in use, but {road} is only planned.")
        ),
        "abolished": Variant(
            Text("{number}号在用，而{road}已废止。", "Number {number} is in use, but {road} is abolished.")
        ),
    },
    check=status_pair_impossible,
)
