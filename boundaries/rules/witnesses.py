"""MRK102."""

from __future__ import annotations

import pandas as pd

from boundaries import markers
from rulebook.context import Context
from rulebook.findings import Findings, flag, merge
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def witnesses(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Markers with too few witness objects, or with impossible azimuths and distances.

    ## What it does
    zh: 检查每颗界桩的方位物是否够数，方位角是否在0–360度之间，距离是否大于零，名称是否填写。
    en: Checks that every marker has enough witness objects, azimuths between 0 and 360 degrees, distances above zero and
        named objects.

    ## Why it matters
    zh: 界桩丢失或移动后，靠方位物恢复原位。
    en: When a marker is lost or moved, its place is found again from the witness objects.

    ## Example
    zh: 方位角写成 `372.5` 度。
    en: An azimuth of `372.5` degrees.

    ## Fix safety
    zh: 不提供自动修改：要到实地重新选测。
    en: None: they must be chosen and measured in the field.

    ## Trap
    zh: 报废的界桩不检查；登记册里完全没有方位物时本规则不运行。
    en: Scrapped markers are left out; the rule does not run on a register without any witness.
    """
    own = ctx.frame("marker_witnesses")
    azimuth, distance = own["azimuth_deg"], own["distance_m"]
    wrong = ~azimuth.between(0, 360) | ~distance.gt(0) | own["name"].isna()
    count = own.groupby("marker_id").size().reindex(frame.index, fill_value=0)
    impossible = own[wrong].groupby("marker_id")["seq"].agg(list).reindex(frame.index)
    least = ctx.param("least")
    kept = frame["status"].ne(markers.SCRAPPED)
    facts = {"number": frame["number"], "least": least}
    return merge(
        [
            flag(frame, kept & count.lt(least), key="few", variant="few", count=count, seqs=impossible, **facts),
            flag(frame, kept & impossible.notna(), key="impossible", count=count, seqs=impossible, **facts),
        ]
    )


RULE = Rule(
    code="MRK102",
    name="witnesses-missing-or-impossible",
    title=Text("方位物不齐或数据不可能", "witness objects missing or impossible"),
    layers=("markers",),
    level=Level.WARNING,
    remedy=Remedy.FIELD,
    fix=Safety.NONE,
    basis="界桩登记表（方位物不少于三个，记坐标方位角和距离）",
    message=Text(
        "界桩 {number} 第 {seqs} 个方位物的方位角、距离或名称缺少或不可能。",
        "Azimuth, distance or name of witness {seqs} of marker {number} is missing or impossible.",
    ),
    check=witnesses,
    needs=("marker_witnesses",),
    params=(Param("least", int, Text("方位物最少个数", "least number of witness objects")),),
    variants={
        "few": Variant(
            Text(
                "界桩 {number} 只有 {count} 个方位物，应不少于 {least} 个。",
                "Marker {number} has {count} witness objects; at least {least} are due.",
            )
        )
    },
)
