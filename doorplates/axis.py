"""The line along which a road is measured, where its geometry has several parts.

A road is often drawn in pieces, and a wide one as two carriageways that run against each other. Measured piece by
piece, positions would jump and the sides of the second carriageway be exchanged. So pieces that meet are joined in the
direction in which most of their length is drawn, and a piece that runs beside a longer one is left out: what stands
beyond it stands on that side of the road.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from doorplates.bearings import directions

Array = np.ndarray[Any, Any]
SAMPLE_M = 10.0
PARALLEL = 0.9
BESIDE_SHARE = 0.6
FIRST_PART_LEAD = 1.25


def axes(roads: gpd.GeoSeries, carriageway_m: float) -> gpd.GeoSeries:
    """Axes of roads, with their index; a road of one part is its own axis.

    ``carriageway_m`` is how far apart two carriageways of one road may run (metres of the projected CRS).
    """
    lines = shapely.force_2d(roads.to_numpy())
    several = np.flatnonzero(shapely.get_num_geometries(lines) > 1)
    for number in several:
        lines[number] = _axis(lines[number], carriageway_m)
    return gpd.GeoSeries(lines, index=roads.index, crs=roads.crs)


def _axis(road: Any, carriageway_m: float) -> Any:
    parts = shapely.get_parts(road)
    parts = _without_twins(parts[shapely.length(parts) > 0], carriageway_m)
    if len(parts) < 2:
        return parts[0] if len(parts) else road
    joined = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts)))
    home = np.argmin(shapely.distance(_middles(parts)[:, None], joined[None, :]), axis=1)
    oriented = [_oriented(line, parts[home == number]) for number, line in enumerate(joined)]
    first_part = [
        int(np.flatnonzero(home == number)[0]) if (home == number).any() else len(parts)
        for number in range(len(joined))
    ]
    inorder = _without_twins(np.array(oriented, dtype=object)[np.argsort(first_part, kind="stable")], carriageway_m)
    return inorder[0] if len(inorder) == 1 else shapely.multilinestrings(inorder)


def _middles(parts: Array) -> Array:
    return np.asarray(shapely.line_interpolate_point(parts, 0.5, normalized=True))


def _oriented(line: Any, parts: Array) -> Any:
    """``line`` in the direction in which most of its parts are drawn."""
    length = shapely.length(parts)
    step = np.minimum(length / 4, 1.0)
    ahead = shapely.line_locate_point(line, shapely.line_interpolate_point(parts, length / 2 + step))
    behind = shapely.line_locate_point(line, shapely.line_interpolate_point(parts, length / 2 - step))
    return shapely.reverse(line) if float((np.sign(ahead - behind) * length).sum()) < 0 else line


def _without_twins(parts: Array, carriageway_m: float) -> Array:
    """Parts that do not run beside a longer one. The first part counts as longer than it is: it says where numbers
    start.
    """
    kept: list[int] = []
    length = shapely.length(parts)
    length[:1] *= FIRST_PART_LEAD
    for number in np.argsort(-length, kind="stable"):
        if not any(_beside(parts[number], parts[one], carriageway_m) for one in kept):
            kept.append(int(number))
    return np.asarray(parts[sorted(kept)])


def _beside(part: Any, longer: Any, carriageway_m: float) -> bool:
    """Whether most of ``part`` runs parallel to ``longer``, near it and between its ends."""
    if shapely.distance(part, longer) > carriageway_m:
        return False
    samples = max(int(shapely.length(part) / SAMPLE_M), 3)
    reach = (np.arange(samples) + 0.5) / samples * shapely.length(part)
    points = shapely.line_interpolate_point(part, reach)
    place = shapely.line_locate_point(longer, points)
    between = (place > 0) & (place < shapely.length(longer))
    near = shapely.distance(points, longer) <= carriageway_m
    cosine = np.abs((directions(part, reach) * directions(longer, place)).sum(axis=1))
    return bool((between & near & (cosine >= PARALLEL)).mean() >= BESIDE_SHARE)
