"""NAM303."""

from __future__ import annotations

import pandas as pd
import shapely

from gazetteer.renaming import rename
from gazetteer.spellings import NEEDED_TABLES
from gazetteer.split import parts_of
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

SIZES = "road_generic_sizes"
GONE = ("historic", "abolished")


def generic_term_does_not_fit(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Roads whose width or length does not fit their generic term.

    ## What it does
    zh: 按配置的通名标准比较道路的宽度和长度；没有当地标准时只查“大道”“大街”。
    en: Compares width and length of a road with the profile's table of generic terms; where there is no local table
        only 大道 and 大街 are judged.

    ## Why it matters
    zh: 通名应与道路规模相符，小路称大道属“大”。
    en: The generic term should fit the size; a lane called 大道 (avenue) is exaggerated.

    ## Example
    zh: `剡溪大道` 宽 6 米。
    en: `剡溪大道` is 6 m wide.

    ## Fix safety
    zh: 需复核：建议改用配置中的普通通名；宽度也可能填错，更名要按程序办理。
    en: Review: the profile's plain term is proposed; the width may be wrong, and renaming takes its procedure.

    ## Trap
    zh: 大城市的标准不适用于县城：浙江县城获批的“路”宽 5 至 25 米，所以默认表只列明显过小的大道、大街。
    en: The tables of big cities do not fit a county: roads approved as 路 in Zhejiang counties are 5 to 25 m wide, so
        the default lists only avenues that are clearly too small.
    """
    sizes = ctx.table(SIZES).set_index("term").drop(columns="source").astype("float64")
    generic = parts_of(ctx)["generic"]
    limits = sizes.reindex(generic).set_axis(frame.index)
    length = pd.Series(shapely.length(frame.geometry.to_numpy()), index=frame.index)
    length = length.where(length > 0)
    width = frame["width_m"]
    too_narrow, too_wide = width < limits["min_width_m"], width > limits["max_width_m"]
    too_short, too_long = length < limits["min_length_m"], length > limits["max_length_m"]
    by_width = too_narrow | too_wide
    variant = pd.Series("", index=frame.index, dtype="str").mask(~by_width, "length")
    wrong = (by_width | too_short | too_long) & ~frame["status"].isin(GONE)
    fitting = (parts_of(ctx)["specific"] + ctx.param("plain_term")).where(wrong & (too_narrow | too_short))
    findings = flag(frame, wrong, variant=variant, name=frame["name"], generic=generic, width_m=width, length_m=length)
    return rename(findings, ctx, fitting)


RULE = Rule(
    code="NAM303",
    name="generic-term-does-not-fit",
    title=Text("通名与道路规模不符", "generic term does not fit the road"),
    layers=("roads",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名管理条例（2022）第九条第（二）项；各地道路命名规则",
    params=(Param("plain_term", str, Text("建议改用的通名", "generic term proposed instead")),),
    tables=(*NEEDED_TABLES, SIZES),
    spatial=True,
    message=Text(
        "“{name}”宽 {width_m:.1f} 米，与通名“{generic}”不符。",
        '"{name}" is {width_m:.1f} m wide, which does not fit the generic term {generic}.',
    ),
    variants={
        "length": Variant(
            Text(
                "“{name}”长 {length_m:.0f} 米，与通名“{generic}”不符。",
                '"{name}" is {length_m:.0f} m long, which does not fit the generic term {generic}.',
            )
        )
    },
    check=generic_term_does_not_fit,
)
