"""DOR303."""

from __future__ import annotations

import pandas as pd

from doorplates.steps import steps_along
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def number_jump(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Steps between neighbouring numbers far larger than the road's spacing explains.

    ## What it does
    zh: 沿路比较同侧相邻门牌的号码差与距离。号码差超过配置的最小值，并且远大于距离按编号间距（登记值，未登记的取该路中位数）能解释的号码数，即为跳号。
    en: Compares number and distance of neighbouring plates along a row. A step above the profile's least step and far
        above what the distance explains at the road's spacing (stored, else the road's median) is a jump.

    ## Why it matters
    zh: 跳号多为录错一位数字，也可能中间一段没有登记。
    en: A jump is mostly one digit mistyped, or a stretch that was never registered.

    ## Example
    zh: 23 号旁边就是 `225` 号。
    en: Number `225` stands next to 23.

    ## Fix safety
    zh: 不提出修改：正确号码要查编制档案。
    en: None: the right number is in the numbering file.

    ## Trap
    zh: 预留号码的空地距离较长，会按间距折算，不算跳号。
    en: Vacant land with reserved numbers is long; its distance explains the step.
    """
    steps = steps_along(ctx)
    explained = steps["gap_m"] / steps["spacing_m"]
    jumps = steps[(steps["step"] >= ctx.param("min_step")) & (steps["step"] > ctx.param("factor") * explained)]
    return flag(
        frame,
        pd.Series(True, index=jumps.index),
        related=pd.Series([(f"doorplates:{one}",) for one in jumps["before"]], index=jumps.index, dtype="object"),
        number=frame["number"],
        road=jumps["road_id"].map(ctx.frame("roads")["name"]),
        before=jumps["before"].map(frame["number"]),
        step=jumps["step"],
        gap_m=jumps["gap_m"],
    )


RULE = Rule(
    code="DOR303",
    name="number-jump",
    title=Text("门牌号跳号", "jump of plate numbers"),
    layers=("doorplates",),
    needs=("roads",),
    params=(
        Param("min_step", int, Text("最小跳号数", "least step that can be a jump")),
        Param("factor", float, Text("超过间距所能解释号码数的倍数", "times the numbers that the distance explains")),
    ),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 35639-2017 附录B（资料性）：依次编号，不跳号",
    message=Text(
        "{road}{before}号之后相隔 {gap_m:.0f} 米就是 {number} 号，跳了 {step} 个号。",
        "On {road}, {number} follows {before} after {gap_m:.0f} m: a jump of {step} numbers.",
    ),
    spatial=True,
    check=number_jump,
)
