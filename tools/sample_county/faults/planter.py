"""Changes records of the clean county and writes down what the check must find because of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
from shapely import Point

ASTRAY_SOURCE = "示例：黄泽镇外采（手机地图坐标）"


@dataclass(frozen=True)
class Fault:
    """A finding that the check must have. ``cause`` names the planted fault that it comes along with, if any."""

    rule: str
    layer: str
    record_id: str
    zh: str
    en: str
    cause: str = ""

    def row(self) -> dict[str, str]:
        return {"rule": self.rule, "layer": self.layer, "record_id": self.record_id, "cause": self.cause,
                "zh": self.zh, "en": self.en}  # fmt: skip


@dataclass
class Planter:
    """The county's layers while faults are planted in them."""

    layers: dict[str, pd.DataFrame]
    faults: list[Fault] = field(default_factory=list)

    def expect(self, rule: str, layer: str, record: str, zh: str, en: str, *, cause: str = "") -> None:
        """Write down a finding."""
        self.faults.append(Fault(rule, layer, record, zh, en, cause))

    def find(self, layer: str, **cells: str) -> str:
        """Key of the one record whose cells have these values."""
        frame = self.layers[layer]
        hits = frame[pd.concat([frame[name].eq(value) for name, value in cells.items()], axis=1).all(axis=1)]
        if len(hits) != 1:
            raise LookupError(f"{layer}: {cells} is met by {len(hits)} records")
        return str(hits[self.key(layer)].iloc[0])

    def get(self, layer: str, record: str, column: str) -> object:
        """A cell."""
        frame = self.layers[layer]
        return frame.loc[frame[self.key(layer)].eq(record), column].iloc[0]

    def change(self, layer: str, record: str, **cells: object) -> None:
        """Overwrite cells of a record."""
        frame = self.layers[layer].copy()
        row = frame.index[frame[self.key(layer)].eq(record)]
        for column, value in cells.items():
            frame.loc[row, column] = gpd.GeoSeries([value], index=row) if column == "geometry" else value
        self.layers[layer] = frame

    def add(self, layer: str, like: str, **cells: object) -> str:
        """Add a record: a copy of another with these cells; returns its key."""
        frame = self.layers[layer]
        copy = frame[frame[self.key(layer)].eq(like)]
        self.layers[layer] = pd.concat([frame, copy.assign(**{self.key(layer): cells["id"]})], ignore_index=True)
        record = str(cells.pop("id"))
        self.change(layer, record, **cells)
        return record

    def remove(self, layer: str, record: str) -> None:
        """Take a record out."""
        frame = self.layers[layer]
        self.layers[layer] = frame[~frame[self.key(layer)].eq(record)].reset_index(drop=True)

    @staticmethod
    def key(layer: str) -> str:
        """The column that records of a layer are named by."""
        return {"divisions": "code", "boundary_lines": "code", "marker_witnesses": "marker_id"}.get(layer, "id")

    def road(self, name: str) -> str:
        """Id of a road."""
        return self.find("roads", name=name)

    def place(self, name: str) -> str:
        """Id of a place name."""
        return self.find("place_names", name=name)

    def other(self, layer: str, name: str, besides: str) -> str:
        """Id of the other record of a name that two records have."""
        frame = self.layers[layer]
        return str(frame.loc[frame["name"].eq(name) & frame["id"].ne(besides), "id"].iloc[0])

    def townships(self) -> gpd.GeoDataFrame:
        """The townships in force."""
        frame = self.layers["divisions"]
        return gpd.GeoDataFrame(frame[frame["level"].eq("township") & frame["valid_to"].isna()])

    def plate(self, where: str, *numbers: str) -> str:
        """Id of the first of these plates of a road or place that no address stands on: one fault stays one."""
        owner = "road_id" if (self.layers["roads"]["name"] == where).any() else "place_id"
        named = self.road(where) if owner == "road_id" else self.place(where)
        addressed = set(self.layers["addresses"]["doorplate_id"])
        for number in numbers:
            record = self.find("doorplates", **{owner: named, "number": number})
            if record not in addressed:
                return record
        raise LookupError(f"{where} {numbers}: every plate has an address")

    def members(self, layer: str, **cells: str) -> list[str]:
        """Keys of all records whose cells have these values, in order."""
        frame = self.layers[layer]
        hits = pd.concat([frame[name].eq(value) for name, value in cells.items()], axis=1).all(axis=1)
        return sorted(frame.loc[hits, self.key(layer)])

    def point(self, layer: str, record: str) -> Point:
        """Where a record lies."""
        shape = self.get(layer, record, "geometry")
        if not isinstance(shape, Point):
            raise TypeError(f"{layer} {record} is not a point")
        return shape
