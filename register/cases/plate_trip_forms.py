"""A trip to take along offline: as XLSX, GeoJSON and GPX to fill in, as a sheet with a map sketch to print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely
import xlsxwriter
from pyproj import Transformer

from register.cases import plate_trips
from register.cases.casebook import Case
from register.cases.plate_drawings import NOT_XML
from register.cases.spots import LON_LAT
from register.documents.paper import Paper
from register.documents.sketch import Mark, data_url, sketch
from register.documents.templates import fill
from register.exchange.output import replacing
from register.exchange.safe_cells import guard
from register.store import Register
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.spatial import has_shape

COLUMNS: dict[str, Text] = {
    "trip": Text("踏勘编号", "trip"),
    "no": Text("序号", "no."),
    "plate": Text("门牌标识", "plate"),
    "address": Text("标准地址", "address"),
    "number": Text("登记号码", "number registered"),
    "reasons": Text("要核实什么", "what to settle"),
    "lon": Text("经度", "longitude"),
    "lat": Text("纬度", "latitude"),
    "answer": Text("答复", "answer"),
    "number_found": Text("现场号码", "number found"),
    "lon_found": Text("现场经度", "longitude found"),
    "lat_found": Text("现场纬度", "latitude found"),
    "visited_on": Text("踏勘日期", "visited on"),
    "inspector": Text("踏勘人", "inspector"),
    "remarks": Text("备注", "remarks"),
}
TO_FILL = ("answer", "number_found", "lon_found", "lat_found", "visited_on", "inspector", "remarks")
WIDTHS = {"trip": 20, "no": 6, "address": 32, "reasons": 48, "answer": 16, "remarks": 28}
FORMS = (".xlsx", ".geojson", ".gpx", ".html", ".docx")
PATH, ROAD, SPOT = "#9aa7b5", "#d9d0bd", "#b00020"


def rows(case: Case, lang: str) -> list[dict[str, Any]]:
    """One row a point, with the answers that are in."""
    listed = []
    for point in case.body["points"]:
        found = case.body["answers"].get(point["plate"], {})
        answer = found.get("answer")
        listed.append(
            {
                **{name: point[name] for name in ("no", "plate", "address", "number", "lon", "lat")},
                "trip": case.id,
                "reasons": ("；" if lang == "zh" else "; ").join(one[lang] for one in point["reasons"]),
                "answer": plate_trips.ANSWERS[answer].within(lang) if answer else None,
                "number_found": found.get("number"),
                "lon_found": found.get("lon"),
                "lat_found": found.get("lat"),
                "visited_on": found.get("visited_on"),
                "inspector": found.get("inspector") or case.body["inspector"],
                "remarks": found.get("remarks"),
            }
        )
    return [{name: row[name] for name in COLUMNS} for row in listed]


def write(path: Path, register: Register, case: Case, lang: str, own: str | None = None) -> None:
    """Write a trip in the form that the file's suffix asks for."""
    suffix = Path(path).suffix.lower()
    if suffix not in FORMS:
        raise CallError(
            f"踏勘表可写成 {'、'.join(FORMS)}，不是“{Path(path).name}”。",
            f'A trip is written as {", ".join(FORMS)}, not "{Path(path).name}".',
        )
    with replacing(Path(path)) as temporary:
        if suffix == ".xlsx":
            _xlsx(temporary, case, lang)
        elif suffix == ".geojson":
            temporary.write_text(geojson(case, lang), encoding="utf-8")
        elif suffix == ".gpx":
            temporary.write_text(gpx(case, lang), encoding="utf-8")
        elif suffix == ".html":
            temporary.write_text(paper(register, case, own=own).html(), encoding="utf-8")
        else:
            temporary.write_bytes(paper(register, case, own=own).docx())


def geojson(case: Case, lang: str) -> str:
    """Points in degrees with the columns as properties; a point may be moved to where the plate is."""
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": None if row["lon"] is None else {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        }
        for row in rows(case, lang)
    ]
    return json.dumps(
        {"type": "FeatureCollection", "name": case.id, "features": features}, ensure_ascii=False, indent=1
    )


def gpx(case: Case, lang: str) -> str:
    """Waypoints in the order of visit and the route through them. The answer goes into the comment of a waypoint."""
    waypoints, route = [], []
    for row in rows(case, lang):
        if row["lon"] is None:
            continue
        place = f'lat="{row["lat"]}" lon="{row["lon"]}"'
        name = _xml(f"{case.id}#{row['no']}")
        what = _xml(f"{row['address'] or row['plate']} | {row['reasons']}")
        answers = "; ".join(
            f"{key}={'' if row[key] is None else row[key]}" for key in ("answer", "number_found", "remarks")
        )
        waypoints.append(f"<wpt {place}><name>{name}</name><cmt>{_xml(answers)}</cmt><desc>{what}</desc></wpt>")
        route.append(f"<rtept {place}><name>{name}</name></rtept>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="diming" '
        'xmlns="http://www.topografix.com/GPX/1/1">\n' + "\n".join(waypoints) + f"\n<rte><name>{_xml(case.id)}</name>"
        + "".join(route) + "</rte>\n</gpx>\n"
    )  # fmt: skip


def paper(register: Register, case: Case, *, own: str | None = None) -> Paper:
    """The sheet of a trip: sketch, order of visit, room for answers."""
    facts = {
        "case": case,
        "points": rows(case, "zh"),
        "length_km": case.body["length_m"] / 1000,
        "sketch": data_url(picture(register, case)),
        "answers": [text.zh for text in plate_trips.ANSWERS.values()],
        "state": plate_trips.STATES[case.state].zh,
    }
    return fill("plate-trip", facts, own=own)


def picture(register: Register, case: Case, *, width: int = 1200, height: int = 800) -> bytes:
    """PNG of the points in the order of visit, the way between them in straight lines, and the roads around."""
    to_metres = Transformer.from_crs(LON_LAT, register.crs, always_xy=True)
    located = [point for point in case.body["points"] if point["lon"] is not None]
    if not located:
        return sketch([], width=width, height=height)
    x, y = to_metres.transform([point["lon"] for point in located], [point["lat"] for point in located])
    spots = shapely.points(np.column_stack((x, y)))
    frame = shapely.box(*shapely.total_bounds(spots))
    around = frame.buffer(200 + frame.length / 2)
    roads = register.layer("roads")
    lines = roads.geometry[has_shape(roads.geometry)].to_numpy()
    near = lines[shapely.intersects(lines, around)]
    marks = [Mark(line, ROAD, 5) for line in near]
    if len(spots) > 1:
        marks.append(Mark(shapely.LineString(spots), PATH, 3))
    marks += [Mark(spot, SPOT, 4, str(point["no"])) for spot, point in zip(spots, located, strict=True)]
    focus = frame
    return sketch(marks, width=width, height=height, focus=focus)


def _xlsx(path: Path, case: Case, lang: str) -> None:
    """The form as a spreadsheet: columns to fill are yellow and text, answers are chosen from a list."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(Text("踏勘表", "trip").within(lang))
    heading = book.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1, "text_wrap": True})
    ask = book.add_format({"bold": True, "bg_color": "#FFE699", "border": 1, "text_wrap": True})
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    blank = book.add_format({"border": 1, "bg_color": "#FFFBE6", "num_format": "@", "valign": "top"})
    figures = book.add_format({"border": 1, "bg_color": "#FFFBE6", "num_format": "0.00000000", "valign": "top"})
    listed = rows(case, lang)
    for column, (name, title) in enumerate(COLUMNS.items()):
        sheet.write_string(0, column, title.within(lang), ask if name in TO_FILL else heading)
        sheet.set_column(column, column, WIDTHS.get(name, 13))
        for line, row in enumerate(listed, start=1):
            look = (figures if name in ("lon_found", "lat_found") else blank) if name in TO_FILL else plain
            value = row[name]
            if value is None:
                sheet.write_blank(line, column, None, look)
            elif isinstance(value, float | int):
                sheet.write_number(line, column, value, None if name not in TO_FILL else look)
            else:
                sheet.write_string(line, column, guard(value), look)
    words = [text.within(lang) for text in plate_trips.ANSWERS.values()]
    place = list(COLUMNS).index("answer")
    sheet.data_validation(1, place, max(len(listed), 1), place, {"validate": "list", "source": words})
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()


def _xml(text: str) -> str:
    return escape(NOT_XML.sub("", text))
