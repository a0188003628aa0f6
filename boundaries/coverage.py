"""How polygons of one level lie together: gaps, overlaps, widths, contacts. Metres of one projected CRS throughout.

Gaps are the holes of the union, overlaps the pairwise intersections: a search by near vertices (coverage validation
with a gap width) misses gaps when vertices are closer than the width, so it is not used for finding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

TOUCHING_M = 0.001


def polygon_parts(shapes: Any) -> Any:
    """All polygons among the parts of geometries, as one flat array without empty ones."""
    singles = shapely.get_parts(shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object))))
    return singles[(shapely.get_type_id(singles) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(singles)]


def areal(shape: Any) -> Any:
    """The polygonal part of a geometry as a MultiPolygon."""
    return shapely.multipolygons(polygon_parts(shape))


def mean_width(polygons: Any) -> Any:
    """Twice the area over the perimeter: the width of a ribbon, half the height of a flat triangle."""
    perimeter = shapely.length(polygons)
    return np.divide(2 * shapely.area(polygons), perimeter, out=np.zeros(len(polygons)), where=perimeter > 0)


def greatest_width(polygons: Any) -> Any:
    """Diameter of the largest circle inside each polygon, to a tenth of its mean width."""
    tolerance = np.maximum(mean_width(polygons) / 10, 1e-3)
    return 2 * shapely.length(shapely.maximum_inscribed_circle(polygons, tolerance=tolerance))


def union(shapes: Any) -> Any:
    """Union of polygons; the quick way where they already tile without fault."""
    valid = bool(shapely.coverage_is_valid(shapes))
    return shapely.coverage_union_all(shapes) if valid else shapely.union_all(shapes)


def holes(shape: Any) -> Any:
    """The places inside a polygonal geometry's outline that it does not cover, as polygons."""
    rings, owner = shapely.get_rings(polygon_parts(shape), return_index=True)
    inner = shapely.polygons(rings[pd.Series(owner).duplicated().to_numpy()])
    return polygon_parts(shapely.difference(shapely.union_all(inner), shape))


def overlaps(shapes: Any) -> pd.DataFrame:
    """Pairs of polygons that share ground: ``left`` < ``right`` (positions), ``geometry`` (MultiPolygon)."""
    if len(shapes) < 2 or bool(shapely.coverage_is_valid(shapes)):
        return pd.DataFrame({"left": [], "right": [], "geometry": []}).astype({"left": int, "right": int})
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    shared = shapely.intersection(shapes[left], shapes[right])
    real = shapely.area(shared) > 0
    pairs = pd.DataFrame({"left": left[real], "right": right[real]})
    pairs["geometry"] = [areal(one) for one in shared[real]]
    return pairs


def contacts(patches: Any, shapes: Any) -> pd.DataFrame:
    """Where the outline of each patch runs along a polygon: ``patch``, ``shape`` (positions, -1 along none),
    ``length_m``. A piece of outline along two polygons counts for both.
    """
    outlines = shapely.boundary(patches)
    xy, owner = shapely.get_coordinates(outlines, return_index=True)
    same = owner[1:] == owner[:-1]
    starts, ends, patch = xy[:-1][same], xy[1:][same], owner[:-1][same]
    middle = shapely.points((starts + ends) / 2)
    length = np.hypot(*(ends - starts).T)
    piece, shape = shapely.STRtree(shapes).query(middle, predicate="dwithin", distance=TOUCHING_M)
    alone = np.setdiff1d(np.arange(len(middle)), piece)
    table = pd.DataFrame(
        {
            "patch": patch[np.concatenate([piece, alone])],
            "shape": np.concatenate([shape, np.full(len(alone), -1)]),
            "length_m": length[np.concatenate([piece, alone])],
        }
    )
    return table.groupby(["patch", "shape"], as_index=False)["length_m"].sum()
