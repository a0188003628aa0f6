"""Asking about doorplates in words and files: what a text on a plate means, numbers for new buildings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from doorplates.allocation import Proposal
from doorplates.grammar import QUESTIONS, parse_numbers
from register.cases import numbering
from register.cases.spots import LON_LAT, spot
from register.exchange import reading
from register.exchange.positions import points, project
from register.store import Register
from rulebook.errors import CallError, CrsError, FileError

PARSED = ("legal", "main", "sub", "kind", "range_to", "building", "unit", "room", "canonical")
FURTHER = ("prefix", "stem", "group", "in_lane_sub", "series")


def parse(texts: tuple[str, ...], lang: str) -> list[dict[str, Any]]:
    """What each plate text says; ``legal`` is None where only a person can tell, and ``question`` says what to ask."""
    parsed = parse_numbers(pd.Series(list(texts), dtype="str")).astype("object")
    rows = parsed.where(parsed.notna(), None).to_dict("records")
    return [
        {
            "text": text,
            **{name: row[name] for name in PARSED},
            "question": QUESTIONS[row["question"]].format(number=text).within(lang) if row["question"] else None,
            **{name: row[name] for name in FURTHER if row[name] is not None},
        }
        for text, row in zip(texts, rows, strict=True)
    ]


def proposals(
    register: Register,
    road_id: str | None,
    at: str | None,
    file: Path | None,
    lang: str,
    *,
    place_id: str | None = None,
    today: str = "",
) -> list[dict[str, Any]]:
    """Numbers for new buildings on a road or in a place, at ``--at LON,LAT`` or the points of a file, in their order."""
    spots = spots_of(at, file, register.crs)
    found = numbering.proposals(register, numbering.view(register, today), spots, road_id=road_id, place_id=place_id)
    return told(spots, found, lang)


def reservation(
    register: Register, spots: gpd.GeoSeries, lang: str, **given: Any
) -> tuple[int | None, list[dict[str, Any]]]:
    """Reserve numbers (:func:`register.cases.numbering.reserve`): the change, and for each point what it got."""
    done = numbering.reserve(register, spots, **given)
    rows = told(spots, done.proposals, lang)
    return done.change_id, [{**row, "id": plate} for row, plate in zip(rows, done.plates, strict=True)]


def told(spots: gpd.GeoSeries, found: Sequence[Proposal], lang: str) -> list[dict[str, Any]]:
    """Proposals as plain values, with their points in degrees (EPSG:4490)."""
    lon_lat = project(spots.to_numpy(), spots.crs, LON_LAT)
    return [
        {
            "point": [round(float(xy.x), 7), round(float(xy.y), 7)],
            "number": one.number,
            "side": one.side,
            "reason": one.reason.within(lang),
            "alternatives": list(one.alternatives),
            **({"road": one.road_id} if one.road_id else {}),
        }
        for xy, one in zip(lon_lat, found, strict=True)
    ]


def spots_of(at: str | None, file: Path | None, crs: CRS) -> gpd.GeoSeries:
    """Points of ``--at`` (EPSG:4490) or of a file, in ``crs``."""
    if (at is None) == (file is None):
        raise CallError("--at 与 --points 要给且只能给一个。", "Give either --at or --points.")
    if file is not None:
        return gpd.GeoSeries(_points_of(file, crs), crs=crs)
    return gpd.GeoSeries([spot(str(at), crs)], crs=crs)


def _points_of(file: Path, crs: CRS) -> np.ndarray:
    """The points of the first table of a file that has any: shapes, or columns lon and lat (EPSG:4490), or easting and
    northing (the register's CRS).
    """
    for source in reading.read(file):
        shapes, given = source.geometry, source.crs or source.format_crs
        if shapes is None:
            for pair, of_pair in ((("lon", "lat"), LON_LAT), (("easting", "northing"), crs)):
                if set(pair) <= set(source.table.columns):
                    x, y = (pd.to_numeric(source.table[name], errors="coerce") for name in pair)
                    shapes, given = points(x, y), of_pair
        if shapes is None or not len(shapes):
            continue
        if given is None:
            raise CrsError(f"{file} 没有坐标系。", f"{file} has no coordinate reference system.")
        wrong = np.flatnonzero(shapely.get_type_id(shapes) != shapely.GeometryType.POINT)
        if len(wrong):
            row = source.table.index[wrong[0]]
            raise FileError(f"{file} 第 {row} 行没有点位。", f"Row {row} of {file} has no point.")
        return np.asarray(project(shapes, given, crs))
    raise FileError(
        f"{file} 中没有点：需要点图形，或 lon、lat 两列，或 easting、northing 两列。",
        f"There are no points in {file}: point shapes, columns lon and lat, or easting and northing are needed.",
    )
