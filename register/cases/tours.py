"""A good order of visit: nearest neighbour, then 2-opt until no exchange shortens the tour (Croes 1958). Straight lines."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
LEAST_GAIN_M = 1e-6
MOST_SWEEPS = 60


def tour(spots: Array, start: Array | None = None) -> tuple[Array, float]:
    """Order in which to visit ``spots`` (n × 2, metres) and the length of the tour in metres.

    With ``start`` the tour begins and ends there; without, it begins and ends at the spots that make it shortest: both
    ends are then a place that is equally near to everything (not a number), which costs nothing.
    """
    if not len(spots):
        return np.arange(0), 0.0
    home = np.full(2, np.nan) if start is None else np.asarray(start, dtype="float64")
    places = np.vstack([home, spots, home])
    route = _shortened(places, _nearest_first(places))
    return route[1:-1] - 1, _length(places, route)


def _distance(one: Array, other: Array) -> Array:
    """Metres between places; nothing from or to a place that is nowhere."""
    metres: Array = np.nan_to_num(np.hypot(one[..., 0] - other[..., 0], one[..., 1] - other[..., 1]))
    return metres


def _length(places: Array, route: Array) -> float:
    return float(_distance(places[route[:-1]], places[route[1:]]).sum())


def _nearest_first(places: Array) -> Array:
    """Always on to the nearest place not yet visited; from nowhere, first to the one furthest from the middle."""
    last = len(places) - 1
    waiting = np.ones(len(places), dtype=bool)
    waiting[[0, last]] = False
    route = [0]
    if np.isnan(places[0]).any() and waiting.any():
        off = _distance(places[1:last], places[1:last].mean(axis=0))
        route.append(int(off.argmax()) + 1)
        waiting[route[-1]] = False
    while waiting.any():
        left = np.flatnonzero(waiting)
        route.append(int(left[_distance(places[left], places[route[-1]]).argmin()]))
        waiting[route[-1]] = False
    return np.array([*route, last])


def _shortened(places: Array, route: Array) -> Array:
    """Turn stretches of the route round while that makes it shorter; its two ends stay."""
    route = route.copy()
    for _ in range(MOST_SWEEPS):
        better = False
        for i in range(len(route) - 3):
            after = np.arange(i + 2, len(route) - 1)  # last place of the stretch that is turned
            here, following = places[route[i]], places[route[i + 1]]
            gain = (
                _distance(here, following)
                + _distance(places[route[after]], places[route[after + 1]])
                - _distance(here, places[route[after]])
                - _distance(following, places[route[after + 1]])
            )
            best = int(gain.argmax())
            if gain[best] > LEAST_GAIN_M:
                end = after[best] + 1
                route[i + 1 : end] = route[i + 1 : end][::-1]
                better = True
        if not better:
            break
    return route
