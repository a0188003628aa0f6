"""NAM406."""

from __future__ import annotations

import pandas as pd

from gazetteer.records import among
from gazetteer.sameplace import apart, continued, pairs_within
from gazetteer.scope import LIVE, road_scopes
from gazetteer.text import plain
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def same_name_near_scope(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Roads of one name in different scopes but near each other.

    ## What it does
    zh: 找出不在同一法定范围、相距却不超过配置距离的同名道路。
    en: Finds roads of one name that lie in different legal scopes, or in none, within the profile's distance.

    ## Why it matters
    zh: 法规不禁止，但城区一扩大就成了重名；相邻处也容易走错。
    en: The law allows it, but when the town grows they become duplicates, and people go to the wrong one.

    ## Example
    zh: 城区的 `剡溪路` 与 1 公里外村里的 `剡溪路`。
    en: `剡溪路` in town and another one in a village 1 km away.

    ## Fix safety
    zh: 不提供修复：只作提示。
    en: None: a hint only.

    ## Trap
    zh: 首尾相接的同名路段是一条路，不算。
    en: Sections that join end to end are one road.
    """
    name = plain(frame["name"]).where(frame["status"].isna() | frame["status"].isin([*LIVE, "planned"]))
    rows = name.dropna().rename("name").rename_axis("record_id").reset_index()
    pairs = pairs_within(rows[rows.duplicated("name", keep=False)], ["name"])
    pairs["distance_m"] = apart(pairs, frame.geometry)
    pairs = pairs[pairs["distance_m"] <= ctx.param("near_m")]
    scopes = road_scopes(ctx)[["record_id", "scope_kind", "scope"]]
    together = pairs_within(
        scopes[among(scopes["record_id"], [*pairs["first"], *pairs["second"]])], ["scope_kind", "scope"]
    )
    within = pd.MultiIndex.from_frame(pairs[["first", "second"]]).isin(
        pd.MultiIndex.from_frame(together[["first", "second"]])
    )
    pairs = pairs[~within]
    pairs = pairs[~continued(pairs, frame.geometry, ctx.param("joint_m"))]
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": pairs["first"],
                "key": pairs["second"],
                "related": pd.Series([(f"roads:{one}",) for one in pairs["second"]], index=pairs.index, dtype="object"),
                "name": pairs["name"],
                "distance_m": pairs["distance_m"],
                "geometry": frame.geometry.reindex(pairs["first"]).to_numpy(),
            }
        ),
        frame,
    )


RULE = Rule(
    code="NAM406",
    name="same-name-near-scope",
    title=Text("范围外邻近重名", "same name near but outside the scope"),
    layers=("roads",),
    uses=("divisions", "areas"),
    level=Level.INFO,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="实践：避免邻近重名",
    params=(
        Param("near_m", float, Text("算作邻近的距离（米）", "metres that count as near")),
        Param("joint_m", float, Text("首尾相接的容差（米）", "metres between ends that join")),
    ),
    spatial=True,
    message=Text(
        "“{name}”与范围外 {distance_m:.0f} 米处的另一条道路重名。",
        'Another road of the name "{name}" lies {distance_m:.0f} m away, outside the scope.',
    ),
    check=same_name_near_scope,
)
