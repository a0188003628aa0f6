"""NAM205."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from gazetteer.split import TABLE, parts_of
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

GROUPS, OF_KIND, OF_GENERIC = "category_groups", "category_of_kind", "category_of_generic"


def category_inconsistent(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Category codes that are unknown, or against the kind, the generic part or the geometry.

    ## What it does
    zh: 类别代码应为 5 位数字、属于已知大类，并与地名类型、通名（山、溪、水库等）、图形（居民点、建筑物、单位不是线）一致。
    en: A category code should be five digits of a known group, and agree with the kind, with generic parts such as 山,
        溪, 水库, and with the geometry (settlements, buildings and units are no lines).

    ## Why it matters
    zh: 类别是地名代码的一部分，填错就编错码、归错类。
    en: The category is part of the place code; a wrong one gives a wrong code and a wrong statistic.

    ## Example
    zh: 自然村 `王村` 的类别是 `13100`（陆地地形），应为 `22200`。
    en: The natural village `王村` has the category `13100` (land form); it should be `22200`.

    ## Fix safety
    zh: 需复核：类型和通名只对应一个类别时才提出。
    en: Review: proposed only where kind and generic part have one category.

    ## Trap
    zh: GB/T 18521 的类别表没有公开全文，大类的划分部分凭经验，可在配置的表中修改。
    en: The full table of GB/T 18521 is not public; part of the grouping is from experience and can be changed in the
        profile's tables.
    """
    groups = ctx.table(GROUPS).set_index("prefix")
    category, kind = frame["category"].str.strip(), frame["kind"]
    parts = parts_of(ctx)
    prefix = category.str[:2]
    known = category.str.fullmatch(r"\d{5}", na=False) & prefix.isin(groups.index)
    allowed = groups["kinds"].str.split(";").explode()
    fitting = pd.MultiIndex.from_arrays([prefix, kind]).isin(pd.MultiIndex.from_arrays([allowed.index, allowed]))
    against_kind = known & kind.notna() & (kind != "other") & ~fitting
    generics = ctx.table(OF_GENERIC).set_index(["kind", "generic"])["prefix"]
    due = _looked_up(generics, kind, parts["generic"])
    against_generic = known & due.notna() & (due != prefix)
    lines = pd.Series(shapely.get_dimensions(frame.geometry.to_numpy()) == 1, index=frame.index)
    against_geometry = known & lines & prefix.isin(groups.index[groups["lines"] == "no"])
    conditions = [category.notna() & ~known, against_kind, against_generic, against_geometry]
    variant = pd.Series(np.select(conditions, ["", "kind", "generic", "geometry"], "fine"), index=frame.index)
    codes = ctx.table(OF_KIND).set_index(["kind", "generic"])["category"]
    right = _looked_up(codes, kind, parts["generic"]).fillna(_looked_up(codes, kind, pd.Series("*", index=frame.index)))
    wrong = variant != "fine"
    return flag(
        frame,
        wrong,
        variant=variant,
        name=frame["name"],
        category=category,
        group=groups["name"].reindex(prefix).set_axis(frame.index),
        kind=kind,
        generic=parts["generic"],
        right=right,
    ).propose("category", right.where(wrong & (right != category)))


def _looked_up(table: pd.Series, kind: pd.Series, generic: pd.Series) -> pd.Series:
    """Value of ``table`` (by kind and generic part) for each record."""
    return pd.Series(
        table.reindex(pd.MultiIndex.from_arrays([kind, generic])).to_numpy(), index=kind.index, dtype="str"
    )


RULE = Rule(
    code="NAM205",
    name="category-inconsistent",
    title=Text("类别代码不一致", "category code unknown or inconsistent"),
    layers=("place_names",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="GB/T 18521-2001 地名分类与类别代码编制规则",
    tables=(TABLE, GROUPS, OF_KIND, OF_GENERIC),
    message=Text("“{name}”的类别代码 {category} 不存在。", 'The category code {category} of "{name}" does not exist.'),
    variants={
        "kind": Variant(
            Text(
                "“{name}”的类别 {category}（{group}）与地名类型 {kind} 不符，应为：{right}。",
                'The category {category} ({group}) of "{name}" does not fit its kind {kind}; it should be: {right}.',
            )
        ),
        "generic": Variant(
            Text(
                "“{name}”的类别 {category}（{group}）与通名“{generic}”不符。",
                'The category {category} ({group}) of "{name}" does not fit the generic part {generic}.',
            )
        ),
        "geometry": Variant(
            Text(
                "“{name}”的类别 {category}（{group}）与线状图形不符。",
                'The category {category} ({group}) of "{name}" does not fit a line.',
            )
        ),
    },
    check=category_inconsistent,
)
