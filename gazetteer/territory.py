"""Where names lie: the polygons of divisions, and which of them a point, line or area touches and by how much.

Everything is measured in the register's projected CRS, in metres.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.codes import TOWNSHIP_DIGITS
from rulebook.context import Context, derived

TOWNSHIP_ZEROS = "000"


@derived("divisions")
def territories(ctx: Context) -> gpd.GeoDataFrame:
    """Divisions in force with a polygon, by code: ``level``, ``name``, ``geometry`` (made valid; BND101 tells faults)."""
    return _valid(ctx.frame("divisions"))


@derived("divisions")
def townships(ctx: Context) -> gpd.GeoSeries:
    """Polygon of every township by its nine digits; where only villages are mapped, the union of its villages."""
    known = territories(ctx)
    whole = known[known["level"] == "township"]
    parts = whole if len(whole) else known[known["level"] == "village"]
    shapes = gpd.GeoSeries(parts.geometry.to_numpy(), index=parts.index.str[:TOWNSHIP_DIGITS], crs=ctx.crs)
    if shapes.index.is_unique:
        return shapes
    return shapes.groupby(level=0).agg(lambda several: shapely.union_all(several.to_numpy())).set_crs(ctx.crs)


@derived("divisions")
def villages(ctx: Context) -> gpd.GeoSeries:
    """Polygon of every village and community by its code."""
    known = territories(ctx)
    return gpd.GeoSeries(known.geometry[known["level"] == "village"], crs=ctx.crs)


def _valid(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    if "geometry" not in frame or frame.empty:
        nothing = {"level": pd.Series(dtype="str"), "name": pd.Series(dtype="str")}
        return gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([]))
    shapes = frame.geometry.to_numpy()
    kept = frame[~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & frame["code"].notna()]
    return gpd.GeoDataFrame(
        kept[["level", "name"]].set_axis(kept["code"], axis=0),
        geometry=shapely.make_valid(kept.geometry.to_numpy()),
        crs=frame.crs,
    )


def shapes_of(ctx: Context) -> gpd.GeoSeries:
    """Geometries of the checked layer that are there, made valid; built once a run."""
    found: gpd.GeoSeries = ctx.run.once(("shapes", ctx.layer), lambda: present(ctx.frame(ctx.layer).geometry))
    return found


def village_meetings(ctx: Context) -> pd.DataFrame:
    """``shares`` of the checked layer with the villages; computed once a run."""
    found: pd.DataFrame = ctx.run.once(("villages met", ctx.layer), lambda: shares(shapes_of(ctx), villages(ctx)))
    return found


def present(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """The geometries that are there, made valid."""
    array = shapes.to_numpy()
    kept = shapes[~(shapely.is_missing(array) | shapely.is_empty(array))]
    return gpd.GeoSeries(shapely.make_valid(kept.to_numpy()), index=kept.index, crs=shapes.crs)


def shares(shapes: gpd.GeoSeries, polygons: gpd.GeoSeries) -> pd.DataFrame:
    """One row for every shape and polygon that meet: ``record_id``, ``code`` and ``share``, the part of the shape's
    length or area that lies inside the polygon (1 for a point).

    The polygons ask a tree of the shapes: shapely prepares the asking geometry.
    """
    tree = shapely.STRtree(shapes.to_numpy())
    polygon, shape = tree.query(polygons.to_numpy(), predicate="intersects")
    covering = pd.MultiIndex.from_arrays(tree.query(polygons.to_numpy(), predicate="covers"))
    whole = pd.MultiIndex.from_arrays([polygon, shape]).isin(covering)
    array = shapes.to_numpy()[shape]
    size = _size(array)
    inside = size.copy()
    inside[~whole] = _size(
        shapely.intersection(array[~whole], polygons.to_numpy()[polygon[~whole]]), like=array[~whole]
    )
    share = np.divide(inside, size, out=np.ones_like(size), where=size > 0)
    return pd.DataFrame({"record_id": shapes.index[shape], "code": polygons.index[polygon], "share": share})


def _size(shapes: np.ndarray, like: np.ndarray | None = None) -> np.ndarray:
    """Area of areas, length of lines, 0 of points; ``like`` tells the dimension where the shapes are cut ones."""
    dimension = shapely.get_dimensions(shapes if like is None else like)
    return np.where(dimension == 2, shapely.area(shapes), np.where(dimension == 1, shapely.length(shapes), 0.0))
