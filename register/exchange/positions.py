"""Where records lie: points from columns, the CRS a file is in, the way into the register's CRS."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from boundaries import datums
from register.exchange.columns import EASTING_NORTHING, LON_LAT, SHAPE, Columns
from register.exchange.source import Source
from rulebook.errors import CrsError
from rulebook.language import Text
from rulebook.schema import Layer

DatumShifts = Mapping[str, Mapping[str, float]]
NO_SHIFTS: DatumShifts = {}
OLD_DATUMS = {"Xian 1980": "1980西安坐标系", "Beijing 1954": "1954北京坐标系"}
MULTI = {
    "MultiPoint": (0, shapely.multipoints),
    "MultiLineString": (1, shapely.multilinestrings),
    "MultiPolygon": (3, shapely.multipolygons),
}
TYPE_IDS = {"Point": 0, "LineString": 1, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6}


def named_crs(name: str) -> CRS:
    """The CRS a user names, ``EPSG:4549`` or any form PROJ knows."""
    try:
        return CRS.from_user_input(f"EPSG:{name}" if name.isdecimal() else name)
    except CRSError as fault:
        raise CrsError(
            f"不认识坐标系“{name}”；请写成 EPSG:4549 或 EPSG:4490 的形式。",
            f'The CRS "{name}" is not known; write it like EPSG:4549 or EPSG:4490.',
        ) from fault


def same_crs(one: CRS, other: CRS) -> bool:
    """Whether two descriptions mean one CRS, however they are written."""
    if one.equals(other, ignore_axis_order=True):
        return True
    codes = one.to_epsg(), other.to_epsg()
    return codes[0] is not None and codes[0] == codes[1]


def crs_of(source: Source, layer: Layer, columns: Columns, given: CRS | None) -> tuple[CRS | None, tuple[Text, ...]]:
    """The CRS of a source's positions (None when it has none or the layer takes none) and what is to be said about it.

    A CRS that the file declares stands; one that the caller names must agree with it. Raises CrsError.
    """
    if layer.geometry is None or (source.geometry is None and not position_columns(columns)):
        return None, ()
    if source.crs is not None:
        if given is not None and not same_crs(source.crs, given):
            raise CrsError(
                f"{source.name} 声明的坐标系是 {label(source.crs)}，与 --crs {label(given)} 不符；请去掉 --crs，或先改正文件的坐标系声明。",
                f"{source.name} declares the CRS {label(source.crs)}, which is not --crs {label(given)}; leave --crs out or mend the file's declaration first.",
            )
        return source.crs, ()
    if given is not None:
        return given, ()
    if source.format_crs is not None:
        _require_degrees(source)
        return source.format_crs, (
            Text(
                f"{source.name} 未注明坐标系，按其格式标准视为 {label(source.format_crs)} 经纬度。",
                f"{source.name} names no CRS; by the standard of its format it is {label(source.format_crs)}, longitude and latitude.",
            ),
        )
    recorded = _recorded_crs(source, columns)
    if recorded is not None:
        return recorded, (
            Text(
                f"坐标系取自各行的 recorded_crs：{label(recorded)}。",
                f"The CRS is that of recorded_crs in all rows: {label(recorded)}.",
            ),
        )
    raise CrsError(
        f"{source.name} 没有坐标系；请用 --crs 指明，例如 --crs EPSG:4549（CGCS2000 投影，中央经线 120°）或 --crs EPSG:4490（经纬度）。",
        f"{source.name} has no CRS; name it by --crs, for example --crs EPSG:4549 (CGCS2000, central meridian 120E) or --crs EPSG:4490 (longitude, latitude).",
    )


def label(crs: CRS) -> str:
    """``EPSG:4549``, or the CRS's name where it has no code."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)


def position_columns(columns: Columns) -> tuple[tuple[str, ...], ...]:
    """Column groups of a table that give a position: WKT, lon and lat, easting and northing."""
    return tuple(
        group for group in ((SHAPE,), LON_LAT, EASTING_NORTHING) if all(name in columns.known for name in group)
    )


def told_of_datum(source: CRS, target: CRS) -> tuple[Text, ...]:
    """A warning where PROJ knows no parameters between two datums and takes them for one, which may be metres off."""
    if same_crs(source, target) or "WGS 84" in source.name:
        return ()
    if datums.old_datum(source) is not None:
        return (
            Text(
                f"按配置中的七参数从 {label(source)} 换算到 {label(target)}。",
                f"Converted from {label(source)} to {label(target)} by the seven parameters of the profile.",
            ),
        )
    if "Ballpark" not in Transformer.from_crs(source, target, always_xy=True).description:
        return ()
    return (
        Text(
            f"{label(source)} 与 {label(target)} 的基准不同，没有转换参数，按零偏移换算，可能相差数米到上百米；请用带参数的软件先行转换。",
            f"{label(source)} and {label(target)} have different datums and there are no parameters between them; they were taken for one, which may be some or a hundred metres off. Convert the file by software that has the parameters.",
        ),
    )


def pair_for(columns: Columns, crs: CRS, source: Source) -> tuple[str, ...]:
    """The group that fits the CRS: WKT if there is any, lon and lat for degrees, easting and northing for metres."""
    groups = position_columns(columns)
    if (SHAPE,) in groups:
        return (SHAPE,)
    wanted = LON_LAT if crs.is_geographic else EASTING_NORTHING
    if wanted not in groups:
        there = "、".join(groups[0])
        raise CrsError(
            f"{source.name} 的坐标列是 {there}，与坐标系 {label(crs)}（{'经纬度' if crs.is_geographic else '投影坐标'}）不符。",
            f"{source.name} has the coordinate columns {', '.join(groups[0])}, which do not fit the CRS {label(crs)} ({'degrees' if crs.is_geographic else 'metres'}).",
        )
    return wanted


def points(x: pd.Series, y: pd.Series) -> np.ndarray:
    """Points of two number columns; None where one is missing."""
    shapes = shapely.points(np.column_stack((x.to_numpy("float64"), y.to_numpy("float64"))))
    shapes[(x.isna() | y.isna()).to_numpy()] = None
    return shapes


def project(shapes: np.ndarray, source: CRS, target: CRS, shifts: DatumShifts = NO_SHIFTS) -> np.ndarray:
    """Shapes in the target CRS. ``shifts`` are the profile's parameters of older datums; raises CrsError without them.

    A shape with a coordinate that cannot be projected (latitude over 90, as when lon and lat are swapped) keeps all
    its numbers as they are, so that nothing is lost and the rule for impossible coordinates can see them.
    """
    if same_crs(source, target):
        return shapes
    move = _way(source, target, shifts)
    moved = shapely.transform(shapes, move)
    coordinates, owner = shapely.get_coordinates(moved, return_index=True)
    failed = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    moved[failed] = shapes[failed]
    return moved


def _way(source: CRS, target: CRS, shifts: DatumShifts) -> Callable[[np.ndarray], np.ndarray]:
    """What moves coordinates (rows of x, y) from one CRS into another."""
    datum = datums.old_datum(source)
    if datum is None or datum == datums.old_datum(target):
        transformer = Transformer.from_crs(source, target, always_xy=True)
        return lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    shift = datums.to_cgcs2000(datum, shifts)
    if shift is None:
        raise CrsError(
            f"{label(source)}（{source.name}）属于{OLD_DATUMS.get(datum, datum)}，与 2000 国家大地坐标系相差可达上百米，本县配置没有它的转换参数，不能当作 2000 坐标导入。请在配置的 datum_shifts 中填写七参数，或先用有参数的软件转换。",
            f"{label(source)} ({source.name}) is on {datum}, which may be a hundred metres off CGCS2000, and the profile has no parameters for it; it is not taken for CGCS2000. Enter the seven parameters under datum_shifts in the profile, or convert the file first.",
        )
    unprojected = Transformer.from_crs(source, source.geodetic_crs, always_xy=True)
    projected = Transformer.from_crs(datums.DEGREES, target, always_xy=True)

    def move(xy: np.ndarray) -> np.ndarray:
        degrees = shift(np.column_stack(unprojected.transform(xy[:, 0], xy[:, 1])))
        return np.column_stack(projected.transform(degrees[:, 0], degrees[:, 1]))

    return move


def fit(shapes: np.ndarray, wanted: str) -> tuple[np.ndarray, np.ndarray]:
    """Shapes as the layer's type (parts become collections of one, collections of one point the point), empty ones
    missing, and which shapes are of another type.
    """
    fitted = shapes.copy()
    fitted[shapely.is_empty(fitted)] = None
    if wanted == "Geometry":
        return fitted, np.zeros(len(fitted), dtype=bool)
    types = shapely.get_type_id(fitted)
    if wanted == "Point":
        single = (types == TYPE_IDS["MultiPoint"]) & (shapely.get_num_geometries(fitted) == 1)
        fitted[single] = shapely.get_geometry(fitted[single], 0)
    else:
        part, collect = MULTI[wanted]
        parts = np.flatnonzero(types == part)
        if len(parts):
            fitted[parts] = collect(fitted[parts], indices=np.arange(len(parts)))
    types = shapely.get_type_id(fitted)
    return fitted, (types != TYPE_IDS[wanted]) & (types >= 0)


def _require_degrees(source: Source) -> None:
    if source.geometry is None:
        return
    xy = shapely.get_coordinates(source.geometry)
    outside = (np.abs(xy) > 360).any(axis=1)
    if len(xy) and outside.mean() > 0.5:
        raise CrsError(
            f"{source.name} 的坐标（如 {xy[0, 0]:.3f}, {xy[0, 1]:.3f}）不是经纬度，文件又没有注明坐标系；请用 --crs 指明。",
            f"The coordinates of {source.name} (such as {xy[0, 0]:.3f}, {xy[0, 1]:.3f}) are not degrees and the file names no CRS; name it by --crs.",
        )


def _recorded_crs(source: Source, columns: Columns) -> CRS | None:
    """The one CRS that all rows record, if they do."""
    if "recorded_crs" not in columns.known:
        return None
    values = {str(value).strip().upper() for value in source.table[columns.known["recorded_crs"]].unique()}
    if len(values) != 1 or not re.fullmatch(r"EPSG:\d{4,6}", name := values.pop()):
        return None
    return named_crs(name)
