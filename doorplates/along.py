"""Where plates stand along roads: position, side and distance, for whole columns at once.

A road's line starts where its numbering starts. Its parts are taken in their order, gaps between them count nothing.
All lengths are metres of the register's projected CRS. Roads of several parts are measured along their axis
(:mod:`doorplates.axis`).
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from doorplates.axis import axes
from doorplates.grammar import parse_numbers
from rulebook.context import Context, derived
from rulebook.spatial import distance_to, has_shape

Array = np.ndarray[Any, Any]
TINY = np.finfo(float).tiny
ON_THE_LINE_M = 1e-6
FOOT_COLUMNS = ("position_m", "side", "distance_m", "beside_m", "ahead_m", "foot_x", "foot_y")


def along(points: gpd.GeoSeries, road_ids: pd.Series, roads: gpd.GeoSeries) -> pd.DataFrame:
    """Foot of each point on the road that ``road_ids`` names for it, indexed as ``points``.

    Columns: ``position_m`` from the start of the road, ``side`` (1 left of the digitised direction, -1 right, 0 on the
    line), ``distance_m``, ``beside_m`` (offset square to the line), ``ahead_m`` (how far a point stands beyond an end of
    the line, else 0), ``foot_x``, ``foot_y``. Points without geometry or without a known road with a line are left out.

    The position is GEOS's linear reference; the segment it falls in is found by bisecting the running lengths of all
    roads, laid end to end. A point whose foot is a vertex stands on the outer side of the bend, however sharp.
    """
    roads = roads[has_shape(roads) & (roads.length > 0)]
    lines = shapely.force_2d(roads.to_numpy())
    row = roads.index.get_indexer(road_ids.reindex(points.index))
    known = (row >= 0) & has_shape(points).to_numpy()
    row, spots = row[known], points.to_numpy()[known]
    if not len(row):
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in FOOT_COLUMNS}, index=points.index[:0])

    position = shapely.line_locate_point(lines[row], spots)
    start, vector, running, first, last = _segments(lines)
    here = np.searchsorted(running, running[first[row]] + position, side="right") - 1
    here = np.clip(here, first[row], last[row])
    before = np.maximum(here - 1, first[row])
    spot = shapely.get_coordinates(spots)
    nearer = _offset(spot, start[before], vector[before]) < _offset(spot, start[here], vector[here])
    segment = np.where(nearer, before, here)
    foot, past = _foot(spot, start[segment], vector[segment])
    beside = _cross(vector[segment], spot - start[segment]) / np.maximum(np.hypot(*vector[segment].T), TINY)
    side = np.sign(np.where(np.abs(beside) < ON_THE_LINE_M, 0.0, beside))
    outer = _outer_side(segment, past, start, vector)
    distance = np.hypot(*(spot - foot).T)
    at_end = (past != 0) & (outer == 0)
    return pd.DataFrame(
        {
            "position_m": position,
            "side": np.where(outer != 0, outer, side),
            "distance_m": distance,
            "beside_m": np.where(outer != 0, distance, np.abs(beside)),
            "ahead_m": np.where(at_end, np.sqrt(np.maximum(distance**2 - beside**2, 0.0)), 0.0),
            "foot_x": foot[:, 0],
            "foot_y": foot[:, 1],
        },
        index=points.index[known],
    )


def _cross(first: Array, second: Array) -> Array:
    return np.asarray(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])


def _outer_side(segment: Array, past: Array, start: Array, vector: Array) -> Array:
    """Side of points whose foot is the bend before (``past`` -1) or after (1) their segment; 0 where there is none."""
    other = np.clip(segment + past, 0, len(start) - 1)
    first, second = np.minimum(segment, other), np.maximum(segment, other)
    meets = np.hypot(*(start[first] + vector[first] - start[second]).T) < ON_THE_LINE_M
    turn = _cross(vector[first], vector[second])
    bends = np.abs(turn) > ON_THE_LINE_M * np.hypot(*vector[first].T) * np.hypot(*vector[second].T)
    return np.asarray(np.where((past != 0) & meets & bends, -np.sign(turn), 0.0))


def _foot(spot: Array, start: Array, vector: Array) -> tuple[Array, Array]:
    """Nearest points of segments to points, and past which end the point stands: -1 before the start, 1 after the end,
    0 beside the segment.
    """
    share = ((spot - start) * vector).sum(axis=1) / np.maximum((vector**2).sum(axis=1), TINY)
    foot: Array = start + vector * np.clip(share, 0.0, 1.0)[:, None]
    return foot, (share > 1).astype(int) - (share < 0).astype(int)


def _offset(spot: Array, start: Array, vector: Array) -> Array:
    """Distances of points from segments."""
    return np.asarray(np.hypot(*(spot - _foot(spot, start, vector)[0]).T))


def _segments(lines: Array) -> tuple[Array, ...]:
    """Segments of all lines in order: start points, vectors, running length before each, and the number of the first
    and last segment of each line.
    """
    parts, line_of_part = shapely.get_parts(lines, return_index=True)
    xy, part_of_vertex = shapely.get_coordinates(parts, return_index=True)
    within = part_of_vertex[1:] == part_of_vertex[:-1]
    start, vector = xy[:-1][within], np.diff(xy, axis=0)[within]
    line_of_segment = line_of_part[part_of_vertex[:-1][within]]
    running = np.concatenate([[0.0], np.cumsum(np.hypot(*vector.T))[:-1]])
    number = np.arange(len(lines))
    return (
        start,
        vector,
        running,
        np.searchsorted(line_of_segment, number, side="left"),
        np.searchsorted(line_of_segment, number, side="right") - 1,
    )


def nearest_road(points: gpd.GeoSeries, roads: gpd.GeoSeries) -> pd.DataFrame:
    """The road nearest to each point: ``nearest_id``, ``nearest_m``, indexed as the points that have a geometry;
    of roads equally near the smallest id. The tree holds segments, not roads: their boxes are tighter.
    """
    inorder = roads[has_shape(roads)].sort_index()
    usable = points[has_shape(points)]
    parts, road_of_part = shapely.get_parts(shapely.force_2d(inorder.to_numpy()), return_index=True)
    xy, part_of_vertex = shapely.get_coordinates(parts, return_index=True)
    within = part_of_vertex[1:] == part_of_vertex[:-1]
    segments = shapely.linestrings(np.stack([xy[:-1][within], xy[1:][within]], axis=1))
    road_of_segment = road_of_part[part_of_vertex[:-1][within]] if len(parts) else np.array([], dtype=int)
    (point, segment), distance = shapely.STRtree(segments).query_nearest(usable.to_numpy(), return_distance=True)
    pairs = pd.DataFrame({"point": point, "road": road_of_segment[segment], "nearest_m": distance})
    best = pairs.groupby("point").agg(road=("road", "min"), nearest_m=("nearest_m", "min"))
    return pd.DataFrame(
        {"nearest_id": inorder.index[best["road"]].astype("str"), "nearest_m": best["nearest_m"].to_numpy()},
        index=usable.index[best.index],
    )


@derived("doorplates")
def plate_numbers(ctx: Context) -> pd.DataFrame:
    """What the plates' numbers say (columns of :func:`doorplates.grammar.parse_numbers`), indexed as the plates."""
    return parse_numbers(ctx.frame("doorplates")["number"])


@derived("roads")
def road_axes(ctx: Context) -> gpd.GeoSeries:
    """Axes of the roads in force, by road id (:mod:`doorplates.axis`)."""
    roads = ctx.frame("roads")
    if roads.empty:
        return gpd.GeoSeries([], index=pd.Index([], dtype="str"))
    return axes(roads.geometry, float(ctx.setting("doorplates")["carriageway_m"]))


@derived("doorplates", "roads")
def plate_position(ctx: Context) -> pd.DataFrame:
    """Road plates that are not cancelled, with a point and a road in force that has a line.

    Columns: ``road_id``, ``status``, those of :func:`along` (along the axis of the road; ``distance_m`` to its nearest
    part), and ``main``, ``kind``, ``canonical`` of the number.
    """
    plates, roads = ctx.frame("doorplates"), ctx.frame("roads")
    wanted = plates[plates["kind"].eq("road") & plates["status"].ne("cancelled") & (not roads.empty)]
    feet = along(wanted.geometry, wanted["road_id"], road_axes(ctx))
    if len(feet):
        several = roads.index[shapely.get_num_geometries(roads.geometry.to_numpy()) > 1]
        on_parts = feet.index[wanted["road_id"].reindex(feet.index).isin(several)]
        feet.loc[on_parts, "distance_m"] = distance_to(wanted.geometry[on_parts], wanted["road_id"], roads.geometry)
    numbers = plate_numbers(ctx).reindex(feet.index)
    return feet.assign(
        **{name: wanted[name].reindex(feet.index) for name in ("road_id", "status")},
        **{name: numbers[name] for name in ("main", "kind", "canonical")},
    )
