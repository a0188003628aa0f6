"""One text form for every cell, exact both ways: what plans, the change log and comparisons write and read.

Missing is ``None``. Numbers are the shortest text that reads back equal, geometries WKT with all digits.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from rulebook.schema import FieldType

GEOMETRY = "geometry"
WKT_DIGITS = 100  # with room for all digits GEOS writes the shortest text that reads back equal; fewer lose some


def to_text(value: Any) -> str | None:
    """Canonical text of one cell."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, BaseGeometry):
        return None if value.is_empty else shapely.to_wkt(value, rounding_precision=WKT_DIGITS)
    if isinstance(value, str):
        return value or None
    number = float(value)
    if math.isnan(number):
        return None
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


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
    return pd.Series([to_text(value) for value in column], index=column.index, dtype="object")
