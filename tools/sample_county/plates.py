"""Doorplates: along the roads by each road's own convention, in natural villages and in estates."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, Point

from tools.sample_county import ground, streets

SOURCE = "示例：门牌普查"
CLEAR_M = 24.0  # a plate keeps this distance from every other road
FIRST_M = 26.0  # where the first plate of a road stands
LONGEST = {"arterial": 19, "secondary": 12, "branch": 8, "lane": 6}  # plates on one side of a road
SUB_NUMBERED = 6  # every so many roads have one plate 8-1 beside number 8
SUB_NUMBER_OF = 8
SPARE_EVERY = 9  # of so many roads
SPARE_STATUS = {0: "reserved", 4: "cancelled"}  # these have such a number at their end
KIND_DIGIT = {"estate": "1", "road": "2", "village": "3"}
SIZES = {"road": "300*200", "village": "150*100", "estate": "600*400"}


def build(divisions: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All doorplates with certificate number, division and standard address."""
    drafts = [*road_plates(roads), *village_plates(places), *estate_plates(places)]
    frame = gpd.GeoDataFrame(drafts, crs=ground.CRS)
    villages = divisions[divisions["level"].eq("village")]
    tree = shapely.STRtree(villages.geometry.array)
    plate, village = tree.query(frame.geometry.array, predicate="within")
    holder = pd.Series(villages["code"].to_numpy()[village], index=plate)
    frame["division_code"] = holder.reindex(range(len(frame))).to_numpy()
    frame["id"] = [f"D{number:05d}" for number in range(1, len(frame) + 1)]
    year = [str(2012 + number % 12) for number in range(len(frame))]
    frame["issued_on"] = [f"{issued}-0{1 + number % 9}-1{number % 10}" for number, issued in enumerate(year)]
    frame["plate_code"] = [
        f"83{code[6:9]}{issued}{KIND_DIGIT[kind]}{number:05d}"
        for number, (code, issued, kind) in enumerate(zip(frame["division_code"], year, frame["kind"], strict=True), 1)
    ]
    frame["size"] = frame["kind"].map(SIZES)
    frame["source"] = SOURCE
    return frame


def along(line: LineString, station: float, offset: float) -> Point:
    """The point ``offset`` metres to the left (negative: right) of the line's direction at ``station`` metres."""
    before, after = line.interpolate(station - 1.0), line.interpolate(station + 1.0)
    length = math.dist((before.x, before.y), (after.x, after.y))
    x, y = (after.x - before.x) / length, (after.y - before.y) / length
    foot = line.interpolate(station)
    return Point(round(foot.x - y * offset, 2), round(foot.y + x * offset, 2))


@dataclass(frozen=True)
class Side:
    """One side of a road: its first number, the step, 1 for left and -1 for right, and what is special there:
    a sub-number, the status of a plate after the last one in use.
    """

    first: int
    step: int
    hand: float
    sub_number: bool = False
    spare: str = ""


def sides_of(road: Any, order: int) -> list[Side]:
    """The sides that a road's convention numbers. Some roads have a plate 8-1, some a number kept for later."""
    if road.numbering == "consecutive":
        return [Side(1, 1, 1.0)]
    odd = -1.0 if road.numbering == "odd_right" else 1.0
    return [
        Side(1, 2, odd),
        Side(2, 2, -odd, sub_number=order % SUB_NUMBERED == 0, spare=SPARE_STATUS.get(order % SPARE_EVERY, "")),
    ]


def road_plates(roads: gpd.GeoDataFrame) -> Iterator[dict[str, object]]:
    """Plates of every road, none near another road."""
    dice = random.Random(f"{ground.SEED}/plates")
    lines = [shape.geoms[0] for shape in roads.geometry]
    for order, (road, line) in enumerate(zip(roads.itertuples(), lines, strict=True)):
        others = [other for other in lines if other is not line]
        for side in sides_of(road, order):
            for number, status, place in numbered(road.road_class, line, side, others, dice):
                yield {"kind": "road", "road_id": road.id, "number": number, "status": status, "geometry": place}


def numbered(
    road_class: str, line: LineString, side: Side, others: list[LineString], dice: random.Random
) -> Iterator[tuple[str, str, Point]]:
    """Number, status and place of the plates of one side, in the order of the road."""
    _, spacing, offset, _ = streets.CLASSES[road_class]
    gap = spacing * side.step
    station = FIRST_M + (spacing if side.first == 2 else 0.0)
    last = side.first + side.step * (LONGEST[road_class] * 2 // side.step - 1)
    number = side.first
    while station < line.length - FIRST_M and number <= last:
        place = along(line, station + dice.uniform(-1, 1), side.hand * (offset + dice.uniform(-1.5, 1.5)))
        if streets.clear_of(place, others, CLEAR_M):
            yield str(number), "in_use", place
            if side.sub_number and number == SUB_NUMBER_OF:
                yield f"{number}-1", "in_use", along(line, station + gap / 2, side.hand * offset)
            number += side.step
        station += gap
    place = along(line, min(station, line.length - FIRST_M / 2), side.hand * offset)
    if side.spare and streets.clear_of(place, others, CLEAR_M):
        yield str(number), side.spare, place


def village_plates(places: gpd.GeoDataFrame) -> Iterator[dict[str, object]]:
    """Two rows of houses in every natural village, numbered row by row."""
    dice = random.Random(f"{ground.SEED}/village plates")
    for place in places[places["kind"].eq("natural_village")].itertuples():
        count = dice.randrange(4, 7)
        turn = dice.uniform(0, math.pi)
        for number in range(1, count + 1):
            row, column = divmod(number - 1, 3)
            spot = ((column - 1) * 19.0 + dice.uniform(-2, 2), (row - 0.5) * 26.0 + dice.uniform(-2, 2))
            shape = Point(streets.turned(spot, (place.geometry.x, place.geometry.y), turn))
            yield {
                "kind": "village",
                "place_id": place.id,
                "number": str(number),
                "status": "in_use",
                "geometry": shape,
            }


def estate_plates(places: gpd.GeoDataFrame) -> Iterator[dict[str, object]]:
    """Two rows of two buildings in every estate; the tower has rooms that share the point of their building."""
    for place in places[places["kind"].eq("estate_building")].itertuples():
        west, south, east, north = place.geometry.bounds
        inside = np.array([(0.38, 0.4), (0.62, 0.4), (0.38, 0.6), (0.62, 0.6)])
        spots = inside * (east - west, north - south) + (west, south)
        tower = place.generic == "大厦"
        for building, (x, y) in enumerate(spots[: 1 if tower else 4], start=1):
            shape = Point(round(x, 2), round(y, 2))
            common = {"kind": "estate", "place_id": place.id, "number": str(building), "building": str(building)}
            if tower:
                for room in ("101", "102", "201", "202"):
                    yield {**common, "unit": "1", "room": room, "status": "in_use", "geometry": shape}
            else:
                yield {**common, "status": "in_use", "geometry": shape}
