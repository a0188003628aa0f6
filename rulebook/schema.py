"""Layers of the register and their fields: what a frame must look like before any rule sees it.

A frame of a layer is a (Geo)DataFrame whose index is the record id as text. Empty text is missing, never ``""``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from rulebook.language import Text


class FieldType(StrEnum):
    """How a field is stored: codes and ids are always text, dates are ISO text ``YYYY-MM-DD``."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    INTEGER = "integer"


DTYPES = {FieldType.TEXT: "str", FieldType.DATE: "str", FieldType.NUMBER: "float64", FieldType.INTEGER: "Int64"}


@dataclass(frozen=True)
class Field:
    """One column. ``reported_by`` names the rule that reports an empty cell of a mandatory field:
    without such a rule the door refuses the row.
    """

    name: str
    title: Text
    type: FieldType = FieldType.TEXT
    mandatory: bool = False
    allowed: tuple[str, ...] = ()
    reported_by: str = ""
    personal: bool = False
    low: float | None = None
    high: float | None = None


COMMON_FIELDS = (
    Field("valid_from", Text("生效日期", "valid from"), FieldType.DATE),
    Field("valid_to", Text("失效日期", "valid to"), FieldType.DATE),
    Field("source", Text("来源", "source")),
    Field("note", Text("备注", "note")),
)


@dataclass(frozen=True)
class Layer:
    """One table of the register. ``geometry`` is its GeoPackage type or None; ``key`` its identifying columns."""

    name: str
    title: Text
    key: tuple[str, ...]
    own_fields: tuple[Field, ...]
    geometry: str | None = None
    fields: tuple[Field, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", (*self.own_fields, *COMMON_FIELDS))

    def field_named(self, name: str) -> Field | None:
        """The field of that name, None for a column that the dictionary does not know."""
        return next((known for known in self.fields if known.name == name), None)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the dictionary's columns, geometry excluded."""
        return tuple(known.name for known in self.fields)

    def record_ids(self, frame: pd.DataFrame) -> pd.Series:
        """Record id of every row: its key, several key columns joined by ``/``."""
        ids = frame[self.key[0]].astype("str")
        for column in self.key[1:]:
            ids = ids + "/" + frame[column].astype("str")
        return ids

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give every dictionary column its dtype, add the missing ones empty, index by record id."""
        complete = frame.copy()
        for known in self.fields:
            if known.name not in complete:
                complete[known.name] = None
            complete[known.name] = complete[known.name].astype(DTYPES[known.type])
        complete.index = pd.Index(self.record_ids(complete), name="record_id", dtype="str")
        return complete

    def empty(self, crs: CRS | str | None = None) -> pd.DataFrame:
        """A frame of this layer without records."""
        columns = pd.DataFrame({name: pd.Series(dtype="object") for name in self.columns})
        if self.geometry is None:
            return self.conform(columns)
        return self.conform(gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=crs), crs=crs))


def in_force(frame: pd.DataFrame, today: str) -> pd.DataFrame:
    """Records in force on ``today`` (ISO date): begun (or no date) and not ended."""
    begun = frame["valid_from"].isna() | (frame["valid_from"] <= today)
    running = frame["valid_to"].isna() | (frame["valid_to"] > today)
    return frame[begun & running]
