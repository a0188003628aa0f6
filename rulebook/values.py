"""One text form for every cell, exact both ways: what plans, the change log and comparisons write and read.

Missing is ``None``. Numbers are the shortest text that reads back equal, geometries WKT with all digits.
"""

from __future__ import annotations

import math
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from rulebook.schema import FieldType

GEOMETRY = "geometry"
WHOLE_BELOW = 1e15  # larger floats are written with an exponent
WKT_DIGITS = 100  # with room for all digits GEOS writes the shortest text that reads back equal; fewer lose some


def to_text(value: Any) -> str | None:
    """Canonical text of one cell."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, BaseGeometry):
        return None if value.is_empty else shapely.to_wkt(value, rounding_precision=WKT_DIGITS)
    if isinstance(value, str):
        return value or None
    if isinstance(value, Integral):
        return str(int(value))
    number = float(value)
    if math.isnan(number):
        return None
    return str(int(number)) if number.is_integer() and abs(number) < WHOLE_BELOW else repr(number)


def from_text(text: str | None, kind: FieldType | None) -> Any:
    """The cell that ``text`` stands for; ``kind`` None means a geometry. Raises ValueError when it is not one."""
    if text is None:
        return None
    if kind is None:
        try:
            return shapely.from_wkt(text)
        except shapely.errors.ShapelyError as fault:
            raise ValueError(str(fault)) from fault
    if kind is FieldType.NUMBER:
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        return number
    if kind is FieldType.INTEGER:
        return int(text)
    return text


def column_text(column: pd.Series) -> pd.Series:
    """Canonical text of a whole column (object dtype, None where missing)."""
    if column.dtype == "geometry":
        wkt = shapely.to_wkt(column.to_numpy(), rounding_precision=WKT_DIGITS)
        empty = shapely.is_missing(column.to_numpy()) | shapely.is_empty(column.to_numpy())
        return pd.Series(wkt, index=column.index, dtype="object").mask(empty, None)
    if isinstance(column.dtype, pd.StringDtype):
        texts = column.to_numpy(dtype=object, na_value=None)
        return pd.Series(np.where(texts == "", None, texts), index=column.index, dtype="object")
    if column.dtype == "float64":
        return pd.Series(_number_texts(column.to_numpy()), index=column.index, dtype="object")
    return pd.Series([to_text(value) for value in column], index=column.index, dtype="object")


def _number_texts(numbers: np.ndarray) -> np.ndarray:
    """``to_text`` of an array of floats."""
    texts = np.full(len(numbers), None, dtype=object)
    whole = (np.abs(numbers) < WHOLE_BELOW) & (np.floor(numbers) == numbers)
    texts[whole] = [str(number) for number in numbers[whole].astype("int64").tolist()]
    broken = ~whole & ~np.isnan(numbers)
    texts[broken] = [repr(number) for number in numbers[broken].tolist()]
    return texts
