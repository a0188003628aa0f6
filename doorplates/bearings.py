"""Directions of lines at places along them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

STEP_M = 0.5
TINY = np.finfo(float).tiny


def directions(line: Any, places_m: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Unit vectors of ``line`` (one, or an array as long as ``places_m``) at distances from its start."""
    before = shapely.line_interpolate_point(line, np.maximum(places_m - STEP_M, 0.0))
    after = shapely.line_interpolate_point(line, np.minimum(places_m + STEP_M, shapely.length(line)))
    vectors = shapely.get_coordinates(after) - shapely.get_coordinates(before)
    return np.asarray(vectors / np.maximum(np.hypot(*vectors.T), TINY)[:, None])
