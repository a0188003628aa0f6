"""Where a proposed name is to lie: coordinates, a drawn shape, or a file, in the register's CRS."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from register.cases.spots import LON_LAT, spot
from register.exchange import reading
from rulebook.errors import CallError, CrsError, FileError


def place(at: str | None, file: Path | None, crs: CRS) -> BaseGeometry | None:
    """Geometry of ``--at LON,LAT`` (EPSG:4490) or of all features of a file, in ``crs``; None when neither is given."""
    if at is not None and file is not None:
        raise CallError("--at 与 --geometry 只能给一个。", "Give either --at or --geometry, not both.")
    if at is not None:
        return spot(at, crs)
    return None if file is None else in_file(file, crs)


def in_file(file: Path, crs: CRS) -> BaseGeometry:
    """Geometry of all features of a file, in ``crs``."""
    shapes: list[BaseGeometry] = []
    for source in reading.read(file):
        given = source.crs or source.format_crs
        if source.geometry is None:
            continue
        if given is None:
            raise CrsError(f"{file} 没有坐标系。", f"{file} has no coordinate reference system.")
        present = [shape for shape in source.geometry if shape is not None and not shape.is_empty]
        if present:
            shapes.append(_projected(shapely.union_all(present), given, crs, str(file)))
    if not shapes:
        raise FileError(f"{file} 中没有图形。", f"There is no geometry in {file}.")
    return shapely.union_all(shapes)


def drawn(text: str, crs: CRS) -> BaseGeometry | None:
    """The shape of a GeoJSON geometry (longitude and latitude, EPSG:4490) as a map draws it; None for an empty text."""
    if not text.strip():
        return None
    try:
        shape = shapely.from_geojson(json.dumps(json.loads(text)))
    except (ValueError, TypeError, shapely.errors.ShapelyError) as fault:
        raise CallError("画的图形读不懂，请重画。", "The drawn shape cannot be read; please draw it again.") from fault
    if shape is None or shape.is_empty or (not shape.is_valid and shapely.get_dimensions(shape) == 2):
        raise CallError("画的图形不完整，请重画。", "The drawn shape is not complete; please draw it again.")
    return _projected(shape, LON_LAT, crs, text[:40])


def _projected(shape: BaseGeometry, given: CRS, crs: CRS, said: str) -> BaseGeometry:
    moved = Transformer.from_crs(given, crs, always_xy=True)
    result = shapely.transform(shape, moved.transform, interleaved=False)
    if not np.isfinite(shapely.get_coordinates(result)).all():
        raise CallError(f"坐标“{said}”不在地球上。", f'The coordinates "{said}" are nowhere on earth.')
    return result
