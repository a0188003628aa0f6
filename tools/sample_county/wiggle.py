"""Lines that look as if nature or people had drawn them: midpoint displacement between fixed ends."""

from __future__ import annotations

import itertools
import math
import random

Point = tuple[float, float]


def wiggle(start: Point, end: Point, *, step_m: float, roughness: float, dice: random.Random) -> list[Point]:
    """Points from ``start`` to ``end`` (both kept), none further apart than about ``step_m`` metres.

    Each midpoint is moved sideways by a normal share ``roughness`` of its segment's length (Fournier, Fussell
    and Carpenter 1982), rounded to the centimetre that the register's figures have.
    """
    length = math.dist(start, end)
    if length <= step_m:
        return [start, end]
    aside = max(-2.0, min(2.0, dice.gauss(0.0, 1.0))) * roughness * length
    middle = (
        round((start[0] + end[0]) / 2 - aside * (end[1] - start[1]) / length, 2),
        round((start[1] + end[1]) / 2 + aside * (end[0] - start[0]) / length, 2),
    )
    first = wiggle(start, middle, step_m=step_m, roughness=roughness, dice=dice)
    return first[:-1] + wiggle(middle, end, step_m=step_m, roughness=roughness, dice=dice)


def wiggle_along(points: list[Point], *, step_m: float, roughness: float, dice: random.Random) -> list[Point]:
    """The same through several fixed points."""
    line = points[:1]
    for start, end in itertools.pairwise(points):
        line += wiggle(start, end, step_m=step_m, roughness=roughness, dice=dice)[1:]
    return line
