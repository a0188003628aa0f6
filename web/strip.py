"""Plates of a road drawn as a strip: the road as a line, left of it above, right of it below, numbers in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MARGIN = 44
WIDTHS = (1240, 9000)
PER_PLATE = 30
LEVELS = 3
LEVEL_HEIGHT = 22
FIRST_LEVEL = 30
MIDDLE = FIRST_LEVEL + LEVELS * LEVEL_HEIGHT + 6
SIGN_WIDTH = 7.6


def layout(plates: Sequence[Mapping[str, Any]], length_m: float) -> dict[str, Any]:
    """Where everything stands, in pixels: ``width``, ``height``, ``middle``, ``start`` and ``end`` of the road,
    ``ticks`` (every round distance) and ``marks``, one a plate with ``x``, ``y`` and half its ``wide``.
    """
    crowd = max((sum(1 for plate in plates if (plate["side"] >= 0) == above) for above in (True, False)), default=0)
    width = min(max(WIDTHS[0], crowd * PER_PLATE + 2 * MARGIN), WIDTHS[1])
    length = max(length_m, 1.0)

    def across(metres: float) -> float:
        return round(MARGIN + min(max(metres / length, 0.0), 1.0) * (width - 2 * MARGIN), 1)

    taken = {(side, level): -1e9 for side in (1, -1) for level in range(LEVELS)}
    marks = []
    for plate in plates:
        side = -1 if plate["side"] < 0 else 1
        x, wide = across(plate["position_m"]), max(len(plate["number"]) * SIGN_WIDTH, 16) / 2 + 3
        free = [level for level in range(LEVELS) if taken[side, level] + 2 <= x - wide]
        level = free[0] if free else min(range(LEVELS), key=lambda one: taken[side, one])
        taken[side, level] = x + wide
        marks.append({**plate, "x": x, "y": MIDDLE - side * (FIRST_LEVEL + level * LEVEL_HEIGHT), "wide": wide})
    step = next((one for one in (10, 20, 50, 100, 200, 500, 1000, 2000) if length / one <= width / 90), 5000)
    ticks = [{"x": across(metres), "metres": metres} for metres in range(0, int(length) + 1, step)]
    return {
        "width": width, "height": 2 * MIDDLE, "middle": MIDDLE, "start": MARGIN, "end": width - MARGIN,
        "ticks": ticks, "marks": marks,
    }  # fmt: skip
