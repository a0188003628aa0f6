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


def wide(shapes: Any, width_m: float) -> Any:
    """Whether a circle of diameter ``width_m`` fits somewhere into each polygonal geometry.

    Twice area over perimeter is never more than the diameter of the largest circle inside (A <= r P), so most are
    settled by it; the rest is eroded.
    """
    shapes = np.asarray(shapes, dtype=object)
    found = mean_width(shapes) >= width_m
    open_ = ~found & (shapely.area(shapes) >= np.pi / 4 * width_m**2)
    found[open_] = ~shapely.is_empty(shapely.buffer(shapes[open_], -width_m / 2, quad_segs=2))
    return found


def matched(shapes: Any) -> Any:
    """Whether each polygon's edges are either its neighbours' too, vertex by vertex, or no neighbour's at all."""
    return shapely.is_empty(shapely.coverage_invalid_edges(shapes)) if len(shapes) else np.zeros(0, dtype=bool)


def union(shapes: Any, fitting: Any = None) -> Any:
    """Union of polygons: those that fit their neighbours (``matched``) by dropping common edges, the rest by overlay."""
    fitting = matched(shapes) if fitting is None else fitting
    tiles = shapely.coverage_union_all(shapes[fitting])
    return tiles if fitting.all() else shapely.union_all([tiles, *shapes[~fitting]])


def holes(shape: Any) -> Any:
    """The places inside a polygonal geometry's outline that it does not cover, as polygons."""
    rings, owner = shapely.get_rings(polygon_parts(shape), return_index=True)
    inner = shapely.polygons(rings[pd.Series(owner).duplicated().to_numpy()])
    return polygon_parts(shapely.difference(shapely.union_all(inner), shape))


def overlaps(shapes: Any, fitting: Any = None) -> pd.DataFrame:
    """Pairs of polygons that share ground: ``left`` < ``right`` (positions), ``geometry`` (MultiPolygon).

    Of two polygons that overlap one at least has edges that are not matched, so only those are held against all.
    """
    odd = np.flatnonzero(~(matched(shapes) if fitting is None else fitting))
    if not len(odd):
        return pd.DataFrame({"left": [], "right": [], "geometry": []}).astype({"left": int, "right": int})
    one, other = shapely.STRtree(shapes).query(shapes[odd], predicate="intersects")
    pairs = np.unique(np.sort(np.column_stack([odd[one], other]), axis=1), axis=0)
    left, right = pairs[pairs[:, 0] < pairs[:, 1]].T
    shared = shapely.intersection(shapes[left], shapes[right])
    real = shapely.area(shared) > 0
    table = pd.DataFrame({"left": left[real], "right": right[real]})
    table["geometry"] = [areal(part) for part in shared[real]]
    return table


def contacts(patches: Any, shapes: Any) -> pd.DataFrame:
    """Where the outline of each patch runs along a polygon: ``patch``, ``shape`` (positions, -1 along none),
    ``length_m``. A piece of outline along two polygons counts for both.
    """
    pieces = outline_pieces(patches, shapes)
    table = pieces.explode("shape")
    table["shape"] = table["shape"].fillna(-1).astype(int)
    return table.groupby(["patch", "shape"], as_index=False)["length_m"].sum()


def outline_pieces(patches: Any, shapes: Any) -> pd.DataFrame:
    """Segments of the outlines of patches in their order: ``patch``, ``ring`` (number of the ring among all),
    ``length_m``, ``shape`` (tuple of positions of the polygons along whose outline the segment runs).
    """
    polygons, patch_of = shapely.get_parts(patches, return_index=True)
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    starts, ends, ring = xy[:-1][inner], xy[1:][inner], ring[:-1][inner]
    edges, owner = edges_near(patches, shapes)
    middle = shapely.points((starts + ends) / 2)
    piece, edge = shapely.STRtree(edges).query(middle, predicate="dwithin", distance=TOUCHING_M)
    along = pd.DataFrame({"piece": piece, "shape": owner[edge]}).drop_duplicates().sort_values(["piece", "shape"])
    table = pd.DataFrame({"patch": patch_of[polygon_of[ring]], "ring": ring, "length_m": np.hypot(*(ends - starts).T)})
    table["shape"] = along.groupby("piece")["shape"].agg(tuple).reindex(table.index)
    return table


def edges_near(patches: Any, shapes: Any) -> tuple[Any, Any]:
    """Edges (two-point lines) of polygons whose box meets the box of a patch, and the position of their polygon."""
    boxes = shapely.bounds(patches) + np.array([-1, -1, 1, 1]) * TOUCHING_M
    patch, shape = shapely.STRtree(shapes).query(shapely.box(*boxes.T))
    found, owners = [np.empty((0, 2, 2))], [np.empty(0, dtype=int)]
    for one, own in pd.Series(patch).groupby(shape):
        xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes[one])), return_index=True)
        edges = np.stack([xy[:-1], xy[1:]], axis=1)[ring[1:] == ring[:-1]]
        low, high = edges.min(axis=1), edges.max(axis=1)
        close = np.zeros(len(edges), dtype=bool)
        for west, south, east, north in boxes[own.to_numpy()]:
            close |= (low[:, 0] <= east) & (low[:, 1] <= north) & (high[:, 0] >= west) & (high[:, 1] >= south)
        found.append(edges[close])
        owners.append(np.full(int(close.sum()), one))
    return shapely.linestrings(np.concatenate(found)), np.concatenate(owners)
