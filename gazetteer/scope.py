"""Where a name must be the only one of its kind.

地名管理条例 (2022), art. 9 (7) and (8), and 浙江省地名管理办法 (2025): townships within the province, counties within the
nation, seats of village and residents' committees within the county, natural villages within the township, roads,
estates and buildings within one built-up area (建成区). Other kinds have no scope.

Where the register has no built-up areas, the street offices (街道) of a county together are taken for one and each town
for one: such scopes are marked ``approximate``.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.codes import COUNTY_DIGITS, TOWNSHIP_DIGITS, listed
from gazetteer.territory import TOWNSHIP_ZEROS, present
from gazetteer.text import plain
from rulebook.context import Context, derived

PROVINCE_DIGITS = 2
BUILT_UP = "built_up"
LIVE = ("approved", "in_use")
SCOPE_OF_KIND = {
    "division": "division",
    "village_seat": "county",
    "natural_village": "township",
    "road": BUILT_UP,
    "estate_building": BUILT_UP,
}
SCOPE_OF_LEVEL = {"village": "county", "township": "province"}
COLUMNS = ["record_id", "name", "kind", "category", "status", "scope_kind", "scope"]
TOWNSHIP_NAMES = r"(?:镇|乡|街道|街道办事处)$"
VILLAGE_NAMES = r"(?:村|社区|村委会|居委会|村民委员会|居民委员会)$"


@derived("divisions")
def division_scopes(ctx: Context) -> pd.DataFrame:
    """Scope of every division in force (``COLUMNS``); ``kind`` is its level."""
    frame = ctx.frame("divisions")
    level = frame["level"]
    rows = pd.DataFrame({"name": plain(frame["name"]), "kind": level, "category": pd.NA, "status": LIVE[-1]})
    rows["scope_kind"] = level.map(SCOPE_OF_LEVEL).fillna("nation")
    rows["scope"] = _code_part(frame["code"], rows["scope_kind"])
    return _finished(rows)


@derived("place_names", "divisions", "areas")
def place_scopes(ctx: Context) -> pd.DataFrame:
    """Scopes of every place name of a kind that has one (``COLUMNS``), one row a record and scope."""
    frame = ctx.frame("place_names")
    base = pd.DataFrame(
        {
            "name": plain(frame["name"]),
            "kind": frame["kind"],
            "category": frame["category"],
            "status": frame["status"],
            "scope_kind": frame["kind"].map(SCOPE_OF_KIND),
        }
    )
    base["scope_kind"] = base["scope_kind"].mask(base["scope_kind"] == "division", _level_by_name(base["name"]))
    coded = base[base["scope_kind"].isin(["nation", "province", "county", "township"])]
    coded = coded.join(listed(frame["division_code"]).rename("code"), how="inner")
    coded["scope"] = _code_part(coded["code"], coded["scope_kind"])
    built = base[base["scope_kind"] == BUILT_UP]
    return pd.concat([_finished(coded), _finished(_built_up(built, frame, ctx))], ignore_index=True)


@derived("roads", "divisions", "areas")
def road_scopes(ctx: Context) -> pd.DataFrame:
    """Scopes of every road (``COLUMNS``), one row a record and built-up area."""
    frame = ctx.frame("roads")
    base = pd.DataFrame({"name": plain(frame["name"]), "kind": "road", "category": pd.NA, "status": frame["status"]})
    base["scope_kind"] = BUILT_UP
    return _finished(_built_up(base, frame, ctx))


def scopes_of(ctx: Context) -> pd.DataFrame:
    """Scopes of the records of the checked layer."""
    by_layer = {"divisions": division_scopes, "place_names": place_scopes, "roads": road_scopes}
    rows: pd.DataFrame = by_layer[ctx.layer](ctx)
    return rows


def _built_up(base: pd.DataFrame, frame: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """``base`` with the built-up areas that the records touch, or with their stand-ins by code."""
    areas = ctx.frame("areas")
    built = areas[areas["kind"] == BUILT_UP] if len(areas) else areas
    if len(built):
        return _touching(base, present(frame.geometry.reindex(base.index)), present(built.geometry))
    rows = base.join(listed(frame["division_code"].loc[base.index]).rename("code"), how="inner")
    rows = rows[rows["code"].str[COUNTY_DIGITS:TOWNSHIP_DIGITS] != TOWNSHIP_ZEROS]
    offices = ctx.setting("street_office_codes")
    urban = rows["code"].str[COUNTY_DIGITS:TOWNSHIP_DIGITS].between(*offices)
    county = rows["code"].str[:COUNTY_DIGITS]
    rows["scope"] = rows["code"].str[:TOWNSHIP_DIGITS].mask(urban, county)
    rows["scope_kind"] = "approximate"
    return rows


def _touching(base: pd.DataFrame, shapes: gpd.GeoSeries, areas: gpd.GeoSeries) -> pd.DataFrame:
    area, shape = shapely.STRtree(shapes.to_numpy()).query(areas.to_numpy(), predicate="intersects")
    meeting = pd.Series(areas.index[area], index=shapes.index[shape], name="scope")
    return base.join(meeting, how="inner")


def _level_by_name(name: pd.Series) -> pd.Series:
    """Kind of scope of a place name that names a division."""
    scope = pd.Series("nation", index=name.index, dtype="str")
    scope = scope.mask(name.str.contains(VILLAGE_NAMES, regex=True, na=False), "county")
    return scope.mask(name.str.contains(TOWNSHIP_NAMES, regex=True, na=False), "province")


def _code_part(code: pd.Series, scope_kind: pd.Series) -> pd.Series:
    """The digits of a division code that name the scope; a township scope needs a township in the code."""
    scope = code.str[:PROVINCE_DIGITS].mask(scope_kind == "nation", "")
    scope = scope.mask(scope_kind == "county", code.str[:COUNTY_DIGITS])
    township = code.str[:TOWNSHIP_DIGITS].where(code.str[COUNTY_DIGITS:TOWNSHIP_DIGITS] != TOWNSHIP_ZEROS)
    return scope.mask(scope_kind == "township", township)


def _finished(rows: pd.DataFrame) -> pd.DataFrame:
    whole = rows[rows["name"].notna() & rows["scope"].notna()]
    whole = whole.rename_axis("record_id").reset_index().reindex(columns=COLUMNS)
    return whole.drop_duplicates(["record_id", "scope_kind", "scope"], ignore_index=True)
