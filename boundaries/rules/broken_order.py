"""MRK401."""

from __future__ import annotations

import pandas as pd

from boundaries import markers
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def broken_order(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Markers whose serial does not fit its place along the line.

    ## What it does
    zh: 把界桩按沿线位置排开，序号应一路递增或一路递减；只报告最少的几颗乱序界桩，并指出与谁颠倒。
    en: Puts the markers in order along the line, where serials must rise or fall throughout; the fewest that break the order
        are told, with those they are exchanged with.

    ## Why it matters
    zh: 序号乱了，实地找桩、走向说明和联检记录都会对错桩。
    en: With serials out of order, field work, the description of the line and inspections take one stone for another.

    ## Example
    zh: 沿线序号是1、2、`40`、4、5。
    en: Along the line the serials are 1, 2, `40`, 4, 5.

    ## Fix safety
    zh: 不提供自动修改：可能是序号错，也可能是坐标错。
    en: None: the serial or the position may be wrong.

    ## Trap
    zh: 起编方向不作假定；三交点另有编号，不参加；重号由 MRK402 报告。
    en: The direction of numbering is not assumed; tri-points have numbers of their own; repeated ones are MRK402's.
    """
    found = markers.misplaced(ctx)
    again = markers.repeated(ctx)["markers"].explode()
    found = _smaller_of_exchanged(found[~found["marker"].isin(again)]).drop_duplicates("marker").set_index("marker")
    return flag(
        frame,
        pd.Series(frame.index.isin(found.index), index=frame.index),
        key=found["line"],
        related=found["conflicts"].map(lambda ids: tuple(f"markers:{one}" for one in ids)),
        number=frame["number"],
        line=found["line"],
        serial=frame["serial"].astype("object"),
        others=found["conflicts"].map(lambda ids: [frame.at[one, "number"] for one in ids]),
    )


def _smaller_of_exchanged(found: pd.DataFrame) -> pd.DataFrame:
    """Where just two markers are exchanged either may be the wrong one: the smaller id is named."""
    pairs = [
        sorted((one, *conflicts)) if len(conflicts) == 1 else [one, *conflicts]
        for one, conflicts in zip(found["marker"], found["conflicts"], strict=True)
    ]
    return found.assign(marker=[one[0] for one in pairs], conflicts=[tuple(one[1:]) for one in pairs])


RULE = Rule(
    code="MRK401",
    name="order-broken-along-line",
    title=Text("界桩序号与沿线次序不符", "marker serials out of order"),
    layers=("markers",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 17796（界桩沿线顺序编号）",
    message=Text(
        "界线 {line} 上界桩 {number} 的序号 {serial} 与沿线次序不符，与 {others} 颠倒。",
        "The serial {serial} of marker {number} is out of order along line {line}; it is exchanged with that of {others}.",
    ),
    check=broken_order,
    needs=("boundary_lines",),
    spatial=True,
)
