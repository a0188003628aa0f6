"""One record: its fields, its findings, its history."""

from __future__ import annotations

import json

import shapely
from flask import Blueprint, render_template

from rulebook.errors import CallError
from web.desk import review
from web.errors import NotFoundError
from web.pages.history import changes_of

pages = Blueprint("records", __name__)


@pages.get("/records/<layer>/<path:record_id>")
def record(layer: str, record_id: str) -> str:
    """All that the register knows of a record and may be shown."""
    try:
        found = review().record(layer, record_id)
    except CallError as missing:
        raise NotFoundError(*missing.text) from missing
    facts = [one["evidence"] for one in found["findings"]]
    redacted = {one["field"]: one["redacted"] for one in facts if "redacted" in one and "field" in one}
    found["fields"] = [{**one, "value": redacted.get(one["field"], one["value"])} for one in found["fields"]]
    shape = found["geometry"] and shapely.from_geojson(json.dumps(found["geometry"]))
    centre = shapely.point_on_surface(shape).coords[0] if shape else None
    return render_template("record.html", record=found, changes=changes_of(found["log"]), centre=centre)
