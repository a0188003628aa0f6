"""What divisions look like once ground that none or several of them have belongs to one of each level.

The edges around the ground are noded together, and the faces between them handed out anew; every division that meets
the ground gets the nodes on its outline, so that neighbours have the very same vertices on their common edge. Only edges
near the ground are touched. Higher divisions follow the ones inside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from boundaries import codes, coverage
from boundaries.layers import LEVELS

NOISE_M = 0.001
SNAP_M = 1e-4
NOT_RECORDED, NOBODY = -1, -2

Award = tuple[Any, str]  # a piece of ground and the record id of the division that gets it


def settled(awards: Sequence[Award], level: str, every: gpd.GeoDataFrame) -> dict[str, Any]:
    """New areas of the divisions that change when each piece of ground belongs to its taker alone, by record id.

    ``every`` is ``tiling.areas``; takers are of ``level``. Divisions of higher levels change where their line is not
    that of the ones inside.
    """
    pieces = [piece for piece, _ in awards]
    takers = [every.at[taker, "code"] for _, taker in awards]
    corners = shapely.get_coordinates(pieces)
    ground = shapely.union_all(pieces)
    shapely.prepare(ground)
    result: dict[str, Any] = {}
    for upper in reversed(LEVELS[: LEVELS.index(level) + 1]):
        own = _touched(every[every["level"].eq(upper) & every["sound"]], pieces)
        heirs = [_heir(own, code) for code in takers]
        shapes = own.geometry.to_numpy()
        if upper != level and _already_so(shapes, pieces, heirs):
            continue
        shapes = np.array([noded(shape, corners) for shape in shapes], dtype=object)
        edges, _ = coverage.edges_near(np.array(pieces, dtype=object), shapes)
        edges = edges[shapely.dwithin(ground, edges, coverage.TOUCHING_M)]
        faces = coverage.polygon_parts(shapely.polygonize([shapely.union_all([*edges, *shapely.boundary(pieces)])]))
        heir_of = np.full(len(faces), NOBODY)
        for piece, heir in zip(pieces, heirs, strict=True):
            heir_of[_inside(faces, piece)] = heir
        result.update(_handed_out(own, shapes, faces[heir_of != NOBODY], heir_of[heir_of != NOBODY]))
    return result


def noded(shape: Any, points: Any) -> Any:
    """An area with a vertex at every point (rows of x, y) on its outline, within a tenth of a millimetre."""
    _, xy, (rings, *parts) = shapely.to_ragged_array([coverage.areal(shape)])
    (west, south), (east, north) = points.min(axis=0) - SNAP_M, points.max(axis=0) + SNAP_M
    low, high = np.minimum(xy[:-1], xy[1:]), np.maximum(xy[:-1], xy[1:])
    near = (low[:, 0] <= east) & (low[:, 1] <= north) & (high[:, 0] >= west) & (high[:, 1] >= south)
    near[rings[1:-1] - 1] = False
    edge = np.flatnonzero(near)
    lines = shapely.linestrings(np.stack([xy[edge], xy[edge + 1]], axis=1))
    found, point = shapely.STRtree(shapely.points(points)).query(lines, predicate="dwithin", distance=SNAP_M)
    edge, there = edge[found], points[point]
    starts, ends = (np.hypot(*(there - xy[edge + one]).T) <= SNAP_M for one in (0, 1))
    moved = xy.copy()
    moved[edge[starts]], moved[edge[ends] + 1] = there[starts], there[ends]
    between = ~(starts | ends)
    edge, there = edge[between], there[between]
    order = np.lexsort((np.hypot(*(there - xy[edge]).T), edge))
    edge, there = edge[order], there[order]
    new_rings = rings + np.searchsorted(edge, rings, side="left")
    return shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, np.insert(moved, edge + 1, there, axis=0), (new_rings, *parts)
    )[0]


def _touched(own: gpd.GeoDataFrame, pieces: Sequence[Any]) -> gpd.GeoDataFrame:
    _, met = shapely.STRtree(own.geometry.to_numpy()).query(
        np.array(pieces, dtype=object), predicate="dwithin", distance=coverage.TOUCHING_M
    )
    return own.iloc[np.unique(met)]


def _heir(own: gpd.GeoDataFrame, code: str) -> int:
    """Position of the division that is or contains the one of a code."""
    fits = [place for place, one in enumerate(own["code"]) if code.startswith(codes.stem(one))]
    return fits[0] if fits else NOT_RECORDED


def _already_so(shapes: Any, pieces: Sequence[Any], heirs: Sequence[int]) -> bool:
    """Whether each piece lies in its heir and in no other division of the level, by a millimetre."""
    for piece, heir in zip(pieces, heirs, strict=True):
        for place, shape in enumerate(shapes):
            rest = shapely.difference(piece, shape) if place == heir else shapely.intersection(piece, shape)
            if coverage.wide(coverage.polygon_parts(rest), NOISE_M).any():
                return False
    return True


def _inside(faces: Any, shape: Any) -> Any:
    points = shapely.get_coordinates(shapely.point_on_surface(faces))
    shapely.prepare(shape)
    return shapely.contains_xy(shape, points[:, 0], points[:, 1])


def _handed_out(own: gpd.GeoDataFrame, shapes: Any, faces: Any, heir_of: Any) -> dict[str, Any]:
    """New areas, where they change, once each face is its heir's and nobody else's."""
    if not len(faces):
        return {}
    corners = shapely.get_coordinates(faces)
    found = {}
    for place, (record_id, old, shape) in enumerate(zip(own.index, own.geometry, shapes, strict=True)):
        held = _inside(faces, shape)
        new = noded(shape, corners)
        lost = faces[held & (heir_of != place)]
        if len(lost):
            new = shapely.difference(new, shapely.coverage_union_all(lost))
        gained = faces[~held & (heir_of == place)]
        if len(gained):
            new = shapely.union(new, shapely.coverage_union_all(gained))
        new = coverage.areal(new)
        if not shapely.equals_exact(shapely.normalize(new), shapely.normalize(coverage.areal(old)), 0.0):
            found[str(record_id)] = new
    return found
