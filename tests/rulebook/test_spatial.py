"""Point in polygon and distances against the plain ways of computing them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from rulebook.errors import CrsError
from rulebook.spatial import distance_to, locate

CRS = "EPSG:4549"


def squares() -> gpd.GeoSeries:
    """A 4 x 4 coverage of squares of 10 m, with ids that are not in row order, and one square lying over others."""
    boxes = [shapely.box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for x in range(4) for y in range(4)]
    ids = [f"p{(7 * number) % 16:02d}" for number in range(16)]
    return gpd.GeoSeries([*boxes, shapely.box(5, 5, 25, 25)], index=pd.Index([*ids, "over"], dtype="str"), crs=CRS)


def points_at(xy: list[tuple[float, float]]) -> gpd.GeoSeries:
    index = pd.Index([f"d{number}" for number in range(len(xy))], dtype="str")
    return gpd.GeoSeries([shapely.Point(pair) for pair in xy], index=index, crs=CRS)


@given(st.lists(st.tuples(st.integers(-4, 44), st.integers(-4, 44)), min_size=1, max_size=40))
def test_locate_is_the_smallest_id_of_a_plain_join(xy: list[tuple[float, float]]) -> None:
    points, polygons = points_at(xy), squares()
    pairs = gpd.sjoin(points.to_frame("geometry"), polygons.rename_axis("id").to_frame("geometry"))
    plain = pairs.groupby(level=0)["id"].min().reindex(points.index)
    found = locate(points, polygons)
    assert found.fillna("").tolist() == plain.fillna("").tolist()
    assert found.equals(locate(points, polygons.iloc[::-1]))


def test_missing_and_empty_geometries_lie_nowhere() -> None:
    points = gpd.GeoSeries([None, shapely.Point(), shapely.Point(1, 1)], index=["a", "b", "c"], crs=CRS)
    polygons = pd.concat([squares(), gpd.GeoSeries([None], index=["none"], crs=CRS)])
    assert locate(points, polygons).isna().tolist() == [True, True, False]


def test_without_points_or_polygons() -> None:
    points, polygons = points_at([(1, 1)]), squares()
    assert len(locate(points.iloc[:0], polygons)) == 0
    assert locate(points, polygons.iloc[:0]).isna().all()


def test_distance_to_the_named_polygon() -> None:
    points = points_at([(5, 5), (-3, -4), (5, 5), (5, 5)])
    ids = pd.Series(["over", "p00", None, "unknown"], index=points.index, dtype="str")
    assert np.array_equal(distance_to(points, ids, squares()), [0, 5, np.nan, np.nan], equal_nan=True)


def test_two_systems_are_refused() -> None:
    with pytest.raises(CrsError):
        locate(points_at([(1, 1)]), squares().to_crs("EPSG:4490"))
