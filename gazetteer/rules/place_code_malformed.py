"""NAM206."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gazetteer.codes import division_prefixes, listed
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def place_code_malformed(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Place codes that cannot be right.

    ## What it does
    zh: 地名代码应为 20 位数字：政区 6 位、乡级 3 位、类别 5 位、顺序 6 位；查位数、政区和乡级是否存在、
        类别是否与本记录一致、顺序号是否为零。
    en: A place code has 20 digits: division 6, township 3, category 5, serial 6. Checked are the digits, whether
        division and township exist, whether the category is the record's own, and that the serial is not zero.

    ## Why it matters
    zh: 地名代码是上下级数据库之间认同一条地名的唯一依据。
    en: The code is all that databases of different levels have to recognise a place by.

    ## Example
    zh: `3306830011210000001` 只有 19 位。
    en: `3306830011210000001` has only 19 digits.

    ## Fix safety
    zh: 不提供修复：代码由上级平台赋予。
    en: None: codes are given by the higher platform.

    ## Trap
    zh: 县级或跨乡的地名，乡级部分为 000；跨县的地名可用所跨任何一县的代码；已撤销政区的代码仍算存在。
    en: Places of the county or across townships have 000 for the township; places across counties may carry the code
        of any county they name; codes of abolished divisions still count as known.
    """
    code = frame["place_code"].str.strip()
    digits = code.str.fullmatch(r"\d{20}", na=False)
    counties, townships = division_prefixes(ctx)
    own = listed(frame["division_code"]).str[:6]
    named = pd.MultiIndex.from_arrays([own.index, own])
    beside = pd.MultiIndex.from_arrays([frame.index, code.str[:6]]).isin(named)
    county = ~code.str[:6].isin(counties) & ~beside & bool(counties)
    inside = code.str[:6].isin({prefix[:6] for prefix in townships})
    township = inside & ~code.str[:9].isin(townships) & (code.str[6:9] != "000")
    category = frame.get("category", pd.Series(pd.NA, index=frame.index, dtype="str"))
    other_category = category.notna() & (code.str[9:14] != category)
    zero = code.str[14:] == "000000"
    conditions = [~digits, county, township, other_category.fillna(False), zero.fillna(False)]
    variant = np.select([code.isna(), *conditions], ["fine", "", "county", "township", "category", "serial"], "fine")
    return flag(
        frame,
        pd.Series(variant != "fine", index=frame.index),
        variant=pd.Series(variant, index=frame.index),
        name=frame["name"],
        code=frame["place_code"],
        category=category,
    )


RULE = Rule(
    code="NAM206",
    name="place-code-malformed",
    title=Text("地名代码不合规则", "malformed place code"),
    layers=("place_names", "roads"),
    uses=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="国家地名数据库代码编制规则（民地办发〔2010〕1号）",
    message=Text("“{name}”的地名代码 {code} 不是 20 位数字。", 'The place code {code} of "{name}" is not 20 digits.'),
    variants={
        "county": Variant(
            Text(
                "“{name}”的地名代码 {code} 的前 6 位不是已知政区。",
                'The first six digits of the place code {code} of "{name}" are no known division.',
            )
        ),
        "township": Variant(
            Text(
                "“{name}”的地名代码 {code} 的第 7 至 9 位不是已知乡级政区。",
                'Digits 7 to 9 of the place code {code} of "{name}" are no known township.',
            )
        ),
        "category": Variant(
            Text(
                "“{name}”的地名代码 {code} 中的类别与记录的类别 {category} 不一致。",
                'The category in the place code {code} of "{name}" is not its own category {category}.',
            )
        ),
        "serial": Variant(
            Text(
                "“{name}”的地名代码 {code} 的顺序号为零。",
                'The serial in the place code {code} of "{name}" is zero.',
            )
        ),
    },
    check=place_code_malformed,
)
