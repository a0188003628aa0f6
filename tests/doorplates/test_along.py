"""Linear referencing against one plate at a time, and on lines where it is easy to go wrong."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from doorplates.along import along, nearest_road
from doorplates.axis import axes

CRS = "EPSG:4549"
ROADS = gpd.GeoSeries.from_wkt(
    [
        "MULTILINESTRING ((0 0, 100 0, 100 100), (200 100, 300 100))",
        "LINESTRING (0 50, 50 50, 50 50, 50 0)",
        "LINESTRING Z (300 0 5, 0 0 5)",
        None,
        "LINESTRING EMPTY",
        "LINESTRING (0 0, 100 0, 0 50)",
    ],
    index=pd.Index(["bent", "short", "back", "none", "empty", "sharp"], dtype="str"),
    crs=CRS,
)
coordinate = st.integers(-50, 350).map(lambda number: number + 0.25)


def foot(x: float, y: float, road: str) -> pd.Series:
    points = gpd.GeoSeries([shapely.Point(x, y)], index=["d1"], crs=CRS)
    return along(points, pd.Series([road], index=["d1"]), ROADS).loc["d1"]


@pytest.mark.parametrize(
    ("x", "y", "road", "position", "side", "distance"),
    [
        (10, 5, "bent", 10, 1, 5),
        (10, -5, "bent", 10, -1, 5),
        (90, 50, "bent", 150, 1, 10),       # after the bend left is west
        (110, 50, "bent", 150, -1, 10),
        (250, 110, "bent", 250, 1, 10),     # the second part goes on where the first ended
        (-3, 4, "bent", 0, 1, 5),           # before the start
        (310, 100, "bent", 300, 0, 10),     # straight beyond the end
        (10, 0, "bent", 10, 0, 0),
        (10, 5, "back", 290, -1, 5),
        (60, 20, "short", 80, 1, 10),       # over a repeated vertex
        (101, -50, "sharp", 100, -1, 50.01),   # behind a sharp bend: the outer side, whichever leg is looked at
        (90, -1, "sharp", 90, -1, 1),
    ],
)  # fmt: skip
def test_position_side_distance(x: float, y: float, road: str, position: float, side: int, distance: float) -> None:
    found = foot(x, y, road)
    assert found[["position_m", "side", "distance_m"]].tolist() == pytest.approx([position, side, distance], abs=0.01)


@settings(deadline=None)
@given(st.lists(st.tuples(coordinate, coordinate, st.sampled_from(["bent", "short", "back"])), min_size=1))
def test_a_column_is_what_shapely_says_one_by_one(plates: list[tuple[float, float, str]]) -> None:
    points = gpd.GeoSeries([shapely.Point(x, y) for x, y, _ in plates], crs=CRS)
    found = along(points, pd.Series([road for _, _, road in plates]), ROADS)
    for number, (x, y, road) in enumerate(plates):
        assert found.at[number, "distance_m"] == pytest.approx(ROADS[road].distance(shapely.Point(x, y)))
        spot = shapely.Point(found.at[number, "foot_x"], found.at[number, "foot_y"])
        assert ROADS[road].distance(spot) == pytest.approx(0, abs=1e-9)


def test_what_cannot_be_placed_is_left_out() -> None:
    points = gpd.GeoSeries([None, *[shapely.Point(1, 1)] * 4], index=list("abcde"), crs=CRS)
    roads = pd.Series(["bent", None, "none", "empty", "unknown"], index=list("abcde"))
    assert along(points, roads, ROADS).empty


@settings(deadline=None)
@given(st.lists(st.tuples(coordinate, coordinate), min_size=1))
def test_nearest_road_is_the_nearest(xy: list[tuple[float, float]]) -> None:
    points = gpd.GeoSeries([shapely.Point(pair) for pair in xy], crs=CRS)
    found = nearest_road(points, ROADS)
    for number, point in enumerate(points):
        distances = ROADS.dropna().distance(point)
        assert found.at[number, "nearest_m"] == pytest.approx(distances.min())
        assert found.at[number, "nearest_id"] in distances.index[np.isclose(distances, distances.min())]


def test_nearest_road_without_roads_or_points() -> None:
    points = gpd.GeoSeries([shapely.Point(1, 1), None], crs=CRS)
    assert nearest_road(points, ROADS.iloc[3:5]).empty
    assert nearest_road(points.iloc[1:], ROADS).empty


@pytest.mark.parametrize(
    ("road", "axis"),
    [
        ("LINESTRING (0 0, 9 9)", "LINESTRING (0 0, 9 9)"),
        ("MULTILINESTRING ((0 0, 500 0), (500 12, 0 12))", "LINESTRING (0 0, 500 0)"),         # two carriageways
        ("MULTILINESTRING ((0 0, 500 0), (510 12, 0 12))", "LINESTRING (0 0, 500 0)"),
        ("MULTILINESTRING ((0 0, 100 0), (200 0, 300 0), (100 0, 200 0))", "LINESTRING (0 0, 100 0, 200 0, 300 0)"),
        ("MULTILINESTRING ((0 0, 200 0), (300 0, 200 0))", "LINESTRING (0 0, 200 0, 300 0)"),  # a piece drawn backwards
        ("MULTILINESTRING ((0 0, 500 0), (250 0, 250 30))", "MULTILINESTRING ((0 0, 500 0), (250 0, 250 30))"),
        ("MULTILINESTRING ((0 0, 100 0), (150 0, 250 0))", "MULTILINESTRING ((0 0, 100 0), (150 0, 250 0))"),
        ("MULTILINESTRING EMPTY", "MULTILINESTRING EMPTY"),
    ],
)  # fmt: skip
def test_the_axis_of_a_road_of_several_parts(road: str, axis: str) -> None:
    assert axes(gpd.GeoSeries.from_wkt([road, None], crs=CRS), 40.0)[0].equals_exact(shapely.from_wkt(axis))


def test_beyond_the_end_of_a_dead_end_a_point_is_ahead_and_hardly_beside() -> None:
    head = foot(50, -20, "short")
    assert head[["ahead_m", "beside_m"]].tolist() == pytest.approx([20, 0])
    assert foot(101, -50, "sharp")["ahead_m"] == 0
