"""Pre-test of names: a form with a map, an answer while one types, and the numbered sheets that were kept."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import shapely
from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from shapely.geometry.base import BaseGeometry
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response as BaseResponse

from gazetteer.layers import KINDS
from register import catalogue, profiles
from register.cases import casebook, pretest_sheet
from register.cases.name_book import name_book
from register.cases.pretest import VERDICT_NAMES, Outcome, judge
from register.cases.pretest_place import drawn, in_file
from register.people import Right
from register.store import opened
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.report import geojson
from web.desk import actor_required, person, review
from web.errors import NotFoundError
from web.language import lang, t
from web.tabs import Tab

MOST_POINTS = 2000
WIDEST_M = 300

pages = Blueprint("names", __name__, url_prefix="/names")
TAB = Tab("names.form", Text("预审", "Pre-test"), 40)


@pages.app_context_processor
def _words() -> dict[str, Any]:
    return {"NAME_KINDS": KINDS, "VERDICTS": VERDICT_NAMES, "BANDS": pretest_sheet.BAND_WORDS}


@pages.get("/test")
def form() -> str:
    """The form, empty or filled from the address."""
    return render_template("names/test.html", given=_given(request.args), results=[], around={})


@pages.post("/test")
def test() -> str | BaseResponse:
    """Judge the names of the form; with ``keep`` the outcome becomes a numbered sheet."""
    given = _given(request.form)
    with opened(review().address) as register:
        given["points"], shape = _place(given["points"], register.crs)
        asked = pretest_sheet.proposals_of(given["names"].splitlines(), given["kind"], shape, _width(given["width_m"]))
        book = name_book(register, review().today)
        outcomes = [judge(book, one, lang=lang()) for one in asked]
        if "keep" in request.form:
            person().require(Right.FILE)
            case = pretest_sheet.keep(register, asked, outcomes, actor=actor_required(), today=review().today)
            return redirect(url_for("names.sheet", number=case.id))
    results = [{"name": one.name, **asdict(outcome)} for one, outcome in zip(asked, outcomes, strict=True)]
    return render_template("names/test.html", given=given, results=results, around=_around(shape, outcomes, book.crs))


@pages.get("/answer")
def answer() -> Response:
    """The verdict on one name while it is being typed: ``?name=&kind=&points=&width_m=``."""
    started = time.perf_counter()
    given = _given(request.args)
    with opened(review().address) as register:
        book = name_book(register, review().today)
        if not given["names"].strip():  # asked when the page opens, so that the book is ready for the first key
            return jsonify(name="")
        _, shape = _place(given["points"], register.crs)
        (asked, *_) = pretest_sheet.proposals_of([given["names"]], given["kind"], shape, _width(given["width_m"]))
    outcome = judge(book, asked, lang=lang(), hints=False)
    return jsonify(
        name=asked.name,
        **asdict(outcome),
        sentence=t(VERDICT_NAMES[outcome.verdict]),
        around=_around(shape, [outcome], book.crs),
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
    )


@pages.get("/sheets")
def sheets() -> str:
    """All kept pre-tests, the newest first."""
    with opened(review().address) as register:
        cases = casebook.all_cases(register, pretest_sheet.KIND)
    wanted = request.args.get("text", "").strip()
    fitting = [case for case in reversed(cases) if not wanted or wanted in case.title or wanted in case.id]
    return render_template("names/sheets.html", cases=fitting, text=wanted)


@pages.get("/sheets/<number>")
def sheet(number: str) -> str:
    """One kept pre-test, judged again where ``?recheck`` asks for it."""
    with opened(review().address) as register:
        case = _numbered(register, number)
        told = None
        if "recheck" in request.args:
            _, told = pretest_sheet.recheck(register, number, today=review().today)
        version = catalogue.version(profiles.load(register.profile_name))
    return render_template("names/sheet.html", case=case, told=told, version=version)


@pages.get("/sheets/<number>/paper.<form>")
def paper(number: str, form: str) -> Response:
    """The sheet to print (``html``) or as ``docx``."""
    if form not in ("html", "docx"):
        raise NotFoundError(f"没有 {form} 格式。", f"There is no format {form}.")
    own = current_app.config["SITE"].documents or None
    with opened(review().address) as register:
        made = pretest_sheet.sheet(register, _numbered(register, number), own=own)
    content = made.html().encode() if form == "html" else made.docx()
    kind = "text/html" if form == "html" else "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    head = {"Content-Disposition": f"attachment; filename={secure_filename(number)}.{form}"}
    return Response(content, mimetype=kind, headers=head)


def _numbered(register: Any, number: str) -> casebook.Case:
    try:
        return pretest_sheet.numbered(register, number)
    except CallError as missing:
        raise NotFoundError(*missing.text) from missing


def _given(source: Any) -> dict[str, str]:
    """The fields of the form as they were filled."""
    given = {name: source.get(name, "") for name in ("names", "kind", "width_m", "points")}
    given["names"] = given["names"] or source.get("name", "")
    given["kind"] = given["kind"] or "road"
    return given


def _width(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        width = float(text)
    except ValueError:
        width = 0.0
    if not 0 < width < WIDEST_M:
        raise CallError(f"宽度应大于 0、小于 {WIDEST_M} 米。", f"The width is above 0 and below {WIDEST_M} metres.")
    return width


def _place(points: str, crs: Any) -> tuple[str, BaseGeometry | None]:
    """The shape of an uploaded file, else of the points in the form, and the points as text."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return points, _of_points(points, crs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(secure_filename(upload.filename)).suffix.lower()}"
        upload.save(path)
        shape = in_file(path, crs)
    flat = shapely.from_geojson(json.dumps(geojson([shape], crs)[0]))
    return _as_points(flat), shape


def _of_points(text: str, crs: Any) -> BaseGeometry | None:
    """One point a line (longitude, latitude): one is a point, several are a line; a blank line begins another line."""
    parts = [[line for line in part.splitlines() if line.strip()] for part in text.replace("\r", "").split("\n\n")]
    try:
        lines = [
            [[float(value) for value in line.replace("，", ",").split(",")[:2]] for line in part] for part in parts
        ]
    except ValueError as fault:
        raise CallError(
            "位置每行写一个点：经度,纬度，例如 120.82,29.59。", "Write one point a line: LON,LAT, such as 120.82,29.59."
        ) from fault
    lines = [line for line in lines if line]
    if not lines:
        return None
    if sum(map(len, lines)) > MOST_POINTS or any(len(point) != 2 for line in lines for point in line):
        raise CallError("位置每行写一个点：经度,纬度。", "Write one point a line: LON,LAT.")
    if len(lines) == 1 and len(lines[0]) == 1:
        shape: dict[str, Any] = {"type": "Point", "coordinates": lines[0][0]}
    else:
        shape = {"type": "MultiLineString", "coordinates": [line for line in lines if len(line) > 1]}
    return drawn(json.dumps(shape), crs)


def _as_points(shape: BaseGeometry) -> str:
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(shape)]
    return "\n\n".join("\n".join(f"{x:.7f},{y:.7f}" for x, y in part) for part in parts)


def _around(shape: BaseGeometry | None, outcomes: list[Outcome], crs: Any) -> dict[str, Any]:
    """What the map draws: the place, and the names that sound alike."""
    features: dict[str, Any] = {}
    for other in (one for outcome in outcomes for one in outcome.neighbours if one["geometry"]):
        band = t(pretest_sheet.BAND_WORDS[other["band"]])
        shown = {"geometry": other["geometry"], "label": other["name"], "band": band}
        features.setdefault(f"{other['layer']}:{other['record_id']}", shown)
    return {"place": geojson([shape], crs)[0] if shape is not None else None, "neighbours": list(features.values())}
