"""Ground that changes hands: whether parts fill what they were cut from, and giving them exactly that ground.

Plane coordinates in metres. A patch counts when its mean width (twice the area over the perimeter) is beyond the
tolerance; what is narrower comes from drawing and is given to the part that it touches most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon

from boundaries import coverage

EXACT_M = 1e-6  # what the arithmetic of coordinates leaves
SLIVER_M = 0.001


@dataclass(frozen=True)
class Misfit:
    """What keeps parts from filling their whole, in square metres of patches wider than the tolerance."""

    uncovered_m2: float
    outside_m2: float
    shared_m2: float

    def __bool__(self) -> bool:
        return max(self.uncovered_m2, self.outside_m2, self.shared_m2) > 0


def misfit(whole: MultiPolygon, parts: Sequence[MultiPolygon], tolerance_m: float) -> Misfit:
    """How parts fail to tile a whole."""
    joined = shapely.union_all(list(parts))
    pairs = coverage.overlaps(np.array(parts, dtype=object))
    shared = [patch for both in pairs["geometry"] for patch in wide(both, tolerance_m)]
    return Misfit(
        _area(wide(shapely.difference(whole, joined), tolerance_m)),
        _area(wide(shapely.difference(joined, whole), tolerance_m)),
        _area(shared),
    )


def fitted(whole: MultiPolygon, parts: Sequence[MultiPolygon]) -> list[MultiPolygon]:
    """Parts that tile a whole exactly: as they are where they do, else cut to it, slivers given to the part they touch
    most and shared ones to the part named first.
    """
    if not misfit(whole, parts, EXACT_M):
        return list(parts)
    rest, own = whole, []
    for part in parts:
        own.append(coverage.areal(shapely.intersection(part, rest)))
        rest = coverage.areal(shapely.difference(rest, own[-1]))
    for sliver in coverage.polygon_parts(rest):
        contact = shapely.length(shapely.intersection(shapely.boundary(sliver), np.array(own, dtype=object)))
        taker = int(np.argmax(contact))
        own[taker] = joined([own[taker], sliver])
    return own


def joined(shapes: Sequence[Any]) -> MultiPolygon:
    """Union of polygons as a MultiPolygon."""
    return coverage.areal(coverage.union(np.array(list(shapes), dtype=object)))


def less(whole: MultiPolygon, ground: Any) -> MultiPolygon:
    """A polygon without some ground, slivers of a millimetre left out."""
    left = coverage.polygon_parts(shapely.difference(whole, ground))
    return shapely.multipolygons(left[coverage.mean_width(left) > SLIVER_M])


def wide(shape: Any, tolerance_m: float) -> Any:
    """The polygons of a shape whose mean width is beyond a tolerance."""
    patches = coverage.polygon_parts(shape)
    return patches[coverage.mean_width(patches) > tolerance_m]


def _area(patches: Any) -> float:
    return float(shapely.area(patches).sum()) if len(patches) else 0.0
