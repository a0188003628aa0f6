"""The figures of the registration forms of markers, brought to metres of the register's CRS.

A form records easting and northing, longitude and latitude, and the name of their system. Between systems of different
datums only a coarse comparison is possible, unless the profile has the parameters (``datum_shifts``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from boundaries import datums
from rulebook.context import Context, derived

MODERN = ("CGCS2000", "WGS 84")
ZONE_UNIT = 1_000_000
LAST_SIX_DEGREE_ZONE = 23
DECIMALS = 8
METRES_PER_DEGREE = 111_320.0
SOURCES = ("plane", "degrees", "geometry")
UNKNOWN = "unknown"  # system of figures whose declaration says nothing that is known


@derived("markers")
def figures(ctx: Context) -> pd.DataFrame:
    """Where each marker stands by each source, indexed by marker, NaN where a source is missing: ``plane_x``,
    ``plane_y`` (from easting, northing), ``degrees_x``, ``degrees_y`` (from lon, lat), ``geometry_x``, ``geometry_y``:
    metres of the register's CRS; ``system`` (``UNKNOWN`` where the text names none), ``meridian`` as declared, ``convertible`` (the datum is modern or the
    profile has its parameters), ``swapped_plane``, ``swapped_degrees`` (axes
    exchanged, and put right here), ``rounding_m`` (half the last decimal of lon and lat).
    """
    frame = ctx.frame("markers").sort_index()
    declared = _declared(frame["recorded_crs"], ctx)
    easting, northing = (frame[name].to_numpy(dtype=float) for name in ("easting", "northing"))
    lon, lat = (frame[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    short_northing = (northing < ZONE_UNIT) | (northing >= 10 * ZONE_UNIT)
    swapped_plane = (easting > ZONE_UNIT) & (easting < 10 * ZONE_UNIT) & short_northing
    easting, northing = np.where(swapped_plane, northing, easting), np.where(swapped_plane, easting, northing)
    swapped_degrees = (lat > 60) & (lon < 60)
    lon, lat = np.where(swapped_degrees, lat, lon), np.where(swapped_degrees, lon, lat)
    zone = np.floor(easting / ZONE_UNIT)
    by_zone = np.where(zone > LAST_SIX_DEGREE_ZONE, zone * 3, zone * 6 - 3)
    meridian = np.where(zone > 0, by_zone, declared["meridian"])
    plane = _plane(easting % ZONE_UNIT, northing, declared["system"], meridian, ctx)
    onward = Transformer.from_crs(datums.DEGREES, ctx.crs, always_xy=True)
    modern = _modern(np.column_stack([lon, lat]), declared["system"], ctx)
    degrees = np.column_stack(onward.transform(modern[:, 0], modern[:, 1]))
    point = frame["geometry"]
    table = {
        "plane_x": plane[:, 0],
        "plane_y": plane[:, 1],
        "degrees_x": degrees[:, 0],
        "degrees_y": degrees[:, 1],
        "geometry_x": point.x,
        "geometry_y": point.y,
        "system": declared["system"],
        "convertible": declared["system"].isin([*MODERN, *_shifts(ctx)]),
        "meridian": meridian,
        "swapped_plane": swapped_plane,
        "swapped_degrees": swapped_degrees,
        "rounding_m": np.maximum(_rounding(lon), _rounding(lat)),
    }
    found = pd.DataFrame(table, index=frame.index)
    return found.replace([np.inf, -np.inf], np.nan)


def distance(table: pd.DataFrame, one: str, other: str) -> pd.Series:
    """Metres between two sources, NaN where one is missing."""
    found = np.hypot(table[f"{one}_x"] - table[f"{other}_x"], table[f"{one}_y"] - table[f"{other}_y"])
    return pd.Series(found, index=table.index)


@derived("markers")
def disagreements(ctx: Context) -> pd.DataFrame:
    """Distances between the sources, indexed by marker: ``plane_degrees_m``, ``plane_geometry_m``,
    ``degrees_geometry_m``, and what each may be at most beside the tolerance: ``coarse`` (the geometry is in another
    datum than the figures, or theirs is not known: ``unknown_system``), ``rounding_m``, ``swapped``.
    """
    table = figures(ctx)
    return pd.DataFrame(
        {
            "plane_degrees_m": distance(table, "plane", "degrees"),
            "plane_geometry_m": distance(table, "plane", "geometry"),
            "degrees_geometry_m": distance(table, "degrees", "geometry"),
            "coarse": ~table["convertible"],
            "unknown_system": table["system"].eq(UNKNOWN),
            "rounding_m": table["rounding_m"],
            "swapped": table["swapped_plane"] | table["swapped_degrees"],
        }
    )


def beyond(table: pd.DataFrame, tolerance_m: float, datum_tolerance_m: float) -> pd.Series:
    """Markers of :func:`disagreements` whose sources differ by more than tolerance, rounding and datum allow."""
    fine = tolerance_m + table["rounding_m"].fillna(0)
    rough = fine.where(~table["coarse"], datum_tolerance_m)
    return (
        table["plane_degrees_m"].gt(fine)
        | table["plane_geometry_m"].gt(rough.where(table["coarse"], tolerance_m))
        | table["degrees_geometry_m"].gt(rough)
    )


def _plane(easting: Any, northing: Any, system: pd.Series, meridian: Any, ctx: Context) -> Any:
    """Plane figures as metres of the register's CRS."""
    lonlat = np.full((len(easting), 2), np.nan)
    groups = pd.DataFrame({"system": system.to_numpy(), "meridian": meridian})
    for (name, middle), rows in groups.groupby(["system", "meridian"]).indices.items():
        projection = datums.gauss_kruger(middle, datums.ELLIPSOIDS.get(name, "GRS80"))
        lonlat[rows] = np.column_stack(projection(easting[rows], northing[rows], inverse=True))
    modern = _modern(lonlat, system, ctx)
    onward = Transformer.from_crs(datums.DEGREES, ctx.crs, always_xy=True)
    return np.column_stack(onward.transform(modern[:, 0], modern[:, 1]))


def _modern(lonlat: Any, system: pd.Series, ctx: Context) -> Any:
    """Degrees of CGCS2000: older datums by the profile's parameters, without any as they are, to be compared coarsely."""
    result = np.array(lonlat, dtype=float)
    shifts = _shifts(ctx)
    for name in sorted(set(shifts) & set(system)):
        shift, rows = datums.to_cgcs2000(name, shifts), system.eq(name).to_numpy() & np.isfinite(result).all(axis=1)
        if shift is not None and rows.any():
            result[rows] = shift(result[rows])
    return result


def _shifts(ctx: Context) -> Mapping[str, Mapping[str, float]]:
    return datums.shifts_of(ctx.run.profile.settings)


def _declared(texts: pd.Series, ctx: Context) -> pd.DataFrame:
    """``system`` and ``meridian`` that each text declares; a missing text stands for the register's CRS, one that names
    no known system for ``UNKNOWN``, which is never taken for CGCS2000.
    """
    known = ctx.table("coordinate_systems")
    own = datums.central_meridian(ctx.crs) if ctx.crs is not None else np.nan
    distinct = {text: _read(text, known, own) for text in texts.dropna().unique()}
    return pd.DataFrame(
        [distinct.get(text, (MODERN[0], own)) for text in texts], columns=["system", "meridian"], index=texts.index
    )


def _read(text: str, known: pd.DataFrame, own: float) -> tuple[str, float]:
    try:
        crs = CRS.from_user_input(text.strip())
    except CRSError:
        return _system(text, known), _meridian(text, own)
    name = "" if crs.geodetic_crs is None else crs.geodetic_crs.name
    meridian = datums.central_meridian(crs) if crs.is_projected else np.nan
    return _system(name, known), own if np.isnan(meridian) else meridian


def _system(text: str, known: pd.DataFrame) -> str:
    """The system that a text names, by the longest name in it."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", text).lower() if one.isalnum())
    names = [(len(one), system) for one, system in zip(known["text"], known["system"], strict=True) if one in plain]
    return str(max(names)[1]) if names else UNKNOWN


def _meridian(text: str, own: float) -> float:
    """Central meridian that a text such as ``CM 120``, ``中央子午线120`` or ``3度带第40带`` names, else ``own``."""
    named = re.search(r"(?:CM|中央子午线|中央经线|经线)\s*(\d{2,3})", text)
    if named:
        return float(named[1])
    zone = re.search(r"(?:第?\s*(\d{2})\s*号?带)|(?:zone\s*(\d{2}))", text, flags=re.IGNORECASE)
    if not zone:
        return own
    number = int(zone[1] or zone[2])
    return float(number * 3 if number > LAST_SIX_DEGREE_ZONE else number * 6 - 3)


def _rounding(angles: Any) -> Any:
    """Half the last recorded digit, of degrees or of seconds of arc, in metres."""
    seconds = angles * 3600
    return 0.71 * METRES_PER_DEGREE * np.maximum(_last_digit(angles, 1e-9), _last_digit(seconds, 1e-6) / 3600)


def _last_digit(values: Any, noise: float) -> Any:
    """The unit of the last decimal that numbers have."""
    decimals = np.full(len(values), DECIMALS)
    for places in range(DECIMALS - 1, -1, -1):
        decimals[np.abs(values - np.round(values, places)) < noise] = places
    return 10.0 ** -decimals.astype(float)


def to_degrees(ctx: Context) -> Transformer:
    """From the register's CRS to longitude and latitude (CGCS2000)."""
    return Transformer.from_crs(ctx.crs, datums.DEGREES, always_xy=True)
