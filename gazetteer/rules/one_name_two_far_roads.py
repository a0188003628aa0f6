"""NAM408."""

from __future__ import annotations

import pandas as pd
import shapely

from gazetteer.records import among
from gazetteer.territory import present
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def one_name_two_far_roads(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Roads whose parts lie far apart.

    ## What it does
    zh: 找出由几段组成、段与段相距超过配置距离的道路。
    en: Finds roads of several parts that are further apart than the profile allows.

    ## Why it matters
    zh: 两条不相干的路并成了一条记录，门牌会连错，定位会跳开。
    en: Two roads that have nothing to do with each other share a record: numbers and positions jump between them.

    ## Example
    zh: `剡溪路` 的两段相距 3000 米。
    en: The two parts of `剡溪路` are 3000 m apart.

    ## Fix safety
    zh: 不提供修复：要么分开命名，要么补画中间一段。
    en: None: either name them apart or draw the missing stretch.

    ## Trap
    zh: 被河、铁路隔断的路，短缺口是正常的。
    en: A short gap is normal where a river or railway cuts a road.
    """
    gap = ctx.param("max_gap_m")
    lines = present(frame.geometry)
    several = lines[shapely.get_num_geometries(lines.to_numpy()) > 1]
    clusters = shapely.buffer(several.to_numpy(), gap / 2)
    torn = several[shapely.get_num_geometries(clusters) > 1]
    distance = pd.Series([_widest_gap(line) for line in torn], index=torn.index, dtype="float64")
    wrong = pd.Series(among(frame.index, torn.index), index=frame.index)
    return flag(frame, wrong, name=frame["name"], distance_m=distance, allowed_m=gap)


def _widest_gap(line: shapely.MultiLineString) -> float:
    """The longest of the shortest links that join all parts: grown part by part from the first (Prim)."""
    parts = shapely.get_parts(line)
    nearest = shapely.distance(parts, parts[0])
    widest, joined = 0.0, nearest == -1.0
    joined[0] = True
    while not joined.all():
        open_parts = (~joined).nonzero()[0]
        closest = open_parts[nearest[open_parts].argmin()]
        widest = max(widest, float(nearest[closest]))
        joined[closest] = True
        nearest = shapely.distance(parts, parts[closest]).clip(max=nearest)
    return widest


RULE = Rule(
    code="NAM408",
    name="one-name-two-far-roads",
    title=Text("一名两地的道路", "one name for two roads far apart"),
    layers=("roads",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="实践：一路一名、一名一路",
    params=(Param("max_gap_m", float, Text("段与段的最大间距（米）", "most metres between parts")),),
    spatial=True,
    message=Text(
        "“{name}”的各段相距 {distance_m:.0f} 米，超过 {allowed_m:.0f} 米。",
        'Parts of "{name}" are {distance_m:.0f} m apart, more than {allowed_m:.0f} m.',
    ),
    check=one_name_two_far_roads,
)
