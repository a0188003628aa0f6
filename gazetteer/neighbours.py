"""An index of all names of a register, so that one proposed name finds those it must be compared with at once.

Every relation that a rule on names can see between two names has a table of its own here: the same characters, the
bands of sound, one character apart, one numeral apart, the name of a place inside the name, nearness on the ground.
The rules then judge the few records found instead of the whole register; a test holds that they say the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.sound import BANDS, KEYS, band

BAND_KEYS = ("name", *KEYS.values())
NUMERAL = re.compile("[0-9〇零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+")
SHORTEST_HELD = 2

Table = Mapping[str, list[int]]


@dataclass(frozen=True)
class NameIndex:
    """``records`` (``layer``, ``record_id``, ``name``, ``status``, ``kind``, ``pinyin`` and the sound keys, numbered 0,
    1, 2 …) with one table for every relation; ``shapes`` are their geometries in the same order, ``compared`` their
    names and keys as lists.
    """

    records: pd.DataFrame
    shapes: np.ndarray
    tables: Mapping[str, Table]
    tree: shapely.STRtree
    compared: Mapping[str, list[str]]

    @classmethod
    def of(cls, records: pd.DataFrame, shapes: np.ndarray, live: Iterable[str]) -> NameIndex:
        """An index of ``records``; records without a name are left out by the caller. ``live`` are the statuses of
        names whose characters count as used.
        """
        names = records["name"].tolist()
        compared = {key: records[key].tolist() for key in BAND_KEYS}
        tables: dict[str, Table] = {key: _grouped(values) for key, values in compared.items()}
        masked: defaultdict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(names):
            for around in masks(name):
                masked[around].append(number)
        tables["masked"] = masked
        series = defaultdict(list)
        for number, name in enumerate(names):
            if NUMERAL.search(name):
                series[NUMERAL.sub("#", name)].append(number)
        tables["series"] = series
        users: dict[str, list[int]] = {}
        alive = records["status"].isin(list(live)).to_numpy()
        for number in np.flatnonzero(alive).tolist():
            for char in names[number]:
                users.setdefault(char, [number])
        tables["characters"] = users
        return cls(records, shapes, tables, shapely.STRtree(shapes), compared)

    def sounding(self, name: str, keys: Mapping[str, str]) -> set[int]:
        """Numbers of the records in some band of likeness with ``name``, whose sound ``keys`` are given."""
        found: set[int] = set()
        for key in BAND_KEYS:
            found.update(self.tables[key].get(name if key == "name" else keys.get(key, ""), ()))
        for around in masks(name):
            found.update(self.tables["masked"].get(around, ()))
        return found

    def concerned(self, name: str, keys: Mapping[str, str], shape: BaseGeometry | None, near_m: float) -> np.ndarray:
        """Numbers of the records that some rule may compare with ``name``: a few, however large the register."""
        found = self.sounding(name, keys)
        found.update(self.tables["series"].get(NUMERAL.sub("#", name), ()))
        for char in name:
            found.update(self.tables["characters"].get(char, ()))
        for part in parts_of_name(name):
            found.update(self.tables["name"].get(part, ()))
        if shape is not None:
            found.update(self.tree.query(shape, predicate="dwithin", distance=near_m).tolist())
        return np.array(sorted(found), dtype=np.int64)

    def likeness(self, name: str, keys: Mapping[str, str], together: frozenset[str]) -> list[tuple[int, str]]:
        """Number and band of every record that sounds or looks like ``name``; the band is never ``none``."""
        asked = {"name": name, **keys}
        found = []
        for number in sorted(self.sounding(name, keys)):
            one = band(asked, {key: values[number] for key, values in self.compared.items()}, together)
            if one != BANDS[-1]:
                found.append((number, one))
        return found

    def alike(self, name: str, keys: Mapping[str, str], together: frozenset[str]) -> pd.DataFrame:
        """The records of ``likeness`` with their ``band``."""
        found = self.likeness(name, keys, together)
        rows = self.records.iloc[[number for number, _ in found]]
        return rows.assign(band=pd.Series([one for _, one in found], index=rows.index, dtype="str"))

    def beside(self, shape: BaseGeometry | None, reach_m: float) -> bool:
        """Whether some record lies within ``reach_m`` of ``shape``."""
        return shape is not None and len(self.tree.query(shape, predicate="dwithin", distance=reach_m)) > 0

    def held(self, name: str) -> pd.DataFrame:
        """Records whose whole name stands inside ``name``."""
        found: set[int] = set()
        for part in parts_of_name(name):
            found.update(self.tables["name"].get(part, ()))
        return self.records.iloc[sorted(found)]


def masks(name: str) -> list[str]:
    """The name with one character hidden, for each of its characters: names one character apart share one of them."""
    return [name[:at] + "_" + name[at + 1 :] for at in range(len(name))] if len(name) > 1 else []


def parts_of_name(name: str) -> list[str]:
    """All shorter pieces of a name of at least two characters."""
    return [
        name[start:end]
        for start in range(len(name))
        for end in range(start + SHORTEST_HELD, len(name) + 1)
        if end - start < len(name)
    ]


def nearest_first(rows: pd.DataFrame, shapes: np.ndarray, shape: BaseGeometry | None) -> pd.DataFrame:
    """``rows`` of an index with ``distance_m`` to ``shape`` (missing without one), nearest first."""
    distance = (
        shapely.distance(shapes[rows.index.to_numpy()], shape) if shape is not None else np.full(len(rows), np.nan)
    )
    return rows.assign(distance_m=distance).sort_values(["distance_m", "record_id"], kind="stable")


def touching(frame: gpd.GeoDataFrame, tree: shapely.STRtree, shape: BaseGeometry | None) -> gpd.GeoDataFrame:
    """Records of ``frame`` that ``shape`` touches, and the nearest one where it touches none; ``tree`` is theirs."""
    if shape is None or frame.empty:
        return frame.iloc[:0]
    found = np.sort(tree.query(shape, predicate="intersects"))
    if not len(found):
        found = np.atleast_1d(tree.nearest(shape))
    return frame.iloc[found]


def _grouped(values: list[str]) -> Table:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, value in enumerate(values):
        if isinstance(value, str) and value:
            found[value].append(number)
    return found
