"""Where points lie: measures on arrays of geometries that several domains share.

All frames of one call must have the same CRS; distances are in its units, so callers ask for them in a projected CRS
in metres only (rules say so by ``spatial=True``).
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from rulebook.errors import CrsError


def locate(points: gpd.GeoSeries, polygons: gpd.GeoSeries) -> pd.Series:
    """Id of the polygon each point lies in, missing where there is none.

    ``points`` and ``polygons`` are indexed by record id. A point on an edge or in an overlap is in several polygons;
    it gets the smallest id, whatever the order of rows. Empty and missing geometries lie nowhere.

    The tree holds the points and is asked polygon by polygon: shapely prepares the asking geometry, so that each
    polygon's edges are indexed once; the other way round is some fifteen times slower.
    """
    _same_crs(points, polygons)
    inorder = polygons.sort_index()
    polygon, point = shapely.STRtree(points.to_numpy()).query(inorder.to_numpy(), predicate="intersects")
    smallest = np.full(len(points), len(inorder))
    np.minimum.at(smallest, point, polygon)
    return pd.Series(np.array([*inorder.index, None], dtype=object)[smallest], index=points.index, dtype="str")


def distance_to(points: gpd.GeoSeries, ids: pd.Series, shapes: gpd.GeoSeries) -> pd.Series:
    """Distance from each point to the shape that ``ids`` names for it, 0 inside a polygon, missing where the id is
    missing or unknown. ``ids`` is aligned with ``points``; ``shapes`` is indexed by id.
    """
    _same_crs(points, shapes)
    chosen = shapes.index.get_indexer(ids.reindex(points.index))
    named = np.array([*shapes, None], dtype=object)[chosen]
    return pd.Series(shapely.distance(points.to_numpy(), named), index=points.index)


def has_shape(geometries: gpd.GeoSeries) -> pd.Series:
    """Whether each geometry is there and not empty."""
    shapes = geometries.to_numpy()
    return pd.Series(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), index=geometries.index)


def _same_crs(first: gpd.GeoSeries, second: gpd.GeoSeries) -> None:
    if first.crs != second.crs:
        raise CrsError(
            f"两个图层的坐标系不同：{first.crs} 与 {second.crs}。",
            f"Two layers have different CRSs: {first.crs} and {second.crs}.",
        )
