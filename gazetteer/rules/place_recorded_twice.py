"""NAM410."""

from __future__ import annotations

import pandas as pd

from gazetteer.records import among, one_per_group
from gazetteer.sameplace import apart, linked, pairs_within
from gazetteer.text import plain
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety

GROUP = ["name", "kind", "category"]


def place_recorded_twice(frame: pd.DataFrame, ctx: Context) -> Findings:
    """One place on two records.

    ## What it does
    zh: 找出名称、类型、类别相同而相距不超过配置距离的地名记录。
    en: Finds records of equal name, kind and category that lie within the profile's distance of each other.

    ## Why it matters
    zh: 同一个地方登记两次，改了一条忘了另一条，上报时成为重复数据。
    en: Of a place recorded twice one record is kept up and the other forgotten; both are handed over.

    ## Example
    zh: 两条 `香炉峰` 相距 30 米。
    en: Two records `香炉峰` 30 m apart.

    ## Fix safety
    zh: 需复核：建议让填得较少的一条失效。
    en: Review: the record with fewer filled fields is proposed to be ended.

    ## Trap
    zh: 21610 与 27610、21620 与 27620 是同一个村居的政区和组织两种登记，不是重复。
    en: 21610 and 27610, 21620 and 27620 register one village as an area and as an organisation: no duplicates.
    """
    rows = pd.DataFrame({"name": plain(frame["name"]), "kind": frame["kind"], "category": frame["category"].fillna("")})
    rows["weight"] = -frame.notna().sum(axis=1)
    rows = rows[rows["name"].notna()].rename_axis("record_id").reset_index()
    several = rows[rows.duplicated(GROUP, keep=False)]
    pairs = pairs_within(several, GROUP)
    pairs["distance_m"] = apart(pairs, frame.geometry)
    near = pairs[pairs["distance_m"] <= ctx.param("same_place_m")]
    involved = several[among(several["record_id"], [*near["first"], *near["second"]])]
    involved = involved.assign(place=linked(involved["record_id"], near), layer=ctx.layer)
    faults = one_per_group(involved, ["place"])
    reach = pd.concat([near.set_index(side)["distance_m"] for side in ("first", "second")]).groupby(level=0).min()
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": faults["record_id"],
                "related": faults["related"],
                "name": faults["name"],
                "distance_m": reach.reindex(faults["record_id"]).to_numpy(),
                "geometry": frame.geometry.reindex(faults["record_id"]).to_numpy(),
            }
        ),
        frame,
    ).propose("valid_to", ctx.today)


RULE = Rule(
    code="NAM410",
    name="place-recorded-twice",
    title=Text("同一地名重复登记", "one place recorded twice"),
    layers=("place_names",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="地名代码规则：一地一码；地名普查登记表：一名一表",
    params=(Param("same_place_m", float, Text("视为同一地点的距离（米）", "metres within which a place is the same")),),
    spatial=True,
    message=Text(
        "“{name}”与另一条同名同类的记录相距 {distance_m:.0f} 米，疑为重复登记。",
        '"{name}" is {distance_m:.0f} m from another record of the same name and category: one place recorded twice.',
    ),
    check=place_recorded_twice,
)
