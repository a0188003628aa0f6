"""Cuts a patch between two divisions in the middle. Metres of one projected CRS throughout.

A ribbon has an arc along each division. The cut runs half way between each vertex of one arc and the nearest place on
the other, which keeps the shape of the two edges and has no more vertices than they have. Patches of another form (with
a hole, or touching the two in turns) are cut where both are equally near, by Voronoi cells of points on their outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from boundaries import coverage

SITES = 400
DIGITS = 4
WHOLE = 1e-6
CLEAR = 5
GRID_M = 1e-6
UNEVEN = 0.01  # of the sites' spacing: Voronoi cells of sites on one circle would degenerate


@dataclass(frozen=True)
class Halves:
    """The parts of a patch next to the one and the other area; one is empty where only the other area is touched."""

    first: Any
    second: Any


def halves(patch: Any, sides: tuple[Any, Any]) -> Halves:
    """Cut a polygon between two areas; one that runs along none of them goes to the first."""
    pieces = coverage.outline_pieces(np.array([patch]), np.array(sides, dtype=object))
    along = [pieces["shape"].map(lambda found, n=n: isinstance(found, tuple) and n in found) for n in (0, 1)]
    label = np.select([along[0] & ~along[1], along[1] & ~along[0]], [0, 1], -1)
    if not (label == 1).any():
        return Halves(patch, shapely.Polygon())
    if not (label == 0).any():
        return Halves(shapely.Polygon(), patch)
    ribbon = _ribbon(patch, label) if not len(patch.interiors) else None
    return ribbon or _nearest(patch, label, pieces["length_m"].sum() / SITES)


def _ribbon(patch: Any, label: Any) -> Halves | None:
    """Halves by the middle line of two arcs, None where each side is not one arc or the line leaves the patch."""
    xy = shapely.get_coordinates(patch)
    reach = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    told = np.flatnonzero(label >= 0)
    changes = told[label[told] != label[np.roll(told, -1)]]
    if len(changes) != 2:
        return None
    following = np.array([told[(np.searchsorted(told, one) + 1) % len(told)] for one in changes])
    start, end = reach[changes + 1], reach[following]
    cuts = (start + np.where(end < start, end + reach[-1], end)) / 2 % reach[-1]
    arcs = [_arc(xy, reach, cuts[0], cuts[1]), _arc(xy, reach, cuts[1], cuts[0])[::-1]]
    if label[following[0]] == 1:
        arcs.reverse()
    width = float(coverage.mean_width(np.array([patch]))[0])
    for inner in (_across(arcs, width / 2), _alike(arcs)):
        middle = np.vstack([arcs[0][:1], inner.round(DIGITS), arcs[0][-1:]])
        found = [shapely.polygons(np.vstack([arc, middle[-2::-1]])) for arc in arcs]
        if _are_parts(found, patch):
            return Halves(found[0], found[1])
    return None


def _are_parts(found: list[Any], patch: Any) -> bool:
    """Whether two polygons are proper and make up the patch."""
    if not (shapely.is_valid(found).all() and (shapely.area(found) > 0).all()):
        return False
    shared, whole = shapely.area(shapely.intersection(*found)), sum(shapely.area(found))
    return bool(shared <= WHOLE * patch.area and abs(whole - patch.area) <= WHOLE * patch.area)


def _across(arcs: list[Any], step_m: float) -> Any:
    """Places half way between the vertices of each of two arcs and the nearest place on the other, in order along both,
    those within ``step_m`` as one; those that come to lie on an arc, as at its ends, are left out.
    """
    lines = shapely.linestrings(arcs[0]), shapely.linestrings(arcs[1])
    points, order = [], []
    for own, other, xy in ((0, 1, arcs[0]), (1, 0, arcs[1])):
        vertices = shapely.points(xy[1:-1])
        shares = [shapely.line_locate_point(line, vertices, normalized=True) for line in (lines[own], lines[other])]
        across = shapely.line_interpolate_point(lines[other], shares[1], normalized=True)
        points.append((xy[1:-1] + shapely.get_coordinates(across)) / 2)
        order.append((shares[0] + shares[1]) / 2)
    bucket = np.floor(np.concatenate(order) * shapely.length(lines).mean() / step_m)
    inner = pd.DataFrame(np.vstack(points)).groupby(bucket).mean().to_numpy()
    clear = shapely.distance(shapely.multilinestrings(lines), shapely.points(inner)) > step_m / CLEAR
    return inner[clear]


def _alike(arcs: list[Any]) -> Any:
    """Places half way between those at the same share of the lengths of two arcs, for the vertices of both."""
    share = [np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(arc, axis=0).T))]) for arc in arcs]
    at = np.unique(np.concatenate([one / one[-1] for one in share]).round(9))[1:-1]
    both = [
        np.column_stack([np.interp(at, one / one[-1], arc[:, axis]) for axis in (0, 1)])
        for one, arc in zip(share, arcs, strict=True)
    ]
    return (both[0] + both[1]) / 2


def _arc(xy: Any, reach: Any, start: float, end: float) -> Any:
    """Coordinates of a closed ring from one length along it to another, onward, across its seam if need be."""
    ends = [[np.interp(one, reach, xy[:, axis]) for axis in (0, 1)] for one in (start, end)]
    onward = (reach[:-1] > start) & (reach[:-1] < end) if start < end else reach[:-1] > start
    before = np.zeros(len(reach) - 1, dtype=bool) if start < end else reach[:-1] < end
    return np.vstack([ends[:1], xy[:-1][onward], xy[:-1][before], ends[1:]])


def _nearest(patch: Any, label: Any, step: float) -> Halves:
    rings = shapely.get_coordinates(shapely.get_rings(patch), return_index=True)
    inner = rings[1][1:] == rings[1][:-1]
    starts, ends = rings[0][:-1][inner], rings[0][1:][inner]
    sites, owner = [], []
    for side in (0, 1):
        edges = shapely.linestrings(np.stack([starts, ends], axis=1)[label == side])
        xy, line = shapely.get_coordinates(shapely.segmentize(edges, step), return_index=True)
        middles = ((xy[:-1] + xy[1:]) / 2)[line[1:] == line[:-1]]
        sites.append(middles)
        owner.append(np.full(len(middles), side))
    points, side_of = np.vstack(sites), np.concatenate(owner)
    points = points + np.random.default_rng(0).uniform(-UNEVEN, UNEVEN, points.shape) * step
    points, first = np.unique(points.round(6), axis=0, return_index=True)
    side_of = side_of[first]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=patch))
    cell, site = shapely.STRtree(shapely.points(points)).query(cells, predicate="intersects")
    one = shapely.union_all(shapely.intersection(cells[cell[side_of[site] == 0]], patch), grid_size=GRID_M)
    return Halves(coverage.areal(one), coverage.areal(shapely.difference(patch, one)))
