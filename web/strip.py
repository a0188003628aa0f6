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
WHOLE_FROM = 0.6
SPARE, SPARE_M = 0.15, 40.0


def layout(plates: Sequence[Mapping[str, Any]], length_m: float) -> dict[str, Any]:
    """Where everything stands, in pixels: ``width``, ``height``, ``middle``, ``start`` and ``end`` of the line, whether
    these are the road's (``from_start``, ``to_end``), ``ticks`` (every round distance) and ``marks``, one a plate with
    ``x``, ``y`` and half its ``wide``.
    """
    crowd = max((sum(1 for plate in plates if (plate["side"] >= 0) == above) for above in (True, False)), default=0)
    width = min(max(WIDTHS[0], crowd * PER_PLATE + 2 * MARGIN), WIDTHS[1])
    first, last = _shown([plate["position_m"] for plate in plates], max(length_m, 1.0))

    def across(metres: float) -> float:
        share = (metres - first) / (last - first)
        return round(MARGIN + min(max(share, 0.0), 1.0) * (width - 2 * MARGIN), 1)

    taken = {(side, level): -1e9 for side in (1, -1) for level in range(LEVELS)}
    marks = []
    for plate in plates:
        side = -1 if plate["side"] < 0 else 1
        x, wide = across(plate["position_m"]), max(len(plate["number"]) * SIGN_WIDTH, 16) / 2 + 3
        free = [level for level in range(LEVELS) if taken[side, level] + 2 <= x - wide]
        level = free[0] if free else min(range(LEVELS), key=lambda one: taken[side, one])
        taken[side, level] = x + wide
        marks.append({**plate, "x": x, "y": MIDDLE - side * (FIRST_LEVEL + level * LEVEL_HEIGHT), "wide": wide})
    step = next((one for one in (10, 20, 50, 100, 200, 500, 1000, 2000) if (last - first) / one <= width / 90), 5000)
    ticks = [
        {"x": across(metres), "metres": metres} for metres in range(-int(-first // step) * step, int(last) + 1, step)
    ]
    return {
        "width": width, "height": 2 * MIDDLE, "middle": MIDDLE, "start": MARGIN, "end": width - MARGIN,
        "ticks": ticks, "marks": marks, "from_start": first <= 0, "to_end": last >= length_m,
    }  # fmt: skip


def _shown(places: Sequence[float], length_m: float) -> tuple[float, float]:
    """From where to where the road is drawn: all of it, or only where plates are, when that is the smaller part."""
    if not places or max(places) - min(places) > WHOLE_FROM * length_m:
        return 0.0, length_m
    beside = max(SPARE * (max(places) - min(places)), SPARE_M)
    first, last = min(places) - beside, max(places) + beside
    return (max(first, 0.0), min(last, length_m)) if last - first < length_m else (0.0, length_m)
