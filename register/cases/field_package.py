"""Plans a trip and writes its field package: everything an inspector takes along, in one zip."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import pandas as pd
import pyogrio
from pyproj import Transformer

from boundaries.layers import INSPECTIONS
from register.cases.casebook import Case, open_case
from register.cases.inspection_files import TARGETS
from register.cases.inspections import TRIP
from register.cases.marker_facts import Markers
from register.cases.marker_papers import joint_record, task_list
from register.cases.sensitive import EXACT
from register.paths import DATA
from register.store import Register
from rulebook.errors import CallError
from rulebook.report import OUTPUT_CRS

FORM = DATA / "field"
TAKEN = {
    "markers": ("id", "number", "name", "line_codes", "serial", "type_code", "status", "location", "description"),
    "boundary_lines": ("code", "name", "level", "left_code", "right_code"),
    "marker_witnesses": ("marker_id", "seq", "name", "azimuth_deg", "distance_m"),
}


def open_trip(
    register: Register,
    line: str,
    *,
    actor: str,
    today: str = "",
    markers: Sequence[str] = (),
    round_: str = "",
    day: str = "",
) -> Case:
    """Open the case of a trip along a line (to some of its ``markers``, default all) and return it.

    Raises CallError for a line or marker that is not there.
    """
    desk = Markers(register, EXACT, today)
    facts = desk.line(line)
    known = [one["id"] for one in facts["stones"]]
    for one in markers:
        if one not in known:
            raise CallError(f"界线 {facts['name']} 上没有界桩“{one}”。", f'Line {facts["name"]} has no marker "{one}".')
    chosen = [one for one in known if not markers or one in set(markers)]
    if not chosen:
        raise CallError(f"界线 {facts['name']} 没有在册界桩。", f"Line {facts['name']} has no markers.")
    if day:
        _require_date(day)
    body = {"line": line, "markers": chosen, "round": round_, "day": day or desk.day}
    title = f"{facts['name']}{round_}界桩踏勘（{len(chosen)} 颗）"
    return open_case(
        register,
        TRIP,
        title,
        state="planned",
        actor=actor,
        today=desk.day,
        body=body,
        due_on=body["day"],
        records=(f"boundary_lines:{line}", *(f"markers:{one}" for one in chosen)),
    )


def _require_date(day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError as fault:
        raise CallError(f"日期应为 YYYY-MM-DD，不是“{day}”。", f'A day is YYYY-MM-DD, not "{day}".') from fault


def package(register: Register, case: Case, *, own: str = "") -> bytes:
    """The zip of a trip, with exact places: who may not see those is not given it."""
    desk = Markers(register, EXACT, case.opened_on or "")
    trip = {**case.body, "id": case.id}
    facts = desk.line(trip["line"])
    stones = [one for one in facts["stones"] if one["id"] in set(trip["markers"])]
    plan = task_list(desk, trip, own=own)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.html", offline_form(desk, trip, facts, stones))
        archive.writestr("plan.html", plan.html())
        archive.writestr("plan.docx", plan.docx())
        archive.writestr(
            "record.html", joint_record(desk, trip["line"], round_=trip["round"], own=own, blank=True).html()
        )
        archive.writestr(f"{TARGETS}.gpx", targets(desk, stones))
        archive.writestr("field.gpkg", geopackage(desk, facts, stones))
    return buffer.getvalue()


def offline_form(desk: Markers, trip: dict[str, Any], facts: dict[str, Any], stones: Sequence[dict[str, Any]]) -> str:
    """The form for phones: one page that holds its own style, script and stones."""
    record = desk.lines.loc[facts["code"]]
    sides = zip((record["left_code"], record["right_code"]), facts["sides"], strict=True)
    told = {
        "id": trip["id"],
        "line": facts["code"],
        "name": facts["name"],
        "round": trip["round"],
        "need_proof": desk.proof_states,
        "sides": [[code, name] for code, name in sides if isinstance(code, str)],
        "stones": [
            {
                "id": one["id"],
                "place": one["place"],
                "name": one["name"] or one["number"] or one["id"],
                "number": one["number"],
                "location": one["location"],
                "witnesses": _witnesses(desk, one["id"]),
            }
            for one in stones
        ],
    }
    parts = {
        "%TITLE%": escape(f"{facts['name']} {trip['id']}"),
        "%STYLE%": (FORM / "form.css").read_text(encoding="utf-8"),
        "%SCRIPT%": (FORM / "form.js").read_text(encoding="utf-8"),
        "%TRIP%": json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"),
    }
    page = (FORM / "form.html").read_text(encoding="utf-8")
    for mark, content in parts.items():
        before, _, after = page.partition(mark)
        page = before + content + after
    return page


def targets(desk: Markers, stones: Sequence[dict[str, Any]]) -> str:
    """The stones as waypoints of a GPX file."""
    placed = [one for one in stones if one["geometry"] is not None and not one["geometry"].is_empty]
    turn = Transformer.from_crs(desk.register.crs, OUTPUT_CRS, always_xy=True)
    points = []
    for one in placed:
        lon, lat = turn.transform(one["geometry"].x, one["geometry"].y)
        said = "；".join(filter(None, (one["number"], one["location"])))
        name = one["name"] or one["number"] or one["id"]
        points.append(
            f"<wpt lat={quoteattr(f'{lat:.8f}')} lon={quoteattr(f'{lon:.8f}')}>"
            f"<name>{escape(name)}</name><desc>{escape(said)}</desc></wpt>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="diming" '
        'xmlns="http://www.topografix.com/GPX/1/1">\n' + "\n".join(points) + "\n</gpx>\n"
    )


def geopackage(desk: Markers, facts: dict[str, Any], stones: Sequence[dict[str, Any]]) -> bytes:
    """Stones, line and witnesses, and an empty table of visits to fill in, for field software such as QField."""
    ids = [one["id"] for one in stones]
    frames: dict[str, pd.DataFrame] = {
        "markers": desk.markers.loc[ids],
        "boundary_lines": desk.lines.loc[[facts["code"]]],
        "marker_witnesses": desk.witnesses[desk.witnesses["marker_id"].isin(ids)],
    }
    with tempfile.TemporaryDirectory(prefix="diming-") as folder:
        path = Path(folder) / "field.gpkg"
        for name, frame in frames.items():
            taken = frame[[*TAKEN[name], *(["geometry"] if "geometry" in frame else [])]].reset_index(drop=True)
            _write(taken, path, name)
        empty = INSPECTIONS.empty(desk.register.crs).drop(columns="photo_facts")
        _write(gpd.GeoDataFrame(empty.reset_index(drop=True)), path, INSPECTIONS.name, geometry_type="Point")
        return path.read_bytes()


def _write(frame: pd.DataFrame, path: Path, layer: str, **more: Any) -> None:
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", append=path.exists(), **more)


def _witnesses(desk: Markers, marker: str) -> list[str]:
    own = desk.witnesses[desk.witnesses["marker_id"] == marker].sort_values("seq")
    return [
        f"{one['name']} {one['azimuth_deg']:g}° {one['distance_m']:g} m"
        for one in own[["name", "azimuth_deg", "distance_m"]].dropna().to_dict("records")
    ]
