"""NAM409."""

from __future__ import annotations

import pandas as pd

from gazetteer.sameplace import apart
from gazetteer.scope import LIVE, scopes_of
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety

GROUP = ["scope_kind", "scope", "kind", "name"]


def reserved_name_used(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Names in use that the plan reserves for another place.

    ## What it does
    zh: 在法定范围内，已批准或在用的名称与规划（拟用）名称相同，而不在同一地点的，予以报告。
    en: Finds names approved or in use that equal a planned name of the same kind and legal scope at another place.

    ## Why it matters
    zh: 地名规划预留的名称被别处先用，规划的地方就没有名称可用。
    en: Where a name reserved in the plan is used elsewhere, the planned place is left without one.

    ## Example
    zh: `锦绣路` 已规划给新区，老城又用了 `锦绣路`。
    en: `锦绣路` is planned for the new quarter, and the old town uses it too.

    ## Fix safety
    zh: 不提供修复：要么改规划，要么改在用的名称。
    en: None: either the plan or the name in use has to change.

    ## Trap
    zh: 规划延伸的路段与在用路段相接，是同一条路，不算。
    en: A planned extension that joins the road in use is the same road.
    """
    rows = scopes_of(ctx)
    planned, live = rows[rows["status"] == "planned"], rows[rows["status"].isin(LIVE)]
    pairs = live.merge(planned, on=GROUP, suffixes=("", "_planned"))
    pairs = pairs.rename(columns={"record_id": "first", "record_id_planned": "second"})
    pairs["distance_m"] = apart(pairs, frame.geometry)
    pairs = pairs[~(pairs["distance_m"] <= ctx.param("same_place_m"))].drop_duplicates(["first", "second"])
    others = pairs.groupby("first")["second"].agg(lambda ids: tuple(f"{ctx.layer}:{one}" for one in sorted(ids)))
    faults = pairs.sort_values("second").drop_duplicates("first").set_index("first")
    faults = faults.join(others.rename("related"))
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": faults.index,
                "related": faults["related"].to_numpy(),
                "name": faults["name"].to_numpy(),
                "planned_id": faults["second"].to_numpy(),
                "geometry": frame.geometry.reindex(faults.index).to_numpy(),
            }
        ),
        frame,
    )


RULE = Rule(
    code="NAM409",
    name="reserved-name-used",
    title=Text("使用了规划预留的名称", "name reserved in the plan used elsewhere"),
    layers=("place_names", "roads"),
    uses=("divisions", "areas"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="地名规划；地名管理条例（2022）第九条第（八）项",
    params=(Param("same_place_m", float, Text("视为同一地点的距离（米）", "metres within which a place is the same")),),
    spatial=True,
    message=Text(
        "“{name}”是规划预留给另一处（{planned_id}）的名称。",
        'The name "{name}" is reserved in the plan for another place ({planned_id}).',
    ),
    check=reserved_name_used,
)
