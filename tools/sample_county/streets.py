"""Roads: a grid of main streets and lanes in the town of the four street offices, three roads at each other seat."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Point

from tools.sample_county import ground, words
from tools.sample_county.wiggle import Point as Pair
from tools.sample_county.wiggle import wiggle_along

SOURCE = "示例：道路普查"
BLOCK_M = 400.0
CITY = "城区"
CITY_TURN = 0.06
CITY_ASIDE = (60.0, 120.0)  # so that every street lies clearly in, or clearly across, its townships
ROAD_CATEGORY = "23700"  # no published code for streets was found; class 23 is transport
CLASSES = {  # width in metres, metres per number, offset of the plates from the centre line, roughness
    "arterial": (36.0, 12.0, 24.0, 0.012), "secondary": (24.0, 10.0, 17.0, 0.012),
    "branch": (12.0, 9.0, 11.0, 0.02), "lane": (5.0, 8.0, 6.0, 0.03),
}  # fmt: skip


@dataclass(frozen=True)
class Course:
    """Where a road runs, in metres from the centre of its town, and how it is numbered."""

    name: str
    road_class: str
    points: tuple[Pair, ...]
    numbering: str | None
    start: str
    end: str


def city_courses() -> list[Course]:
    """Five streets from east to west, five from south to north, one along the river, sixteen lanes between them."""
    west_east = {"锦绣路": -2, "丰泽路": -1, "文昌路": 1, "瑞康路": 2}
    south_north = {"官驿路": -2, "迎恩路": -1, "柳塘路": 0, "月桂路": 1, "艺圃路": 2}
    far = 2.5 * BLOCK_M
    courses = [
        Course(name, "secondary", ((far, row * BLOCK_M), (-far, row * BLOCK_M)), "odd_left", "城区东侧", "城区西侧")
        for name, row in west_east.items()
    ]
    courses += [
        Course("鹤鸣东路", "arterial", ((far, 0.0), (0.0, 0.0)), "odd_left", "城区东侧", "柳塘路"),
        Course("鹤鸣西路", "arterial", ((0.0, 0.0), (-far, 0.0)), "odd_left", "柳塘路", "城区西侧"),
        Course("沿溪路", "branch", ((700.0, -2.7 * BLOCK_M), (-700.0, -2.7 * BLOCK_M)), "consecutive", "溪东", "溪西"),
    ]
    courses += [
        Course(name, "secondary", ((column * BLOCK_M, -far), (column * BLOCK_M, far)),
               "odd_right" if name == "艺圃路" else "odd_left", "城区南侧", "城区北侧")
        for name, column in south_north.items()
    ]  # fmt: skip
    columns = {"官驿路": -2, "迎恩路": -1, "柳塘路": 0, "月桂路": 1}
    lanes = {
        "官驿路": ("书院巷", "井亭巷", "打铁巷", "米市巷"), "迎恩路": ("灯笼巷", "鼓楼巷", "木莲巷", "银匠巷"),
        "柳塘路": ("柳塘一弄", "柳塘二弄", "桂芳弄", "祠前巷"), "月桂路": ("丝线巷", "伞骨弄", "茶馆弄", "青砖弄"),
    }  # fmt: skip
    for street, names in lanes.items():
        for row, name in enumerate(names):
            x, y = columns[street] * BLOCK_M, (row - 1.5) * BLOCK_M
            points = ((x, y), (x + 230.0, y))
            courses.append(Course(name, "lane", points, None if row == 2 else "odd_right", street, "弄底"))
    return courses


def town_courses(names: list[str]) -> list[Course]:
    """A main street, a road across it and a lane: the first names of a town's list."""
    street, road, lane = names
    return [
        Course(street, "branch", ((350.0, 0.0), (-350.0, 0.0)), "odd_left", "镇东", "镇西"),
        Course(road, "branch", ((-150.0, -300.0), (-150.0, 300.0)), None, "镇南", "镇北"),
        Course(lane, "lane", ((150.0, 0.0), (150.0, 190.0)), "odd_right", street, "弄底"),
    ]


def seat_of(village: shapely.Polygon) -> tuple[Pair, float]:
    """The roomiest point of a village and the distance to its edge."""
    circle = shapely.maximum_inscribed_circle(village, tolerance=5.0)
    centre, rim = circle.coords
    return (round(centre[0], 1), round(centre[1], 1)), math.dist(centre, rim)


def build(divisions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Roads as records of the register, each with the townships it runs through."""
    listed = {row["specific"] + row["generic"]: row for row in words.read("roads")}
    dice = random.Random(f"{ground.SEED}/roads")
    shapes: list[tuple[Course, LineString, str]] = []
    for town, centre, angle in towns(divisions):
        names = [name for name, row in listed.items() if row["town"] == town]
        for course in city_courses() if town == CITY else town_courses(names):
            placed = [turned(point, centre, angle) for point in course.points]
            roughness = CLASSES[course.road_class][3]
            shapes.append((course, LineString(wiggle_along(placed, step_m=45, roughness=roughness, dice=dice)), town))
    townships = divisions[divisions["level"].eq("township")]
    records = []
    for number, (course, line, town) in enumerate(shapes, start=1):
        row = listed[course.name]
        width, spacing, _, _ = CLASSES[course.road_class]
        codes = through(line, townships)
        owner = codes[0][:9] if len(codes) == 1 else ground.COUNTY[:9]
        records.append(
            {
                "id": f"R{number:03d}", "place_code": f"{owner}{ROAD_CATEGORY}{number:06d}", "name": course.name,
                "specific": row["specific"], "generic": row["generic"], "pinyin": words.road(row),
                "road_class": course.road_class, "width_m": width, "width_basis": "red_line",
                "start_desc": course.start, "end_desc": course.end, "numbering": course.numbering,
                "spacing_m": None if course.numbering is None else spacing, "division_code": ";".join(codes),
                "status": "in_use", "approved_on": f"20{10 + number % 12:02d}-0{1 + number % 9}-15",
                "approval_no": f"嵊政示〔20{10 + number % 12:02d}〕{number}号", "source": SOURCE, "town": town,
                "geometry": MultiLineString([line]),
            }
        )  # fmt: skip
    return gpd.GeoDataFrame(records, crs=ground.CRS)


def towns(divisions: gpd.GeoDataFrame) -> list[tuple[str, Pair, float]]:
    """Name, centre and turn (radians) of the city and of every town seat."""
    meeting = meeting_of(divisions[divisions["kind"].eq("街道")].geometry.array)
    sites = [(CITY, (meeting[0] + CITY_ASIDE[0], meeting[1] + CITY_ASIDE[1]), CITY_TURN)]
    dice = random.Random(f"{ground.SEED}/towns")
    for township in ground.TOWNSHIPS:
        if township.kind != "街道":
            seat = divisions[divisions["parent_code"].eq(township.code12)].geometry.iloc[0]
            sites.append((township.name, seat_of(seat.geoms[0])[0], dice.uniform(-0.4, 0.4)))
    return sites


def meeting_of(shapes: gpd.array.GeometryArray) -> Pair:
    """The vertex that most of the shapes share, the one next to their middle where several do."""
    vertices = pd.Series([pair for shape in shapes for pair in sorted(set(map(tuple, shapely.get_coordinates(shape))))])
    shared = vertices.value_counts()
    best = list(shared.index[shared.eq(shared.max())])
    middle = shapely.union_all(shapes).centroid
    return min(best, key=lambda pair: math.dist(pair, (middle.x, middle.y)))


def turned(point: Pair, centre: Pair, angle: float) -> Pair:
    """A point given from the centre of a town, turned by ``angle``, in the register's coordinates."""
    x, y = point
    return (
        round(centre[0] + x * math.cos(angle) - y * math.sin(angle), 2),
        round(centre[1] + x * math.sin(angle) + y * math.cos(angle), 2),
    )


def through(shape: shapely.Geometry, divisions: gpd.GeoDataFrame) -> list[str]:
    """Codes of the divisions that a shape runs through, the longest share first."""
    parts = shapely.intersection(divisions.geometry.array, shape)
    shares = pd.Series(shapely.length(parts) if shape.length else np.ones(len(parts)), index=divisions["code"])
    shares = shares[~shapely.is_empty(parts)]
    return list(shares.sort_values(ascending=False, kind="stable").index)


def areas(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The built-up area of every town: its roads and some 170 m around them, the bays between their ends closed."""
    records = []
    for number, (town, members) in enumerate(roads.groupby("town", sort=False), start=1):
        wide = shapely.buffer(shapely.union_all(members.geometry.array), 370.0, quad_segs=3)
        shape = shapely.simplify(shapely.buffer(wide, -200.0, quad_segs=3), 12.0)
        filled = shapely.set_precision(shapely.Polygon(shape.exterior), 0.01)
        codes = members["division_code"].str.split(";").explode()
        records.append(
            {
                "id": f"A{number:02d}", "kind": "built_up", "name": f"{town}建成区",
                "division_code": ground.COUNTY if town == CITY else codes.iloc[0], "source": "示例：建成区",
                "geometry": MultiPolygon([filled]),
            }
        )  # fmt: skip
    return gpd.GeoDataFrame(records, crs=ground.CRS)


def clear_of(point: Point, others: list[shapely.Geometry], distance_m: float) -> bool:
    """Whether a point keeps its distance from all the others."""
    return bool((shapely.distance(point, others) >= distance_m).all())
