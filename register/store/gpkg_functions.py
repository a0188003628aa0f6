"""The SQL functions that the triggers of a GeoPackage's spatial index call (OGC 12-128r19, annex F.3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from register.store.gpkg_geometry import bounds_of


def add_functions(connection: sqlite3.Connection) -> None:
    """Register ``ST_IsEmpty``, ``ST_MinX``, ``ST_MaxX``, ``ST_MinY`` and ``ST_MaxY`` on a connection."""
    connection.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)
    for place, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, _bound(place), deterministic=True)


def _is_empty(blob: bytes | None) -> bool | None:
    return None if blob is None else bounds_of(blob) is None


def _bound(place: int) -> Callable[[bytes | None], float | None]:
    def bound(blob: bytes | None) -> float | None:
        bounds = None if blob is None else bounds_of(blob)
        return None if bounds is None else bounds[place]

    return bound
