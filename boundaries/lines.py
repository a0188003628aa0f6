"""Boundary lines against the divisions on their two sides; frames that several rules share.

Of a county line only one side is usually in the register, so every measure works with one polygon.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import codes, coverage, tiling
from boundaries.layers import LEVELS
from rulebook.context import Context, derived

SAMPLES = 200
STEP_M = 0.5
SIDES = ("left", "right")


@derived("boundary_lines")
def lines(ctx: Context) -> gpd.GeoDataFrame:
    """Boundary lines in force with a geometry, indexed by record id: ``left``, ``right`` (normal codes),
    ``accuracy_m``, ``geometry`` (plane, parts joined where they meet).
    """
    frame = ctx.frame("boundary_lines").sort_index()
    if frame.empty:
        blank = pd.DataFrame({"left": [], "right": [], "accuracy_m": []}, index=pd.Index([], dtype="str"))
        return gpd.GeoDataFrame(blank, geometry=[], crs=ctx.crs)
    shapes = shapely.line_merge(shapely.force_2d(frame["geometry"].to_numpy()))
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & (shapely.length(shapes) > 0)
    frame, shapes = frame[there], shapes[there]
    columns = {side: codes.normal(frame[f"{side}_code"]) for side in SIDES}
    table = {**columns, "accuracy_m": frame["accuracy_m"]}
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, index=frame.index), crs=ctx.crs)


def areas_of(wanted: pd.Series, every: gpd.GeoDataFrame) -> dict[str, Any]:
    """Area of each wanted normal code: its own polygon, else the union of the divisions inside it, of the highest
    level there is. Codes without any are left out.
    """
    found: dict[str, Any] = {}
    own = every.drop_duplicates("code").set_index("code").geometry
    for code in sorted(set(wanted.dropna())):
        inside = every[every["code"].str.startswith(codes.stem(code))]
        if code in own.index:
            found[code] = own[code]
        elif len(inside):
            found[code] = coverage.union(
                inside[inside["level"].eq(min(inside["level"], key=LEVELS.index))].geometry.to_numpy()
            )
    return found


def off_outline(shape: Any, area: Any, step_m: float) -> tuple[Any, Any]:
    """Points along a line, at its vertices and at least every ``step_m``, and their distances to an area's outline."""
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(shape, step_m)))
    return points, distances_to_outline(points, area)


def distances_to_outline(points: Any, area: Any) -> Any:
    """Distance of points to the outline of an area, by its nearest edges."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(area)), return_index=True)
    inner = ring[1:] == ring[:-1]
    edges = shapely.linestrings(np.stack([xy[:-1][inner], xy[1:][inner]], axis=1))
    (asked, _), distance = shapely.STRtree(edges).query_nearest(points, return_distance=True, all_matches=False)
    result = np.full(len(points), np.nan)
    result[asked] = distance
    return result


def side_points(shape: Any, offset_m: float) -> dict[str, Any]:
    """Coordinates of points left and right of a line at evenly spaced places along its digitised direction."""
    parts = shapely.get_parts(shape)
    share = shapely.length(parts) / shapely.length(parts).sum()
    places = [np.linspace(0, 1, max(int(SAMPLES * one), 2) + 2)[1:-1] for one in share]
    line = np.repeat(parts, [len(one) for one in places])
    along = np.concatenate(places) * shapely.length(line)
    before = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(along - STEP_M, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(line, along + STEP_M))
    there = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    heading = after - before
    heading /= np.maximum(np.hypot(*heading.T), 1e-9)[:, None]
    normal = np.column_stack([-heading[:, 1], heading[:, 0]]) * offset_m
    return {"left": there + normal, "right": there - normal}


def share_inside(xy: Any, area: Any) -> float:
    """Share of points inside an area."""
    shapely.prepare(area)
    return float(shapely.contains_xy(area, xy[:, 0], xy[:, 1]).mean())


@derived("boundary_lines", "divisions")
def sides(ctx: Context) -> pd.DataFrame:
    """What lies on both sides of each line, one row a line and recorded side: ``line``, ``side``, ``code``,
    ``own_share`` and ``other_share`` (of points beside the line, on the recorded side and on the other, inside the
    division), for divisions that have an area. Points stand two accuracies, at least ten metres, off the line.
    """
    table, every = lines(ctx), tiling.areas(ctx)
    known = areas_of(pd.concat([table["left"], table["right"]]), every)
    rows = []
    for line, shape, accuracy, left, right in zip(
        table.index, table.geometry, table["accuracy_m"].fillna(0), table["left"], table["right"], strict=True
    ):
        beside = side_points(shape, max(2 * accuracy, 10.0))
        for side, code in (("left", left), ("right", right)):
            if code in known:
                shares = {one: share_inside(beside[one], known[code]) for one in SIDES}
                own, other = shares[side], shares["right" if side == "left" else "left"]
                rows.append((line, side, code, own, other, known[code]))
    return pd.DataFrame(rows, columns=["line", "side", "code", "own_share", "other_share", "area"])
