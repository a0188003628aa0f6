"""Cells and their canonical text: exact both ways."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from rulebook.schema import FieldType
from rulebook.values import column_text, from_text, to_text

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite)
def test_numbers_read_back_equal(number: float) -> None:
    assert from_text(to_text(number), FieldType.NUMBER) == number


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_read_back_equal(number: int) -> None:
    assert from_text(to_text(number), FieldType.INTEGER) == number


@given(st.lists(st.tuples(finite, finite), min_size=2, max_size=6, unique=True))
def test_geometries_read_back_to_the_last_digit(points: list[tuple[float, float]]) -> None:
    line = shapely.LineString(points)
    back = from_text(to_text(line), None)
    assert shapely.get_coordinates(back).tolist() == shapely.get_coordinates(line).tolist()


@pytest.mark.parametrize("value", [None, np.nan, pd.NA, pd.NaT, "", shapely.Point()])
def test_missing_is_none(value: object) -> None:
    assert to_text(value) is None


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (0.1, "0.1"), (-5, "-5"), (1e22, "1e+22"), ("0012", "0012"), (True, "1")]
)
def test_text_is_the_shortest(value: object, text: str) -> None:
    assert to_text(value) == text


@given(st.lists(st.floats()))
def test_columns_of_numbers_agree_with_cells(numbers: list[float]) -> None:
    assert column_text(pd.Series(numbers, dtype="float64")).tolist() == [to_text(number) for number in numbers]


def test_columns_agree_with_cells() -> None:
    for column in (
        pd.Series([1.5, None, 2.0]),
        pd.Series([1, None], dtype="Int64"),
        pd.Series(["a", None, ""], dtype="str"),
        pd.Series(["a", None, 1.5, ""], dtype="object"),
        gpd.GeoSeries([shapely.Point(1, 2), None, shapely.Point()]),
    ):
        assert column_text(column).tolist() == [to_text(value) for value in column]


@pytest.mark.parametrize(
    ("text", "kind"), [("x", FieldType.NUMBER), ("nan", FieldType.NUMBER), ("1.5", FieldType.INTEGER), ("POINT", None)]
)
def test_what_is_no_value_raises(text: str, kind: FieldType | None) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError says the same
        from_text(text, kind)
