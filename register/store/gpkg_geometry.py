"""Geometries as GeoPackage writes them (OGC 12-128r19, clause 2.1.3), whole columns at once.

A blob is ``GP``, version, flags, srs_id, an envelope (none for points), then ISO WKB, all little-endian. Equal
geometries give equal bytes, so blobs are compared without decoding.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import shapely

from rulebook.language import Text

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_LITTLE_ENDIAN, _XY_ENVELOPE, _EMPTY = 0x01, 0x02, 0x10
_TYPES_OF = {
    "Point": (shapely.GeometryType.POINT,),
    "MultiLineString": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    "MultiPolygon": (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
}
_MAKE_MULTI = {"MultiLineString": shapely.multilinestrings, "MultiPolygon": shapely.multipolygons}


def encode(shapes: np.ndarray, srs_id: int) -> np.ndarray:
    """Blobs of an array of geometries; None for a missing or empty one."""
    blobs = np.full(len(shapes), None, dtype=object)
    bodies = shapely.to_wkb(shapes, byte_order=1, flavor="iso")
    present = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    points = present & (shapely.get_type_id(shapes) == shapely.GeometryType.POINT)
    head = _head(_LITTLE_ENDIAN, srs_id)
    blobs[points] = [head + body for body in bodies[points]]
    others = present & ~points
    head = _head(_LITTLE_ENDIAN | _XY_ENVELOPE, srs_id)
    envelopes = shapely.bounds(shapes[others])[:, [0, 2, 1, 3]].astype("<f8")
    blobs[others] = [head + envelope.tobytes() + body for envelope, body in zip(envelopes, bodies[others], strict=True)]
    return blobs


def decode(blobs: Sequence[bytes | None] | np.ndarray) -> np.ndarray:
    """Geometries of blobs; None where there is none. Raises shapely.errors.ShapelyError when a blob is damaged."""
    return np.asarray(shapely.from_wkb([None if blob is None else wkb_of(blob) for blob in blobs]), dtype=object)


def wkb_of(blob: bytes) -> bytes:
    """The WKB part of a blob."""
    return blob[8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 7] :]


def bounds_of(blob: bytes) -> tuple[float, float, float, float] | None:
    """``minx, maxx, miny, maxy`` of a blob, None when the geometry is empty; decodes only when it must."""
    flags = blob[3]
    if flags & _EMPTY:
        return None
    if flags & 0x0E:
        return struct.unpack_from("<4d" if flags & _LITTLE_ENDIAN else ">4d", blob, 8)
    order = "<" if blob[8] else ">"
    if struct.unpack_from(order + "I", blob, 9)[0] % 1000 == 1:
        x, y = struct.unpack_from(order + "2d", blob, 13)
        return None if x != x or y != y else (x, x, y, y)  # noqa: PLR0124 - NaN is how WKB writes an empty point
    minx, miny, maxx, maxy = shapely.from_wkb(wkb_of(blob)).bounds
    return None if minx != minx else (minx, maxx, miny, maxy)  # noqa: PLR0124


def fit(shapes: np.ndarray, geometry_type: str) -> tuple[np.ndarray, np.ndarray]:
    """Geometries made plane, and multi-part where the layer is; and which are of a type the layer cannot hold.

    The register is plane: heights have columns of their own, and the same place read from a file with a third
    coordinate is the same place.
    """
    shapes = np.asarray(shapely.force_2d(shapes), dtype=object)
    if geometry_type not in _TYPES_OF:
        return shapes, np.zeros(len(shapes), dtype=bool)
    types = shapely.get_type_id(shapes)
    wrong = ~np.isin(types, _TYPES_OF[geometry_type]) & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    if geometry_type in _MAKE_MULTI:
        single = (types == _TYPES_OF[geometry_type][0]) & ~shapely.is_empty(shapes)
        if single.any():
            shapes = shapes.copy()
            shapes[single] = _MAKE_MULTI[geometry_type](shapes[single][:, np.newaxis])
    return shapes, wrong


def wrong_type(geometry_type: str) -> Text:
    """The sentence for a geometry that a layer of ``geometry_type`` cannot hold."""
    return Text(f"几何类型不对，该图层只能是 {geometry_type}", f"wrong geometry type, the layer holds {geometry_type}")


def _head(flags: int, srs_id: int) -> bytes:
    return struct.pack("<2sBBi", b"GP", 0, flags, srs_id)
