"""Records for the map: GeoJSON in degrees, only what is in view, only what may be shown, thinned at low zoom."""

from __future__ import annotations

import json
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from shapely import STRtree

from register.cases.checking import today_text
from register.cases.sensitive import EXACT, Sight
from register.dictionary import DICTIONARY
from register.store import opened
from rulebook.errors import CallError
from rulebook.report import OUTPUT_CRS
from rulebook.schema import in_force

Box = tuple[float, float, float, float]
SHOWN = {
    "divisions": ("code", "name", "level", "kind"),
    "areas": ("id", "name", "kind"),
    "place_names": ("id", "name", "kind", "status"),
    "roads": ("id", "name", "road_class", "status"),
    "doorplates": ("id", "number", "kind", "status"),
    "addresses": ("id", "grade", "status"),
    "boundary_lines": ("code", "name", "level"),
    "markers": ("id", "number", "name", "type_code", "status"),
    "inspections": ("id", "marker_id", "condition"),
}
FIRST_ZOOM = {"doorplates": 15, "addresses": 16, "place_names": 12}
MOST = 4000
DEGREES_PER_PIXEL_AT_ZOOM_0 = 360 / 256


class MapLayers:
    """Layers of one register as they stand, kept in memory until the register changes."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = Lock()
        self._revision = -1
        self._frames: dict[str, pd.DataFrame] = {}
        self._shapes: dict[tuple[str, Sight], tuple[gpd.GeoDataFrame, STRtree]] = {}

    def frame(self, layer: str) -> pd.DataFrame:
        """All records of a layer as stored."""
        with self._lock:
            return self._frame(layer)

    def collection(self, layer: str, bbox: Box | None, zoom: int, sight: Sight = EXACT) -> dict[str, Any]:
        """Records in force that touch ``bbox`` (degrees) as a FeatureCollection; ``truncated`` says that more than
        ``MOST`` were there, ``from_zoom`` from which zoom on the layer is shown at all. Rounded places are also what
        ``bbox`` is compared with, so that no search finds the exact one.
        """
        first = FIRST_ZOOM.get(layer, 0)
        if zoom < first:
            return {"type": "FeatureCollection", "features": [], "from_zoom": first, "truncated": False}
        shown, tree = self._indexed(layer, sight)
        rows = np.arange(len(shown)) if bbox is None else np.sort(tree.query(shapely.box(*bbox)))
        chosen = shown.iloc[rows[:MOST]]
        tolerance = DEGREES_PER_PIXEL_AT_ZOOM_0 / 2**zoom
        shapes = shapely.simplify(chosen.geometry.to_numpy(), tolerance / 2, preserve_topology=True)
        return {
            "type": "FeatureCollection",
            "features": _features(chosen.drop(columns="geometry"), shapes),
            "from_zoom": first,
            "truncated": len(rows) > MOST,
        }

    def feature(self, layer: str, record_id: str, sight: Sight = EXACT) -> dict[str, Any]:
        """One record, ended or not, as a GeoJSON feature."""
        with self._lock:
            frame = self._frame(layer)
            shape = _degrees(sight.shapes(layer, frame.loc[[record_id]].geometry.to_numpy()), frame.crs)
        return _features(frame.loc[[record_id], list(SHOWN[layer])], shape)[0]

    def extent(self, sight: Sight = EXACT) -> Box:
        """West, south, east, north of the divisions, else of all that has a place."""
        for layer in ("divisions", "roads", "doorplates", "place_names", "addresses", "markers"):
            shown, _ = self._indexed(layer, sight)
            bounds = shown.total_bounds
            if len(shown) and np.isfinite(bounds).all():
                return tuple(float(value) for value in bounds)  # type: ignore[return-value]
        return (73.0, 18.0, 135.0, 54.0)

    def _frame(self, layer: str) -> pd.DataFrame:
        if layer not in DICTIONARY:
            raise CallError(f"没有图层“{layer}”。", f'There is no layer "{layer}".')
        with opened(self.address) as register:
            if register.revision != self._revision:
                self._frames, self._shapes, self._revision = {}, {}, register.revision
            if layer not in self._frames:
                self._frames[layer] = register.layer(layer)
        return self._frames[layer]

    def _indexed(self, layer: str, sight: Sight) -> tuple[gpd.GeoDataFrame, STRtree]:
        if layer not in SHOWN:
            raise CallError(f"图层“{layer}”不能上图。", f'Layer "{layer}" cannot be shown on the map.')
        with self._lock:
            frame = self._frame(layer)
            key = (layer, sight if sight.hides(layer) else EXACT)
            if key not in self._shapes:
                current = in_force(frame, today_text())
                shapes = _degrees(sight.shapes(layer, current.geometry.to_numpy()), frame.crs)
                visible = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
                shown = gpd.GeoDataFrame(
                    current.loc[visible, list(SHOWN[layer])], geometry=shapes[visible], crs=OUTPUT_CRS
                )
                self._shapes[key] = (shown, STRtree(shapes[visible]))
            return self._shapes[key]


def _degrees(shapes: np.ndarray, crs: CRS) -> np.ndarray:
    """Geometries in EPSG:4490; those that cannot be projected become missing."""
    transformer = Transformer.from_crs(crs, OUTPUT_CRS, always_xy=True)

    def project(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    turned = shapely.transform(shapes, project)
    bounds = shapely.bounds(turned)
    turned[~np.isfinite(bounds).all(axis=1)] = None
    return turned


def _features(table: pd.DataFrame, shapes: np.ndarray) -> list[dict[str, Any]]:
    rounded = shapely.transform(shapes, lambda xy: xy.round(7))
    cells = table.astype("object").where(table.notna(), None).to_dict("records")
    return [
        {
            "type": "Feature",
            "id": record_id,
            "properties": properties,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for record_id, properties, shape in zip(table.index, cells, rounded, strict=True)
    ]
