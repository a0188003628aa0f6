"""Divisions as areas, level by level, and the faults between them; frames that several rules share.

A fault that villages and their towns both show is kept at the lowest level only: mending it there mends it above.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import codes, coverage
from boundaries.layers import LEVELS
from rulebook.context import Context, derived

NOISE_M = 0.001
DISPUTED = "disputed"
SAME_SHARE = 0.5
OPEN_SHARE = 0.25
BARE_CONTACT = 0.05


@derived("divisions")
def areas(ctx: Context) -> gpd.GeoDataFrame:
    """Divisions in force that have an area, indexed by record id: ``code`` (normal), ``level`` (by the code, else as
    recorded), ``name``, ``sound`` (geometry valid as stored), ``fits`` (edges match the neighbours' of the level),
    ``geometry`` (plane, repaired where it was not).
    """
    frame = ctx.frame("divisions").sort_index()
    shapes = shapely.force_2d(frame["geometry"].to_numpy())
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    frame, shapes = frame[there], shapes[there]
    sound = shapely.is_valid(shapes)
    repaired = shapes.copy()
    repaired[~sound] = mended(shapes[~sound])
    code = codes.normal(frame["code"])
    level = codes.level_of(code)
    table = {"code": code, "level": level.fillna(frame["level"]), "name": frame["name"], "sound": sound}
    found = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(repaired, index=frame.index), crs=ctx.crs)
    found = found[found.area > 0]
    fits = pd.Series(False, index=found.index)
    for _, own in found.groupby("level", sort=False):
        fits[own.index] = coverage.matched(own.geometry.to_numpy())
    return found.assign(fits=fits)


def mended(shapes: Any) -> Any:
    """Valid MultiPolygons that cover the same ground as broken ones, by GEOS's structure method."""
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    return np.array([coverage.areal(one) for one in valid], dtype=object)


@derived("divisions")
def gaps(ctx: Context) -> pd.DataFrame:
    """Ground between divisions of one level that none of them has, wider than a millimetre: ``level``, ``geometry``
    (Polygon), ``width_m`` (mean), ``neighbours`` (tuple of record ids, longest contact first, bare corners left out), ``open_share`` (part
    of the outline along no division). Ground of a higher division without any recorded at this level is left out, as are
    holes that a higher division has too (another county's enclave).
    """
    every = areas(ctx)
    below, tables = np.array([], dtype=object), []
    for level in reversed(LEVELS):
        own = every[every["level"].eq(level)]
        if own.empty:
            continue
        patches = _uncovered(own, every, level)
        patches = patches[coverage.wide(patches, NOISE_M)]
        patches = patches[~mostly_inside(patches, below)]
        if len(patches):
            tables.append(_described(patches, own, level))
            below = np.concatenate([below, patches])
    columns = ["level", "geometry", "width_m", "neighbours", "open_share"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({name: [] for name in columns})


@derived("divisions")
def overlaps(ctx: Context) -> pd.DataFrame:
    """Ground that two divisions of one level both have: ``level``, ``left``, ``right`` (record ids in order),
    ``geometry`` (MultiPolygon of the parts wider than a millimetre), ``width_m`` (greatest mean width of a part).
    """
    every = areas(ctx)
    below, tables = np.array([], dtype=object), []
    for level in reversed(LEVELS):
        own = every[every["level"].eq(level) & every["sound"]]
        pairs = coverage.overlaps(own.geometry.to_numpy(), own["fits"].to_numpy())
        if pairs.empty:
            continue
        parts = [coverage.polygon_parts(shape) for shape in pairs["geometry"]]
        parts = [part[coverage.wide(part, NOISE_M)] for part in parts]
        pairs["geometry"] = [shapely.multipolygons(part) for part in parts]
        pairs["width_m"] = [coverage.mean_width(part).max(initial=0) for part in parts]
        pairs = pairs[pairs["width_m"] > 0]
        shapes = pairs["geometry"].to_numpy()
        pairs = pairs[~mostly_inside(shapes, below)]
        below = np.concatenate([below, pairs["geometry"].to_numpy()])
        ids = own.index.to_numpy()
        tables.append(pairs.assign(level=level, left=ids[pairs["left"]], right=ids[pairs["right"]]))
    columns = ["level", "left", "right", "geometry", "width_m"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame({name: [] for name in columns})


def _uncovered(own: gpd.GeoDataFrame, every: gpd.GeoDataFrame, level: str) -> Any:
    """Parts of the ground that the divisions ``own`` of one level should cover and do not."""
    joined = coverage.union(own.geometry.to_numpy(), own["fits"].to_numpy())
    upper = every[every["level"].isin(LEVELS[LEVELS.index("county") : LEVELS.index(level)])]
    peopled = is_parent(upper["code"], own["code"])
    nearest = upper["level"].eq(max(upper.loc[peopled, "level"], key=LEVELS.index, default=""))
    parents = upper[peopled & nearest]
    ground = coverage.union(parents.geometry.to_numpy(), parents["fits"].to_numpy())
    found = shapely.union_all([*coverage.holes(joined), without(ground, joined)])
    elsewhere = [*upper.geometry.to_numpy()[~peopled]]
    elsewhere += [hole for shape in upper.geometry for hole in coverage.holes(shape)]
    near = [shape for shape in elsewhere if shapely.intersects(shape, found)]
    return coverage.polygon_parts(shapely.difference(found, shapely.union_all(near)))


def without(shape: Any, other: Any) -> Any:
    """Difference of two areas; nothing, without overlay, where they are one."""
    if shapely.equals_exact(shapely.normalize(shape), shapely.normalize(other)):
        return shapely.MultiPolygon()
    return shapely.difference(shape, other)


def is_parent(upper: pd.Series, lower: pd.Series) -> pd.Series:
    """Whether each normal code of ``upper`` contains one of the normal codes ``lower``."""
    stems = upper.map(codes.stem)
    known = {width: set(lower.str[:width]) for width in codes.WIDTHS.values()}
    return pd.Series([stem in known[len(stem)] for stem in stems], index=upper.index, dtype=bool)


def _described(patches: Any, own: gpd.GeoDataFrame, level: str) -> pd.DataFrame:
    touch = coverage.contacts(patches, own.geometry.to_numpy()).sort_values(
        ["patch", "length_m", "shape"], ascending=[True, False, True]
    )
    known = touch[touch["shape"] >= 0]
    rank, share = known.groupby("patch").cumcount(), known["length_m"] / shapely.length(patches)[known["patch"]]
    known = known[(rank < 2) | (share >= BARE_CONTACT)]
    ids = pd.Series(own.index.to_numpy()[known["shape"]], index=known["patch"], dtype="object")
    alone = touch[touch["shape"] < 0].set_index("patch")["length_m"].reindex(range(len(patches)), fill_value=0.0)
    return pd.DataFrame(
        {
            "level": level,
            "geometry": patches,
            "width_m": coverage.mean_width(patches),
            "neighbours": ids.groupby(level=0).agg(tuple).reindex(range(len(patches))),
            "open_share": alone.to_numpy() / shapely.length(patches),
        }
    ).dropna(subset="neighbours")


def contested(patches: Any, ctx: Context) -> pd.Series:
    """``disputed`` for patches that the areas of that kind hold (see ``boundaries.choices``), else empty."""
    frame = ctx.frame("areas")
    known = coverage.polygon_parts(frame.loc[frame["kind"].eq(DISPUTED), "geometry"]) if len(frame) else ()
    inside = mostly_inside(np.asarray(patches, dtype=object), known)
    return pd.Series(np.where(inside, DISPUTED, ""), index=patches.index, dtype="str")


def mostly_inside(patches: Any, known: Any) -> Any:
    """Whether more than half of each patch lies inside the known ones."""
    if not len(known):
        return np.zeros(len(patches), dtype=bool)
    patch, other = shapely.STRtree(known).query(patches, predicate="intersects")
    shared = np.zeros(len(patches))
    np.add.at(shared, patch, shapely.area(shapely.intersection(patches[patch], known[other])))
    return shared > SAME_SHARE * shapely.area(patches)


def all_sound(ids: pd.Series, every: gpd.GeoDataFrame) -> pd.Series:
    """Whether all divisions of each tuple of record ids were valid as stored."""
    unsound = set(every.index[~every["sound"]])
    return pd.Series([unsound.isdisjoint(one) for one in ids], index=ids.index, dtype=bool)


def between_neighbours(found: pd.DataFrame) -> pd.Series:
    """Whether a gap lies between two divisions or more, rather than being a notch or a hole in one."""
    return (found["open_share"] <= OPEN_SHARE) & (found["neighbours"].map(len) >= 2)
