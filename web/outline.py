"""Shapes as SVG paths: metres east and north become picture units, north up, with no more points than can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from register.cases.division_desk import Ground

SIZE = 1000.0
MARGIN = 20.0
FINEST = 1.0  # picture units


@dataclass(frozen=True)
class Figure:
    """Paths of divisions with their names, and marks of records that wait for a choice."""

    width: float
    height: float
    grounds: list[dict[str, Any]]
    marks: list[dict[str, Any]]


def figure(grounds: Sequence[Ground], shapes: Iterable[Any], frame: tuple[float, float, float, float]) -> Figure:
    """A drawing of ``grounds`` and of record ``shapes`` within a frame (west, south, east, north)."""
    west, south, east, north = frame
    scale = (SIZE - 2 * MARGIN) / max(east - west, north - south, 1.0)

    def place(xy: np.ndarray) -> np.ndarray:
        return np.column_stack([(xy[:, 0] - west) * scale + MARGIN, (north - xy[:, 1]) * scale + MARGIN])

    drawn = []
    for one in grounds:
        shape = shapely.simplify(shapely.transform(one.geometry, place), FINEST)
        if shape.is_empty:
            continue
        spot = shapely.point_on_surface(shape)
        drawn.append({"name": one.name, "role": one.role, "path": _path(shape), "x": round(spot.x), "y": round(spot.y)})
    marks = []
    for shape in shapes:
        if shape is None or shape.is_empty:
            continue
        moved = shapely.simplify(shapely.transform(shape, place), FINEST)
        if moved.geom_type == "Point":
            marks.append({"x": round(moved.x), "y": round(moved.y)})
        else:
            marks.append({"path": _path(moved)})
    order = ("beside", "changed", "ended", "made")
    drawn.sort(key=lambda one: order.index(one["role"]))
    return Figure(round((east - west) * scale + 2 * MARGIN), round((north - south) * scale + 2 * MARGIN), drawn, marks)


def frame_of(*drawings: Sequence[Ground]) -> tuple[float, float, float, float]:
    """The extent of several drawings."""
    shapes = [one.geometry for drawing in drawings for one in drawing]
    west, south, east, north = shapely.total_bounds(shapes) if shapes else (0.0, 0.0, 1.0, 1.0)
    return float(west), float(south), float(east), float(north)


def _path(shape: Any) -> str:
    """``d`` of a path."""
    pieces = []
    for part in shapely.get_parts(shape):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        for ring in rings:
            points = " ".join(f"{x:.0f},{y:.0f}" for x, y in shapely.get_coordinates(ring))
            pieces.append(f"M{points}" + ("Z" if part.geom_type == "Polygon" else ""))
    return "".join(pieces)
