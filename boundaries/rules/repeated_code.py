"""DIV102."""

from __future__ import annotations

import pandas as pd

from boundaries import codes
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant


def repeated_code(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Codes that two divisions in force share.

    ## What it does
    zh: 代码统一写法后（去空格、全角改半角、补足12位）找出相同的区划代码，以及被两个区划使用的统计用代码。
    en: Finds division codes that are the same once written alike (no blanks, plain digits, padded to twelve), and
        statistics-series codes that two divisions claim.

    ## Why it matters
    zh: 一个代码只能代表一个区划，重复时挂接在该代码上的记录分不清属于谁。
    en: One code stands for one division; records that quote a shared code belong to nobody in particular.

    ## Example
    zh: `330683100` 与 `330683100000` 是同一个代码。
    en: `330683100` and `330683100000` are the same code.

    ## Fix safety
    zh: 不提供自动修改：要查批复文件确定哪个区划用哪个代码。
    en: None: the approval papers say which division has which code.

    ## Trap
    zh: 民政代码与统计代码是两个系列，甲的统计代码等于乙的民政代码并不算重复。
    en: Civil-affairs and statistics codes are two series; one division's statistics code may equal another's code.
    """
    return flag_faults(
        pd.concat([_shared(frame, "code", ""), _shared(frame, "nbs_code", "statistics")], ignore_index=True), frame
    )


def _shared(frame: pd.DataFrame, column: str, variant: str) -> pd.DataFrame:
    """One row per normal code that several records carry; the record with an odd spelling comes first."""
    table = pd.DataFrame({"shared": codes.normal(frame[column]), "name": frame["name"]}).dropna(subset="shared")
    table = table[table["shared"].duplicated(keep=False)].rename_axis("record_id").reset_index()
    table["odd"] = table["record_id"].eq(table["shared"])
    table = table.sort_values(["shared", "odd", "record_id"])
    grouped = table.groupby("shared", sort=True)
    return pd.DataFrame(
        {
            "record_id": grouped["record_id"].first(),
            "key": grouped["shared"].first(),
            "variant": variant,
            "related": grouped["record_id"].agg(lambda ids: tuple(f"divisions:{one}" for one in ids.iloc[1:])),
            "code": grouped["shared"].first(),
            "names": grouped["name"].agg(list),
        }
    )


RULE = Rule(
    code="DIV102",
    name="code-repeated",
    title=Text("区划代码重复", "division code repeated"),
    layers=("divisions",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="GB/T 2260；GB/T 10114（代码唯一）",
    message=Text("代码 {code} 被几个区划共用：{names}。", "The code {code} is shared by several divisions: {names}."),
    check=repeated_code,
    variants={
        "statistics": Variant(
            Text(
                "统计用代码 {code} 被几个区划共用：{names}。",
                "The statistics-series code {code} is shared by several divisions: {names}.",
            )
        )
    },
)
