"""NAM207."""

from __future__ import annotations

import pandas as pd

from gazetteer.records import one_per_group, stacked
from gazetteer.text import plain
from rulebook.context import Context, derived
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


@derived("place_names", "roads")
def repeated_codes(ctx: Context) -> pd.DataFrame:
    """One row a place code that stands on several records of place names and roads."""
    records = stacked(ctx, ("place_names", "roads"), ["name", "place_code", "category"])
    records["code"] = records["place_code"].astype("str").str.strip().replace("", pd.NA)
    coded = records[records["code"].notna()].assign(name=lambda rows: plain(rows["name"].astype("str")))
    coded["weight"] = coded["category"].notna() & (coded["code"].str[9:14] != coded["category"])
    layers = coded.groupby(["code", "name"], dropna=False)["layer"].transform("nunique")
    return one_per_group(coded[~((layers > 1) & (coded["layer"] == "place_names"))], ["code"])


def place_code_repeated(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Place codes that stand on more than one record.

    ## What it does
    zh: 找出两条以上地名或道路记录共用的地名代码。
    en: Finds place codes that two or more place names or roads share.

    ## Why it matters
    zh: 地名代码唯一；共用代码的记录在上级数据库中会互相覆盖。
    en: A code belongs to one place; records that share it overwrite each other in the higher database.

    ## Example
    zh: 两条溪的代码都是 `33068300112100000001`。
    en: Two brooks both have the code `33068300112100000001`.

    ## Fix safety
    zh: 不提供修复：代码由上级平台赋予。
    en: None: codes are given by the higher platform.

    ## Trap
    zh: 同名道路既登记在地名又登记在道路图层的，是同一条路，不算。
    en: A road of the same name in both the layer of place names and that of roads is one road, and does not count.
    """
    faults = repeated_codes(ctx)
    here = faults[faults["layer"] == ctx.layer]
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": here["record_id"],
                "key": here["code"],
                "related": here["related"],
                "name": here["name"],
                "code": here["code"],
                "geometry": frame.geometry.reindex(here["record_id"]).to_numpy() if "geometry" in frame else None,
            }
        ),
        frame,
    )


RULE = Rule(
    code="NAM207",
    name="place-code-repeated",
    title=Text("地名代码重复", "place code on several records"),
    layers=("place_names", "roads"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="国家地名数据库代码编制规则（民地办发〔2010〕1号）：代码唯一",
    message=Text(
        "“{name}”的地名代码 {code} 也用在别的记录上。", 'The place code {code} of "{name}" is also on other records.'
    ),
    check=place_code_repeated,
)
