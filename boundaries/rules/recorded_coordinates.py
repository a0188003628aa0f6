"""MRK103."""

from __future__ import annotations

import geopandas as gpd

from boundaries import recorded, suspects
from rulebook.context import Context
from rulebook.findings import Findings, flag
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant

PARAMS = (
    Param("tolerance_m", float, Text("各来源坐标允许相差（米）", "metres by which the sources may differ")),
    Param(
        "datum_tolerance_m",
        float,
        Text("不同基准之间允许相差（米）", "metres by which sources of different datums may differ"),
    ),
    Param(
        "candidate_m", float, Text("与某种偏移相符的残差（米）", "residual in metres within which a shift explains it")
    ),
)


def recorded_coordinates(frame: gpd.GeoDataFrame, ctx: Context) -> Findings:
    """Markers whose recorded coordinates do not agree with each other or with the geometry.

    ## What it does
    zh: 按登记的坐标系把横纵坐标与经纬度互相核对，再与图形核对；横坐标带带号、两栏颠倒都能认出；坐标系写法不认识的提出疑问。
    en: Compares easting and northing with longitude and latitude in the declared system, and both with the geometry; zone
        prefixes and exchanged columns are recognised; a system that is not known is asked about.

    ## Why it matters
    zh: 登记表上的坐标是恢复界桩原位的依据，互相矛盾就不能用。
    en: The figures of the form are what a lost marker is set again from; contradictory figures are of no use.

    ## Example
    zh: 横坐标登记为 `577598.0`，与经纬度相差100米。
    en: The easting `577598.0` is a hundred metres from the longitude and latitude.

    ## Fix safety
    zh: 不提供自动修改：以登记表原件为准。
    en: None: the original form decides.

    ## Trap
    zh: 能用某种基准或偏移解释的差异由 MRK104 提出；经纬度只记到少数几位的，按位数放宽。
    en: Differences that a datum or a known shift explains are MRK104's; coarse decimals of longitude and latitude widen
        the tolerance.
    """
    table = recorded.disagreements(ctx).reindex(frame.index)
    wrong = recorded.beyond(table, ctx.param("tolerance_m"), ctx.param("datum_tolerance_m"))
    swapped = table["swapped"].fillna(False).astype(bool)
    unknown = table["unknown_system"].fillna(False).astype(bool)
    explained = frame.index.isin(suspects.explained(ctx, ctx.param("tolerance_m"), ctx.param("candidate_m")).index)
    return flag(
        frame,
        unknown | swapped | (wrong & ~explained),
        variant=swapped.map({True: "swapped", False: ""}).mask(unknown, "unknown_system"),
        number=frame["number"],
        recorded_crs=frame["recorded_crs"],
        plane_degrees_m=table["plane_degrees_m"],
        plane_geometry_m=table["plane_geometry_m"],
        degrees_geometry_m=table["degrees_geometry_m"],
    )


RULE = Rule(
    code="MRK103",
    name="recorded-coordinates-disagree",
    title=Text("登记坐标互相不符", "recorded coordinates disagree"),
    layers=("markers",),
    level=Level.ERROR,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="界桩成果表（纵横坐标、经纬度、坐标系）",
    message=Text(
        "界桩 {number} 的登记坐标（坐标系：{recorded_crs}）不符：平面与经纬度相差 {plane_degrees_m:.1f} 米，平面与图形相差 {plane_geometry_m:.1f} 米，"
        "经纬度与图形相差 {degrees_geometry_m:.1f} 米。",
        "The recorded coordinates of marker {number} ({recorded_crs}) disagree: plane and degrees by {plane_degrees_m:.1f} m, plane and "
        "geometry by {plane_geometry_m:.1f} m, degrees and geometry by {degrees_geometry_m:.1f} m.",
    ),
    check=recorded_coordinates,
    params=PARAMS,
    tables=("coordinate_systems",),
    variants={
        "unknown_system": Variant(
            Text(
                "界桩 {number} 登记的坐标系“{recorded_crs}”看不出是哪一种，不能当作 2000 国家大地坐标系。",
                'The system "{recorded_crs}" recorded for marker {number} is not known and not taken for CGCS2000.',
            ),
            Level.QUESTION,
        ),
        "swapped": Variant(
            Text(
                "界桩 {number} 的纵横坐标或经纬度填颠倒了。",
                "Easting and northing, or longitude and latitude, of marker {number} are exchanged.",
            )
        ),
    },
    spatial=True,
)
