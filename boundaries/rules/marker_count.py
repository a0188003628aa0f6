"""BND307."""

from __future__ import annotations

import itertools

import geopandas as gpd
import pandas as pd

from boundaries import markers
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety

COUNTS = ("marker_count", "single_count", "double_count", "triple_count")


def marker_count(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Lines whose recorded numbers of markers differ from the markers on record.

    ## What it does
    zh: 把界线登记的界桩总数、单立、双立、三立颗数与该界线在册界桩（报废的除外）比较。
    en: Compares the recorded numbers of all, single, double and triple markers of a line with the markers in the register
        (scrapped ones left out).

    ## Why it matters
    zh: 总数是协议书和联检报告里的数字，对不上说明漏登或重登了界桩。
    en: The number stands in the agreement and the inspection reports; a difference means a marker missed or doubled.

    ## Example
    zh: 登记 `4 (2, 2, 0)`，在册只有3颗。
    en: Recorded are `4 (2, 2, 0)`, the register has three.

    ## Fix safety
    zh: 需审核：建议改为在册数；也可能是漏登了界桩。
    en: Review: proposes the counted number; a marker may instead be missing from the register.

    ## Trap
    zh: 双立、三立按颗数还是按处数计，三交点算不算在内，各地习惯不同：采用全部界线中符合最多的一种算法。
    en: Pairs count as stones or as places, tri-points count or not, as the custom is: the way of counting that fits most
        lines of the register is taken.
    """
    recorded = frame[list(COUNTS)].astype("float64")
    ways = [
        _counted(ctx, frame.index, *way)
        for way in itertools.product(("stones", "places"), ("with", "apart", "without"))
    ]
    agrees = [(recorded.eq(way) | recorded.isna() | way.isna()) for way in ways]
    best = max(range(len(ways)), key=lambda n: (agrees[n].all(axis=1).sum(), agrees[n].to_numpy().sum()))
    counted, wrong = ways[best], ~agrees[best]
    findings = flag(
        frame,
        wrong.any(axis=1),
        name=frame["name"],
        recorded=_shown(recorded),
        counted=_shown(counted),
    )
    for column in COUNTS:
        findings = findings.propose(column, counted[column].where(wrong[column]).astype("object"))
    return findings


def _counted(ctx: Context, index: pd.Index, unit: str, tri_points: str) -> pd.DataFrame:
    """Numbers of markers by line; types are not counted on lines where a marker has none.

    ``tri_points``: counted in the total and as single, in the total only, or not at all.
    """
    table = markers.by_line(ctx)
    kind = table["twins"].map({"": "single_count", "AB": "double_count", "CDE": "triple_count"})
    kind = kind.mask(table["tri_point"], "single_count" if tri_points == "with" else "apart")
    table = table.assign(kind=kind, untyped=table["type_code"].isna() & ~table["tri_point"])
    if tri_points == "without":
        table = table[~table["tri_point"]]
    if unit == "places":
        place = table["serial"].astype("str").fillna(table["marker"]).where(table["twins"].ne(""), table["marker"])
        table = table.assign(place=place).drop_duplicates(["line", "place", "kind"])
    counts = table.groupby(["line", "kind"]).size().unstack(fill_value=0).reindex(index, fill_value=0)
    counts = counts.reindex(columns=list(COUNTS), fill_value=0).astype("float64")
    counts["marker_count"] = table.groupby("line").size().reindex(index, fill_value=0).astype("float64")
    untyped = table.groupby("line")["untyped"].any().reindex(index, fill_value=False).astype(bool)
    counts.loc[untyped, list(COUNTS[1:])] = float("nan")
    return counts


def _shown(counts: pd.DataFrame) -> pd.Series:
    """``total (single, double, triple)`` as text."""
    text = counts.astype("Int64").astype("str").fillna("—")
    return (
        text["marker_count"]
        + " ("
        + text["single_count"]
        + ", "
        + text["double_count"]
        + ", "
        + text["triple_count"]
        + ")"
    )


RULE = Rule(
    code="BND307",
    name="marker-count-disagrees",
    title=Text("界桩颗数与在册界桩不符", "number of markers disagrees"),
    layers=("boundary_lines",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="界线登记表（界桩颗数、单立、双立、三立颗数）",
    message=Text(
        "界线“{name}”登记的界桩数（总数、单立、双立、三立）是 {recorded}，在册是 {counted}。",
        "The line {name} is recorded with {recorded} markers (all, single, double, triple); the register has {counted}.",
    ),
    check=marker_count,
    needs=("markers",),
)
