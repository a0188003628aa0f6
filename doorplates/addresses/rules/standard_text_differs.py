"""ADR203."""

from __future__ import annotations

import pandas as pd

from doorplates.addresses.compose import compose, written_parts
from doorplates.addresses.divisions import county_names, current_divisions, township_code
from doorplates.addresses.records import not_retired
from doorplates.addresses.text import comparable, same_sub_numbers
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

LOCAL_PARTS = ["community", "natural_village", "road", "estate"]


def standard_text_differs(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Addresses whose standard text is not what their parts compose to.

    ## What it does
    zh: 按配置的组成规则由各段组成标准地址，与记录的标准地址比较。省、市、村社区等可写可不写的部分、附号的不同写法、
        全角半角和空格不算差别；没有标准地址的不判断。
    en: Composes the standard text from the parts by the profile's form and compares it with the recorded one. Parts
        that may be written or left out (province, prefecture, community), the writing of sub-numbers, width and blanks
        make no difference. An address without a standard text is not judged.

    ## Why it matters
    zh: 对外使用的是标准地址，各段改了而标准地址没改，两边就不是同一个地址。
    en: The standard text is what others use; when parts are changed and it is not, there are two addresses.

    ## Example
    zh: 道路为剡溪路、门牌为 128，标准地址却是 `嵊州市剡湖街道剡溪路126号`。
    en: The road is 剡溪路 and the number 128, but the standard text is `嵊州市剡湖街道剡溪路126号`.

    ## Fix safety
    zh: 需审核：提出由各段组成的标准地址；错的也可能是某一段。
    en: Review: offers the text composed from the parts. One of the parts may be the wrong one.

    ## Trap
    zh: 县、乡镇街道两段为空时，由政区代码补出后再组成。
    en: County and township that are empty are taken from the division code before composing.
    """
    form = ctx.setting("standard_address")
    judged = frame[not_retired(frame) & frame["standard_text"].notna() & frame[LOCAL_PARTS].notna().any(axis=1)]
    parts = written_parts(with_divisions(judged, ctx), form)
    recorded = same_sub_numbers(comparable(judged["standard_text"]))
    composed = compose(parts, form)

    open_rows = recorded.ne(same_sub_numbers(composed))
    left = parts[open_rows]
    loose = {*form["optional"], *form["village_only"]}
    open_texts = recorded[open_rows].tolist()
    said = pd.DataFrame(
        {
            part: [value in text for value, text in zip(left[part].tolist(), open_texts, strict=True)]
            for part in form["order"]
            if part in loose or part in ("road", "plate_no", "lane", "county")
        },
        index=left.index,
        dtype="bool",
    )
    inferred = judged["county"].reindex(left.index).isna()
    with_estate = left["estate"].ne("")
    said["county"] |= ~inferred
    for part in ("road", "lane", "plate_no"):
        said[part] |= ~with_estate
    accepted = recorded[open_rows].eq(same_sub_numbers(compose(left, form, said)))
    differs = left.index[~accepted]
    return flag(
        frame,
        pd.Series(frame.index.isin(differs), index=frame.index),
        recorded=judged["standard_text"],
        composed=composed,
    ).propose("standard_text", composed)


def with_divisions(addresses: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Addresses with empty county and township filled in from their division code."""
    codes = addresses["division_code"]
    township = township_code(codes).map(current_divisions(ctx)["name"])
    county = (codes.str[:6] + "000000").map(county_names(ctx))
    return addresses.assign(
        township=addresses["township"].fillna(township.astype("str")),
        county=addresses["county"].fillna(county.astype("str")),
    )


RULE = Rule(
    code="ADR203",
    name="standard-text-differs",
    title=Text("标准地址与各段不符", "standard text differs from the parts"),
    layers=("addresses",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="GB/T 35639-2017 地址模型（地址由地址组件组成）；浙江门牌证标准地址写法",
    message=Text(
        "标准地址“{recorded}”与各段组成的“{composed}”不符。",
        'The standard text "{recorded}" is not what the parts compose to: "{composed}".',
    ),
    check=standard_text_differs,
    uses=("divisions",),
    tables=("division_suffixes", "known_divisions"),
)
