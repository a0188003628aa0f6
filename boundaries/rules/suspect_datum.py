"""MRK104."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import datums, recorded, suspects
from boundaries.rules.recorded_coordinates import PARAMS
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Remedy, Rule, Safety


def suspect_datum(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Markers whose coordinates are off by what a known shift or another datum or zone would give.

    ## What it does
    zh: 登记的平面坐标、经纬度与图形不符时，逐一试 GCJ-02、BD-09、北京54、西安80、相邻投影带，说出相符的一种和残差；
        多颗界桩都差同一个15–250米的向量，也提示可能是旧基准。
    en: Where plane figures, degrees and geometry disagree, tries GCJ-02, BD-09, Beijing-54, Xi'an-80 and neighbouring zones, and
        names the one that fits, with the residual; a vector of 15-250 m that several markers share hints at an older
        datum as well.

    ## Why it matters
    zh: 旧基准的坐标直接比较，会把每颗界桩都说成移动了。
    en: Compared as they are, coordinates of an older datum would make every marker look moved.

    ## Example
    zh: 经度登记为 `120.80417832`，与图形相差约500米，正好是 GCJ-02 的偏移。
    en: The longitude `120.80417832` is some 500 m from the geometry, which is the shift of GCJ-02.

    ## Fix safety
    zh: 需审核：平面坐标建议改正登记的坐标系，经纬度或图形建议改正后的值。
    en: Review: for plane figures another recorded system is proposed, for degrees or geometry the corrected values.

    ## Trap
    zh: 北京54、西安80到2000坐标系的局部转换参数未公开，这里只能认出椭球不同造成的差和多桩一致的偏移。
    en: Local parameters of the older datums are not published; only the difference of ellipsoids and a shift that
        several markers share can be recognised.
    """
    table = recorded.disagreements(ctx).reindex(frame.index)
    wrong = recorded.beyond(table, ctx.param("tolerance_m"), ctx.param("datum_tolerance_m")) & ~table["swapped"]
    found = suspects.explained(ctx, ctx.param("tolerance_m"), ctx.param("candidate_m")).reindex(frame.index)
    hit = wrong & found["shift"].notna()
    true = _true_place(recorded.figures(ctx).reindex(frame.index), found)
    findings = flag(
        frame,
        hit,
        number=frame["number"],
        shift=found["shift"],
        source=found["source"],
        distance_m=found["distance_m"],
        residual_m=found["residual_m"],
    )
    plane, degrees, shape = (hit & found["source"].eq(one) for one in recorded.SOURCES)
    named = plane & ~found["shift"].isin(["GCJ-02", "BD-09", suspects.LOCAL_DATUM])
    lonlat = _degrees(true, ctx)
    points = pd.Series(shapely.points(true.to_numpy()), index=frame.index, dtype="object")
    meridian = datums.central_meridian(ctx.crs) if ctx.crs is not None else np.nan
    system = found["shift"].where(
        ~found["shift"].isin(list(datums.ELLIPSOIDS)), found["shift"] + f" / 3-degree Gauss-Kruger CM {meridian:.0f}E"
    )
    return (
        findings.propose("recorded_crs", system.where(named))
        .propose("lon", lonlat["lon"].where(degrees).astype("object"))
        .propose("lat", lonlat["lat"].where(degrees).astype("object"))
        .propose("geometry", points.where(shape))
    )


def _true_place(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The coordinates that the unshifted source gives, in metres of the register's CRS."""
    place = pd.DataFrame({"x": np.nan, "y": np.nan}, index=found.index)
    for source in recorded.SOURCES:
        own = found["against"].eq(source)
        place.loc[own, ["x", "y"]] = table.loc[own, [f"{source}_x", f"{source}_y"]].to_numpy()
    return place.round(4)


def _degrees(place: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    known = place.dropna()
    lon, lat = recorded.to_degrees(ctx).transform(known["x"].to_numpy(), known["y"].to_numpy())
    return pd.DataFrame({"lon": np.round(lon, 8), "lat": np.round(lat, 8)}, index=known.index).reindex(place.index)


RULE = Rule(
    code="MRK104",
    name="datum-suspect",
    title=Text("疑似坐标基准不符", "datum suspect"),
    layers=("markers",),
    level=Level.QUESTION,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="2000国家大地坐标系为法定系统；早期界桩成果多用1980西安、1954北京坐标系",
    message=Text(
        "界桩 {number} 的坐标（{source}）相差 {distance_m:.1f} 米，像是 {shift} 的偏移（残差 {residual_m:.2f} 米），对吗？",
        "The coordinates ({source}) of marker {number} are off by {distance_m:.1f} m, which looks like {shift} (residual "
        "{residual_m:.2f} m). Is it?",
    ),
    check=suspect_datum,
    params=PARAMS,
    tables=("coordinate_systems",),
    spatial=True,
)
