"""Asking about doorplates: what a text on a plate means, numbers for new buildings, and renumbering a road."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from doorplates.allocation import propose
from doorplates.grammar import QUESTIONS, parse_numbers
from doorplates.renumbering import renumber
from doorplates.rules import numbers_missing
from register import profiles
from register.cases.checking import today_text
from register.cases.spots import LON_LAT, spot
from register.exchange import reading
from register.exchange.plans import numbered
from register.exchange.positions import points, project
from register.store import Register
from rulebook.context import Context, Run
from rulebook.errors import CallError, CrsError, FileError
from rulebook.profile import unknown
from rulebook.spatial import has_shape

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
    register: Register, road_id: str, at: str | None, file: Path | None, lang: str, *, today: str = ""
) -> list[dict[str, Any]]:
    """Numbers for new buildings on a road at ``--at LON,LAT`` or at the points of a file, in their order."""
    ctx = _context(register, road_id, today)
    spots = _spots(at, file, register.crs)
    lon_lat = project(spots.to_numpy(), register.crs, LON_LAT)
    return [
        {
            "point": [round(float(xy.x), 7), round(float(xy.y), 7)],
            "number": one.number,
            "side": one.side,
            "reason": one.reason.within(lang),
            "alternatives": list(one.alternatives),
        }
        for xy, one in zip(lon_lat, propose(spots, road_id, ctx), strict=True)
    ]


def renumbering(register: Register, road_id: str, lang: str, *, today: str = "") -> pd.DataFrame:
    """A fix plan (``register.exchange.plans``) that puts a road's numbers right by the fewest changes.

    Plates for which no number can be proposed stay in the plan, unchanged and not accepted, with the reason.
    """
    ctx = _context(register, road_id, today)
    numbers = ctx.frame("doorplates")["number"]
    rows = [
        ("doorplates", plate, "number", numbers[plate], one.number or numbers[plate], None if one.number else "no",
         rule, "review", one.reason.within(lang))
        for plate, rule, one in renumber(road_id, ctx)
    ]  # fmt: skip
    names = ["layer", "record_id", "field", "before", "after", "accept", "rule", "safety", "reason"]
    return numbered(pd.DataFrame(rows, columns=names, dtype="object"))


def _context(register: Register, road_id: str, today: str) -> Context:
    """A view of plates and roads in force, as the rules on numbering have it."""
    profile = profiles.load(register.profile_name)
    layers = {name: register.layer(name) for name in ("doorplates", "roads")}
    ctx = Context(Run(layers, profile, today or today_text(), register.crs), numbers_missing.RULE, "doorplates")
    roads = ctx.frame("roads")
    if road_id not in roads.index:
        raise unknown("有效的道路", "road in force", road_id, roads.index.tolist(), register.address)
    if not has_shape(roads.geometry).at[road_id]:
        raise CallError(f"道路 {road_id} 没有中心线，无法编号。", f"Road {road_id} has no line to number along.")
    return ctx


def _spots(at: str | None, file: Path | None, crs: CRS) -> gpd.GeoSeries:
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
