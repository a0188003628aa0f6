"""The shift of Chinese online maps (GCJ-02), as published in open-source converters since 2010.

Only for making faulty data: the check has its own formulae, so that each proves the other.
"""

from __future__ import annotations

from math import cos, pi, sin, sqrt

SEMI_MAJOR_M = 6378245.0  # Krassowsky 1940
ECCENTRICITY_SQUARED = 0.00669342162296594323


def shifted(lon: float, lat: float) -> tuple[float, float]:
    """Where an online map shows the point that CGCS2000 has at ``lon``, ``lat`` (degrees)."""
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (waves + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (waves + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    parallel = lat / 180.0 * pi
    bend = 1 - ECCENTRICITY_SQUARED * sin(parallel) ** 2
    north = north * 180.0 / (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / (bend * sqrt(bend)) * pi)
    east = east * 180.0 / (SEMI_MAJOR_M / sqrt(bend) * cos(parallel) * pi)
    return lon + east, lat + north
