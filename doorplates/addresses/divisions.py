"""The divisions that addresses name: those in force, those that are no more, and what became of them."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from doorplates.addresses.text import by_distinct, looked_up
from rulebook.context import Context, derived

LEVELS = ("province", "prefecture", "county", "township", "village")
SUCCESSOR_SHARE = 0.9
FORMER_COLUMNS = ["name", "level", "ended_on", "successor", "successor_code"]


def township_code(codes: pd.Series) -> pd.Series:
    """The code of the township a 12-digit code lies in; missing for codes above the township and for other texts."""
    town = codes.astype("str").str.extract(r"^([0-9]{9})[0-9]{3}$")[0]
    return (town + "000").where(~town.str.endswith("000").fillna(True).astype(bool))


def core_names(names: pd.Series, suffixes: pd.DataFrame, level: str) -> pd.Series:
    """Names without the word for their kind: 剡湖 of 剡湖街道, 楼村 of 楼村村民委员会. A name never becomes empty."""
    words = suffixes.loc[suffixes["level"].eq(level), "suffix"].sort_values(key=lambda word: -word.str.len())
    ending = f"(?<=.)(?:{'|'.join(map(re.escape, words))})$"
    return by_distinct(names, lambda distinct: distinct.str.replace(ending, "", regex=True))


@derived("divisions")
def current_divisions(ctx: Context) -> pd.DataFrame:
    """:func:`division_units` of the divisions in force."""
    return division_units(ctx.frame("divisions"), ctx.table("division_suffixes"))


def division_units(divisions: pd.DataFrame, suffixes: pd.DataFrame) -> pd.DataFrame:
    """Divisions indexed by code: ``name``, ``level``, ``town`` (code of the township), ``core``."""
    known = divisions.reindex(columns=["code", "name", "level"]).dropna()
    units = pd.DataFrame(
        {
            "name": known["name"].astype("str"),
            "level": known["level"].astype("str"),
            "town": township_code(known["code"].astype("str")),
        }
    ).set_axis(pd.Index(known["code"], dtype="str"))
    core = units["name"].copy()
    for level in ("township", "village"):
        at = units["level"].eq(level)
        core[at] = core_names(units.loc[at, "name"], suffixes, level)
    return units.assign(core=core)


@derived("divisions")
def former_divisions(ctx: Context) -> pd.DataFrame:
    """Names that no division in force bears any more, from the register and the profile's table."""
    ended = ended_divisions(ctx.history("divisions"), ctx.frame("divisions"), ctx.today)
    return former_names(ctx.table("former_divisions"), ended, current_divisions(ctx))


def former_names(listed: pd.DataFrame, ended: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """``FORMER_COLUMNS``, one row a name and level; names that a division in force bears are left out.

    ``listed`` is the profile's table ``former_divisions``, ``ended`` from :func:`ended_divisions`. A successor that
    is not certain is missing.
    """
    parts = [part for part in (listed.reindex(columns=FORMER_COLUMNS), ended) if len(part)]
    both = pd.concat(parts, ignore_index=True) if parts else ended
    known = set(zip(units["level"], units["name"], strict=True))
    alive = [pair in known for pair in zip(both["level"], both["name"], strict=True)]
    return both[~np.array(alive, dtype=bool)].drop_duplicates(["level", "name"]).reset_index(drop=True)


def ended_divisions(history: pd.DataFrame, current: pd.DataFrame, today: str) -> pd.DataFrame:
    """``FORMER_COLUMNS`` of the ended records; the successor is the division in force of that level that took over
    nearly all of its area, missing where there is none.
    """
    columns = history.reindex(columns=["name", "level", "valid_to"])
    ended = columns[columns["valid_to"].le(today) & columns["name"].notna()]
    named = ended.rename(columns={"valid_to": "ended_on"}).assign(successor=None, successor_code=None)
    if not len(ended) or not isinstance(history, gpd.GeoDataFrame):
        return named[FORMER_COLUMNS]
    for level in ended["level"].dropna().unique():
        olds = history.loc[ended.index[ended["level"].eq(level)]].geometry
        peers = current[current["level"].eq(level)]
        heirs = _heirs(olds, peers.geometry)
        named.loc[heirs.index, "successor_code"] = heirs
        named.loc[heirs.index, "successor"] = heirs.map(peers["name"])
    return named[FORMER_COLUMNS]


def _heirs(olds: gpd.GeoSeries, peers: gpd.GeoSeries) -> pd.Series:
    """Code of the division among ``peers`` that holds nearly all of each old area; absent where there is none."""
    olds = olds[~(shapely.is_missing(olds.to_numpy()) | shapely.is_empty(olds.to_numpy()))]
    before, after = shapely.make_valid(olds.to_numpy()), shapely.make_valid(peers.to_numpy())
    old, peer = shapely.STRtree(after).query(before, predicate="intersects")
    shared = shapely.area(shapely.intersection(before[old], after[peer]))
    holds = shared >= SUCCESSOR_SHARE * shapely.area(before[old])
    heirs = pd.Series(peers.index.to_numpy()[peer[holds]], index=olds.index[old[holds]], dtype="str")
    return heirs[~heirs.index.duplicated()]


def named_once(units: pd.DataFrame, column: str, level: str) -> pd.Series:
    """Code by name (``column``: name or core) for divisions of ``level`` whose name no other of them bears."""
    chosen = units[units["level"].eq(level)]
    single = chosen[~chosen[column].duplicated(keep=False)]
    return pd.Series(single.index, index=pd.Index(single[column], dtype="str"), dtype="str")


def named_townships(names: pd.Series, units: pd.DataFrame, suffixes: pd.DataFrame) -> pd.Series:
    """Code of the township each text names, by its full name or without the word for its kind; missing if unknown."""
    exact = looked_up(names, named_once(units, "name", "township"))
    return exact.fillna(looked_up(core_names(names, suffixes, "township"), named_once(units, "core", "township")))


@derived("divisions")
def county_names(ctx: Context) -> pd.Series:
    """Name of the county by its 12-digit code: of the register, else of the profile's list."""
    return names_of_counties(ctx.table("known_divisions"), current_divisions(ctx))


def names_of_counties(listed: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Name of the county by its code: of ``units``, else of the profile's list."""
    counties = units.loc[units["level"].eq("county"), "name"]
    known = listed[listed["level"].eq("county")].set_index("code")["name"]
    return pd.concat([counties, known[~known.index.isin(counties.index)]]).astype("str")
