"""DIV104."""

from __future__ import annotations

import pandas as pd

from boundaries import codes, series
from rulebook.context import Context, derived
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

OWN_COLUMN = {"divisions": "parent_code"}


def other_series(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Records that quote a statistics-series code where the civil-affairs code is due.

    ## What it does
    zh: 引用的区划代码不是现行民政代码，而是某区划的统计用代码（或只换了乡镇段的村级代码），就报告并给出对应的民政代码。
    en: A quoted code that is no civil-affairs code in force but a division's statistics code (or a village code of such
        a township) is told, with the civil-affairs code it stands for.

    ## Why it matters
    zh: 公安、统计、通信部门的文件多用统计代码，混进来的记录会挂到别的乡镇或挂空。
    en: Files of police, statistics and telecoms carry the statistics series; such records hang on the wrong township or
        on none.

    ## Example
    zh: 门牌的区划代码是 `330683105201`，民政代码应为330683111201。
    en: A doorplate quotes `330683105201`; the civil-affairs code is 330683111201.

    ## Fix safety
    zh: 需审核：同一代码也可能是变更前的旧民政代码，改之前要看资料的来源和日期。
    en: Review: the same number may be a former civil-affairs code; look at source and date first.

    ## Trap
    zh: 两套代码并存，例如嵊州石璜镇民政代码330683111、统计代码330683105；所查区划本身写错时不改键值，按区划变更办理。
    en: Two series exist side by side; where a division itself carries the wrong code its key is not changed here: that is
        a division change.
    """
    return replaced(frame, ctx, series.STATISTICS)


@derived("divisions")
def obsolete_codes(ctx: Context) -> pd.DataFrame:
    """Codes that are due to be replaced, by the register and the profile's table."""
    return series.obsolete_codes(ctx.history("divisions"), ctx.today, series.listed(ctx.table("division_code_series")))


def replaced(frame: pd.DataFrame, ctx: Context, wanted: str) -> Findings:
    """Findings of records that quote a code of one obsolete series, with the successor as repair."""
    table, column = series.listed(ctx.table("division_code_series")), OWN_COLUMN.get(ctx.layer, "division_code")
    current = codes.normal(ctx.frame("divisions")["code"])
    found = ctx.run.once((series.quoted, ctx.layer), lambda: series.quoted(frame, column, obsolete_codes(ctx), current))
    found = found[found["series"].eq(wanted)].sort_values(["record_id", "quoted"])
    if ctx.layer == "divisions":
        found = pd.concat([found, _own_codes(frame, table, wanted)], ignore_index=True)
    found = found.drop_duplicates(["record_id", "quoted"])
    title = "name" if "name" in frame else "standard_address" if "standard_address" in frame else "text"
    faults = pd.DataFrame(
        {
            "record_id": found["record_id"],
            "key": found["quoted"],
            "variant": found["successor"].isna().map({True: "open", False: ""}),
            "label": frame[title].reindex(found["record_id"]).to_numpy(),
            "code": found["quoted"],
            "division": found["name"],
            "due": found["successor"],
            "geometry": frame["geometry"].reindex(found["record_id"]).to_numpy(),
        }
    )
    faults["label"] = faults["label"].astype("object").where(faults["label"].notna(), faults["record_id"])
    first = ~found["record_id"].duplicated().to_numpy()
    after = pd.Series(found["after"].to_numpy(), dtype="object").where(first)
    return flag_faults(faults, frame).propose(column, after.rename_axis("finding"))


def _own_codes(frame: pd.DataFrame, table: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """Divisions whose own code is on the list under the same name; the key itself is not proposed to change."""
    listed = table[table["series"].eq(wanted)].assign(
        code=codes.normal(table["code"]), due=codes.normal(table["successor"])
    )
    own = pd.DataFrame({"code": codes.normal(frame["code"]), "name": frame["name"]}).rename_axis("record_id")
    hits = own.reset_index().merge(listed[["code", "name", "due"]], on=["code", "name"])
    return pd.DataFrame(
        {
            "record_id": hits["record_id"],
            "quoted": hits["code"],
            "series": wanted,
            "successor": hits["due"],
            "name": hits["name"],
            "after": None,
        }
    )


OPEN = Variant(
    Text(
        "“{label}”的区划代码 {code}（{division}）不是现行代码，没有唯一的对应代码。",
        "The division code {code} ({division}) of {label} is not in force; no single code takes its place.",
    )
)
RULE = Rule(
    code="DIV104",
    name="other-code-series",
    title=Text("用了统计用区划代码", "code of the statistics series"),
    layers=("divisions", "addresses", "doorplates", "place_names"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="民政部门区划代码（国家地名信息库）与统计用区划代码两个系列",
    message=Text(
        "“{label}”的区划代码 {code} 是{division}的统计用代码，民政代码应为 {due}。",
        "The division code {code} of {label} is the statistics code of {division}; the civil-affairs code is {due}.",
    ),
    check=other_series,
    needs=("divisions",),
    tables=("division_code_series",),
    variants={"open": OPEN},
)
