"""DOR304."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from doorplates.along import nearest_road, plate_position
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def far_from_its_road(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Plates further from their road than the profile allows, or clearly on another one.

    ## What it does
    zh: 量门牌到所编道路中心线的距离（减去半个路宽）。超过配置距离的列出；离本路已不近、却紧靠另一条路的，指出是哪条路。
    en: Measures the distance from a plate to the centre line of its road, less half the road's width. Reports it above
        the profile's distance, and names the other road where the plate is not near its own but close to that one.

    ## Why it matters
    zh: 不是点位错，就是路名填错，按图或按址都会找错地方。
    en: Either the point or the road is wrong; map or address leads astray.

    ## Example
    zh: 登记为剡溪路的 `88` 号，点在三百米外。
    en: Number `88` of a road has its point three hundred metres away.

    ## Fix safety
    zh: 需复核：只在紧靠另一条路时建议改为那条路；其余要到现场重测。
    en: Review: proposes the other road where the plate is close to it; else it must be measured again.

    ## Trap
    zh: 转角处的房屋离另一条路更近是常事，只要离本路不远就不报。
    en: A corner house is often nearer to the other road; while it is near its own, nothing is said.
    """
    plates, roads = plate_position(ctx), ctx.frame("roads")
    half_width = roads["width_m"].reindex(plates["road_id"]).fillna(0.0).to_numpy() / 2
    away = (plates["distance_m"] - half_width).clip(lower=0.0)
    doubtful = plates.index[away > min(ctx.param("clear_m"), ctx.setting("doorplates")["reach_m"])]
    nearest = nearest_road(gpd.GeoSeries(frame.geometry.reindex(doubtful)), roads.geometry).reindex(frame.index)
    elsewhere = (
        (away > ctx.param("clear_m"))
        & nearest["nearest_id"].ne(plates["road_id"].reindex(frame.index))
        & (nearest["nearest_m"] * ctx.param("clear_ratio") <= plates["distance_m"].reindex(frame.index))
        & (nearest["nearest_m"] <= ctx.param("clear_m"))
    )
    elsewhere = elsewhere.reindex(frame.index, fill_value=False).fillna(False).astype(bool)
    far = away.gt(ctx.setting("doorplates")["reach_m"]) & away.le(ctx.param("farthest_m"))
    far = far.reindex(frame.index, fill_value=False)
    other = nearest["nearest_id"].where(elsewhere)
    names = roads["name"]
    return flag(
        frame,
        far | elsewhere,
        variant=pd.Series("", index=frame.index).mask(elsewhere, "elsewhere"),
        number=frame["number"],
        road=plates["road_id"].map(names),
        distance_m=plates["distance_m"],
        other=other.map(names),
        other_m=nearest["nearest_m"].where(elsewhere),
    ).propose("road_id", other)


RULE = Rule(
    code="DOR304",
    name="far-from-its-road",
    title=Text("门牌离所编道路太远", "plate far from its road"),
    layers=("doorplates",),
    needs=("roads",),
    params=(
        Param("clear_m", float, Text("离本路多远起与他路比较（米）", "distance from which other roads are compared")),
        Param("clear_ratio", float, Text("他路近多少倍才算明显", "how many times nearer the other road must be")),
        Param(
            "farthest_m",
            float,
            Text("更远的视为坐标本身有错（米）", "metres beyond which the coordinates are at fault"),
        ),
    ),
    level=Level.WARNING,
    remedy=Remedy.FIELD,
    fix=Safety.REVIEW,
    basis="自定：门牌应在所编道路旁",
    message=Text(
        "{number}号离{road} {distance_m:.0f} 米，太远。", "Number {number} is {distance_m:.0f} m from {road}: too far."
    ),
    variants={
        "elsewhere": Variant(
            Text(
                "{number}号离{road} {distance_m:.0f} 米，而离{other}只有 {other_m:.0f} 米。",
                "Number {number} is {distance_m:.0f} m from {road}, but only {other_m:.0f} m from {other}.",
            )
        )
    },
    spatial=True,
    check=far_from_its_road,
)
