"""What the map asks for: its script, the layers in view, the findings, and the shapes of one finding."""

from __future__ import annotations

import json
from typing import Any

import shapely
from flask import Blueprint, Response, current_app, jsonify, request, url_for

from rulebook.errors import CallError
from web import maps
from web.desk import review
from web.filters import read_box
from web.language import t
from web.pages.findings import find, listing

MOST_RELATED = 30

pages = Blueprint("maps", __name__)


@pages.app_context_processor
def _links() -> dict[str, Any]:
    return {"map_links": lambda: maps.links(url_for("static", filename="vendor/"))}


@pages.get("/map.js")
def script() -> Response:
    """The script of the map, as folium writes it."""
    shown = maps.review_map(review().extent(), current_app.config["SITE"])
    return Response(maps.script(shown), mimetype="text/javascript")


@pages.get("/api/layers/<layer>")
def layer(layer: str) -> Response:
    """Records of a layer within ``?bbox=west,south,east,north``, as GeoJSON for ``?zoom=``."""
    zoom = request.args.get("zoom", 14.0, type=float)
    return jsonify(review().layer_geojson(layer, read_box(request.args.get("bbox", "")), int(zoom)))


@pages.get("/api/findings")
def findings() -> Response:
    """A point for every finding that fits the filters of the list, wherever the map is."""
    placed = [one for one in listing().items if one["geometry"] is not None]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in placed])
    points = shapely.get_coordinates(shapely.point_on_surface(shapes)).round(7).tolist()
    features = [
        {
            "type": "Feature",
            "id": one["fingerprint"],
            "properties": {
                "level": one["level"],
                "rule": one["rule"],
                "title": t(one["title"]),
                "label": t(one["messages"]),
            },
            "geometry": {"type": "Point", "coordinates": point},
        }
        for one, point in zip(placed, points, strict=True)
    ]
    return jsonify(type="FeatureCollection", features=features)


@pages.get("/api/findings/<fingerprint>")
def shapes(fingerprint: str) -> Response:
    """The shape of a finding, of the records it names, and before and after where its repair (the one of ``option``, where
    there are several) moves something.
    """
    one = find(fingerprint, request.args.get("option", ""))
    related = [_related(mark) for mark in one["related"][:MOST_RELATED]]
    return jsonify(geometry=one["geometry"], related=[known for known in related if known], moves=one["shapes"])


def _related(mark: str) -> dict[str, Any] | None:
    record_layer, _, record_id = mark.partition(":")
    try:
        return {"mark": mark, "geometry": review().record(record_layer, record_id)["geometry"]}
    except CallError:
        return None
