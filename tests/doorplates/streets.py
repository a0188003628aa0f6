"""Generated streets with right numbers, on which wrong plates are planted: straight, bent, winding, closed, two
carriageways, one-sided. All in EPSG:4549, metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import shapely

from doorplates.rules import numbers_missing
from register import profiles
from rulebook.context import Context, Run
from tests.case_files import METRIC, TODAY, layers_of

SHAPES = ("straight", "bent", "winding", "hairpin", "ring", "dual", "pieces", "backwards_piece")
NUMBERINGS = ("odd_left", "odd_right", "consecutive")
CORNER_M = 20.0
ORIGIN = (580000.0, 3270000.0)


@dataclass(frozen=True)
class Street:
    """A road's parts, and its plates: id, number, point, side (1 left) and place along the axis."""

    parts: list[list[tuple[float, float]]]
    plates: pd.DataFrame
    numbering: str
    falling: bool


def axis_of(shape: str, length: float) -> list[tuple[float, float]]:
    """Vertices of an axis about ``length`` metres long."""
    if shape == "bent":
        return [(0, 0), (length / 2, 0), (length / 2, length / 2)]
    if shape == "winding":
        x = np.linspace(0, length, 60)
        return list(zip(x.tolist(), (40 * np.sin(x / 60)).tolist(), strict=True))
    if shape == "hairpin":
        return [(0, 0), (length / 2, 0), (length / 2, 90), (0, 90)]
    if shape == "ring":
        turn = np.linspace(0, 2 * np.pi, 60)
        radius = length / (2 * np.pi)
        return [(float(radius * np.cos(one)), float(radius * np.sin(one))) for one in turn[:-1]] + [(radius, 0.0)]
    return [(0, 0), (length / 3, 0), (2 * length / 3, 0), (length, 0)]


def parts_of(shape: str, axis: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """How the road is drawn."""
    if shape == "dual":
        return [axis, [(x, y - 14) for x, y in axis[::-1]]]
    if shape == "pieces":
        return [[first, second] for first, second in pairwise(axis)]
    if shape == "backwards_piece":
        return [axis[:3], axis[:1:-1]]
    return [axis]


def street(
    shape: str, numbering: str, houses: int, rng: np.random.Generator, *, falling: bool = False, one_sided: bool = False
) -> Street:
    """A street whose numbers are right: houses every 14 to 22 m on each side, 6 to 14 m from the line."""
    length = houses * 18.0 + 60
    line = shapely.LineString(axis_of(shape, length))
    rows = []
    for side in (1, -1) if not one_sided else (1,):
        place = np.cumsum(rng.uniform(14, 22, houses))
        place = place[(place < line.length - 8) & _clear_of_bends(shape, line, place)]
        order = np.arange(len(place))[:: -1 if falling else 1]
        if numbering == "consecutive":
            number = order + 1 + sum(len(row) for row in rows)
        else:
            number = 2 * order + (1 if (side == 1) == (numbering == "odd_left") else 2)
        offset = rng.uniform(6, 14, len(place)) + (14 if shape == "dual" and side == -1 else 0)
        rows.append(pd.DataFrame({"number": number, "side": side, "place": place, "offset": offset}))
    plates = pd.concat(rows, ignore_index=True)
    plates["id"] = [f"p{number:04d}" for number in range(len(plates))]
    ahead = shapely.get_coordinates(line.interpolate(np.minimum(plates["place"] + 0.1, line.length)))
    foot = shapely.get_coordinates(line.interpolate(plates["place"].to_numpy()))
    vector = (ahead - foot) / np.hypot(*(ahead - foot).T)[:, None]
    shift = (plates["side"] * plates["offset"]).to_numpy()
    plates["x"], plates["y"] = foot[:, 0] - vector[:, 1] * shift, foot[:, 1] + vector[:, 0] * shift
    plates["mirror_x"], plates["mirror_y"] = 2 * foot[:, 0] - plates["x"], 2 * foot[:, 1] - plates["y"]
    return Street(parts_of(shape, axis_of(shape, length)), plates, numbering, falling)


def _clear_of_bends(shape: str, line: shapely.LineString, place: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Whether places leave room at sharp bends, where houses inside would stand in each other's way."""
    if shape not in ("bent", "hairpin"):
        return np.ones(len(place), dtype=bool)
    bends = line.project(shapely.points(shapely.get_coordinates(line)[1:-1]))
    return np.asarray((np.abs(place[:, None] - bends[None, :]) > CORNER_M).all(axis=1))


def context(plates: pd.DataFrame, parts: list[list[tuple[float, float]]], **road: Any) -> Context:
    """A view of one road ``r`` and its plates, as rules have it."""
    layers = layers_of(records(plates, parts, **road))
    return Context(Run(layers, profiles.load(), TODAY, METRIC), numbers_missing.RULE, "doorplates")


def records(plates: pd.DataFrame, parts: list[list[tuple[float, float]]], **road: Any) -> dict[str, Any]:
    """Records of one road ``r`` and its plates."""
    east, north = ORIGIN
    lines = shapely.multilinestrings([shapely.linestrings(np.array(part) + ORIGIN) for part in parts])
    rows = [
        {"id": plate.id, "kind": "road", "road_id": "r", "number": str(plate.number), "status": "in_use",
         "division_code": "330683100201", "geometry": f"POINT ({plate.x + east} {plate.y + north})"}
        for plate in plates.itertuples()
    ]  # fmt: skip
    found = {"roads": [{"id": "r", "name": "剡溪路", "status": "in_use", "geometry": lines.wkt, **road}]}
    return {**found, "doorplates": rows} if rows else found
