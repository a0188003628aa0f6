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

CRS = "EPSG:4549"
ROADS = gpd.GeoSeries.from_wkt(
    [
        "MULTILINESTRING ((0 0, 100 0, 100 100), (200 100, 300 100))",
        "LINESTRING (0 50, 50 50, 50 50, 50 0)",
        "LINESTRING Z (300 0 5, 0 0 5)",
        None,
        "LINESTRING EMPTY",
    ],
    index=pd.Index(["bent", "short", "back", "none", "empty"], dtype="str"),
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
    ],
)  # fmt: skip
def test_position_side_distance(x: float, y: float, road: str, position: float, side: int, distance: float) -> None:
    found = foot(x, y, road)
    assert found[["position_m", "side", "distance_m"]].tolist() == pytest.approx([position, side, distance])


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
        distances = ROADS.iloc[:3].distance(point)
        assert found.at[number, "nearest_m"] == pytest.approx(distances.min())
        assert found.at[number, "nearest_id"] in distances.index[np.isclose(distances, distances.min())]


def test_nearest_road_without_roads_or_points() -> None:
    points = gpd.GeoSeries([shapely.Point(1, 1), None], crs=CRS)
    assert nearest_road(points, ROADS.iloc[3:]).empty
    assert nearest_road(points.iloc[1:], ROADS).empty
