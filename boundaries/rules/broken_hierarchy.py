"""DIV103."""

from __future__ import annotations

import pandas as pd

from boundaries import codes, series
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def broken_hierarchy(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Divisions whose level, kind, code and parent do not agree.

    ## What it does
    zh: 检查级别与代码是否一致、上级代码是否就是代码所含的上级、上级区划是否在册，以及街道、镇、乡、社区、村的代码是否在各自的号段。
    en: Checks that the level is the one the code says, that the parent code is the one the code contains, that the
        parent is in the register, and that streets, towns, townships, communities and villages have codes of
        their own range.

    ## Why it matters
    zh: 层级断了，汇总、检索和逐级上报都会漏掉这个区划。
    en: A division that is cut off from its parent is left out of sums, searches and hand-overs.

    ## Example
    zh: 代码 330683100201 的上级代码写成 `330683101000`。
    en: The division 330683100201 names `330683101000` as its parent.

    ## Fix safety
    zh: 不提供自动修改：级别、上级、代码都可能是写错的那一个。
    en: None: level, parent or code may be the wrong one.

    ## Trap
    zh: 登记册的最高一级通常没有上级记录，不算错；整个登记册都没有上一级时也不算错。
    en: The register's top level has no parent record; that is no fault, nor is a register without the upper level.
    """
    code = codes.normal(frame["code"])
    level, parent = codes.level_of(code), codes.normal(frame["parent_code"])
    implied = codes.parent_of(code)
    judged = level.notna()
    low = judged & ~level.isin(codes.TOP_LEVELS)
    other_code = series.explained(parent, ctx.history("divisions"), ctx.today)
    misfit = judged & parent.notna() & ~_contains(parent, code) & ~other_code
    lacking = low & parent.isna() & level.isin(set(level[parent.notna()]))
    above = pd.Series(level.map(codes.UPPER), index=frame.index)
    absent = low & ~misfit & ~lacking & ~other_code & ~implied.isin(code) & above.isin(set(level.dropna()))
    mislevelled = judged & frame["level"].notna() & frame["level"].ne(level)
    variant = pd.Series("", index=frame.index, dtype="str")
    for name, wrong in (
        ("kind", _kind_out_of_range(frame, code, level, ctx)),
        ("absent", absent),
        ("no_parent", lacking),
        ("parent", misfit),
        ("level", mislevelled),
        ("no_level", frame["level"].isna()),
    ):
        variant = variant.mask(wrong, name)
    return flag(
        frame,
        variant.ne(""),
        variant=variant,
        name=frame["name"],
        code=frame["code"],
        level=frame["level"],
        code_level=level,
        kind=frame["kind"],
        parent_code=frame["parent_code"],
        parent_due=implied,
    )


def _contains(parent: pd.Series, code: pd.Series) -> pd.Series:
    """Whether ``parent`` is a code of a higher level whose digits ``code`` begins with."""
    digits = parent.str.replace(r"(0{10}|0{8}|0{6}|000)$", "", regex=True)
    width = digits.str.len()
    fits = pd.Series(False, index=code.index)
    for known in (2, 4, 6, 9):
        fits |= width.eq(known) & digits.eq(code.str[:known])
    nearest = codes.parent_of(code).eq(parent) | codes.level_of(code).isin(codes.TOP_LEVELS)
    return fits & nearest & parent.ne(code)


def _kind_out_of_range(frame: pd.DataFrame, code: pd.Series, level: pd.Series, ctx: Context) -> pd.Series:
    """Records outside the code range of their kind, for kinds that mostly keep to it in this register."""
    ranges = ctx.table("division_code_ranges").set_index("kind")
    known = frame["kind"].where(frame["kind"].isin(ranges.index))
    fits_level = level.eq(known.map(ranges["level"]))
    part = code.str[6:9].where(level.eq("township"), code.str[9:12])
    outside = fits_level & ~(part.ge(known.map(ranges["low"])) & part.le(known.map(ranges["high"])))
    share = outside[fits_level].groupby(known[fits_level]).mean()
    return outside & known.map(share).lt(ctx.param("other_series_share")).fillna(False).astype(bool)


RULE = Rule(
    code="DIV103",
    name="parent-missing-or-level-broken",
    title=Text("缺上级区划或层级不符", "parent missing or level broken"),
    layers=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 10114（代码分段与层级）；统计用区划代码编制规则",
    message=Text("“{name}”（{code}）的层级不符。", "The place of {name} ({code}) in the hierarchy is broken."),
    check=broken_hierarchy,
    params=(
        Param(
            "other_series_share",
            float,
            Text(
                "某类区划超出号段的比例达到此值时视为另一编码习惯",
                "share beyond which a kind is held to use other ranges",
            ),
        ),
    ),
    tables=("division_code_ranges",),
    variants={
        "no_level": Variant(
            Text(
                "“{name}”（{code}）没有填写级别，按代码应为 {code_level}。",
                "{name} ({code}) has no level; its code says {code_level}.",
            )
        ),
        "level": Variant(
            Text(
                "“{name}”的级别是 {level}，而代码 {code} 是 {code_level} 级。",
                "{name} has the level {level}, but its code {code} is one of a {code_level}.",
            )
        ),
        "parent": Variant(
            Text(
                "“{name}”（{code}）的上级代码 {parent_code} 与代码不符，应为 {parent_due}。",
                "The parent code {parent_code} of {name} ({code}) does not fit its code; {parent_due} is due.",
            )
        ),
        "no_parent": Variant(
            Text(
                "“{name}”（{code}）没有填写上级代码，应为 {parent_due}。",
                "{name} ({code}) has no parent code; {parent_due} is due.",
            )
        ),
        "absent": Variant(
            Text(
                "“{name}”（{code}）的上级 {parent_due} 不在册。",
                "The parent {parent_due} of {name} ({code}) is not in the register.",
            )
        ),
        "kind": Variant(
            Text(
                "“{name}”是{kind}，而代码 {code} 不在{kind}的号段。",
                "{name} is a {kind}, but its code {code} is outside the range of that kind.",
            )
        ),
    },
)
