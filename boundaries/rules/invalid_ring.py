"""BND101."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.tiling import mended
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety, Variant

# what GEOS says, and the variant that says it to people
REASONS = {
    "Self-intersection": "crossing",
    "Ring Self-intersection": "touching",
    "Hole lies outside shell": "hole_outside",
    "Holes are nested": "holes_nested",
    "Nested shells": "shells_nested",
    "Duplicate Rings": "ring_repeated",
    "Interior is disconnected": "interior_cut",
    "Too few points in geometry component": "too_few_points",
}


def invalid_ring(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Polygons whose rings cross themselves or are otherwise invalid.

    ## What it does
    zh: 检查区划和区域的面是否合规：边线自相交、内外环相交、环重复等，并说出位置和原因。
    en: Checks that the polygons of divisions and areas are valid: no ring crosses or touches itself along a line, no
        hole leaves its shell, and names place and reason.

    ## Why it matters
    zh: 面不合规时，面积、压盖、落点判断都不可靠；其他界线规则对这些面暂不下结论。
    en: Areas, overlaps and point locations of an invalid polygon cannot be trusted; other boundary rules
        leave such polygons alone until they are mended.

    ## Example
    zh: 面 `POLYGON ((0 0, 100 100, 100 0, 0 100, 0 0))` 的边线自相交。
    en: The ring of `POLYGON ((0 0, 100 100, 100 0, 0 100, 0 0))` crosses itself.

    ## Fix safety
    zh: 需审核：建议的面由 GEOS 按“结构”方法修复，面积可能有变化，请对照原图。
    en: Review: the proposal is GEOS's structural repair; the area may change, compare with the source.

    ## Trap
    zh: 自相交常是两个折点次序颠倒，把折点次序改回来比自动修复更准确。
    en: A self-crossing is often two vertices in the wrong order; putting them right is better than any repair.
    """
    shapes = frame["geometry"].to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    wrong = pd.Series(there & ~shapely.is_valid(shapes), index=frame.index)
    broken = shapes[wrong.to_numpy()]
    repaired = mended(broken)
    ids = frame.index[wrong]
    before, after = shapely.area(broken), shapely.area(repaired)
    told = pd.Series(shapely.is_valid_reason(broken), index=ids, dtype="str").str.extract(
        r"^([^\[]+)(?:\[(\S+) (\S+)\])?"
    )
    return flag(
        frame,
        wrong,
        variant=told[0].map(REASONS).fillna("") if len(ids) else "",
        name=frame["name"],
        x=told[1].astype("float64"),
        y=told[2].astype("float64"),
        area_before_m2=pd.Series(before, index=ids),
        area_after_m2=pd.Series(after, index=ids),
    ).propose("geometry", pd.Series(repaired, index=ids, dtype="object")[after > 0])


def _variant(zh: str, en: str) -> Variant:
    return Variant(
        Text(
            f"“{{name}}”的面不合规：{zh}（在 {{x:.2f}}，{{y:.2f}} 处）。",
            f"The polygon of {{name}} is invalid: {en} (at {{x:.2f}}, {{y:.2f}}).",
        )
    )


RULE = Rule(
    code="BND101",
    name="ring-invalid",
    title=Text("面不合规", "invalid polygon"),
    layers=("divisions", "areas"),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="OGC 简单要素规范（OGC 06-103r4）",
    message=Text(
        "“{name}”的面不合规，坐标或环有误。", "The polygon of {name} is invalid: its coordinates or rings are wrong."
    ),
    check=invalid_ring,
    variants={
        "crossing": _variant(
            "边线自相交，或与另一环、另一块相交", "its outline crosses itself, another ring or another part"
        ),
        "touching": _variant("同一环自己相接", "a ring touches itself"),
        "hole_outside": _variant("空洞在外环之外", "a hole lies outside the shell"),
        "holes_nested": _variant("空洞套在另一个空洞里", "a hole lies inside another hole"),
        "shells_nested": _variant("一块面套在另一块面里", "a part lies inside another part"),
        "ring_repeated": _variant("同一个环重复出现", "a ring is there twice"),
        "interior_cut": _variant("空洞把面的内部隔断", "its holes cut the interior in two"),
        "too_few_points": _variant("环的折点太少", "a ring has too few points"),
    },
    spatial=True,
)
