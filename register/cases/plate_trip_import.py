"""What comes back from a trip: every row of the file is in, already in, unanswered, or refused with the reason."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from register.cases import plate_trips
from register.cases.casebook import Case
from register.cases.checking import today_text
from register.cases.plate_trip_forms import COLUMNS
from register.cases.plate_trips import Answer
from register.cases.spots import LON_LAT
from register.exchange import reading
from register.exchange.cells import cells, iso_dates
from register.exchange.safe_cells import unguard
from register.exchange.source import Source
from register.people import Person
from register.store import Register
from rulebook.errors import CallError, DimingError, SchemaError
from rulebook.language import Text

MARK = re.compile(r"^(.+)#(\d+)$")  # name of a waypoint: trip#no
PAIR = re.compile(r"\s*([a-z_]+|[\u4e00-\u9fff]+)\s*[=:：]\s*(.*?)\s*$")
HEADINGS = {
    **{name: name for name in COLUMNS},
    **{word.casefold(): name for name, title in COLUMNS.items() for word in title},
}
WORDS = {
    **{code: code for code in plate_trips.ANSWERS},
    **{word.casefold(): code for code, title in plate_trips.ANSWERS.items() for word in title},
    "确认": "confirmed",
    "属实": "confirmed",
    "一致": "confirmed",
    "找不到": "not_found",
    "未找到": "not_found",
    "未到达": "not_reached",
}
MOVED_M = 0.5  # a point moved by less is where it was


@dataclass
class TripReport:
    """Counts and reasons of one import. ``refused``: row as the user counts it, reason."""

    read: int = 0
    taken: int = 0
    already: int = 0
    unanswered: int = 0
    refused: list[tuple[int, Text]] = field(default_factory=list)
    trips: dict[str, Case] = field(default_factory=dict)
    changes: list[int] = field(default_factory=list)

    def as_json(self, lang: str) -> dict[str, Any]:
        """The report for programs."""
        return {
            "read": self.read,
            "in": self.taken,
            "already_in": self.already,
            "unanswered": self.unanswered,
            "refused": [{"row": row, "reason": reason.within(lang)} for row, reason in sorted(self.refused)],
            "trips": [
                {
                    "trip": case.id,
                    "state": case.state,
                    "points": len(case.body["points"]),
                    "answered": len(case.body["answers"]),
                    "open": [point["no"] for point in plate_trips.open_points(case)],
                }
                for case in self.trips.values()
            ],
            "change_ids": self.changes,
        }


def import_answers(
    register: Register,
    path: Path,
    person: Person,
    *,
    trip: str = "",
    replacing: bool = False,
    today: str = "",
) -> TripReport:
    """Take in the file of a trip (XLSX, CSV, GeoJSON, GPX). Importing it twice changes nothing.

    ``trip`` is for files that lack the trip's number. Raises FileError when the file cannot be read, SchemaError when
    it has no rows of a trip.
    """
    today = today or today_text()
    report = TripReport()
    given: dict[str, dict[str, tuple[int, Answer]]] = {}
    box = plate_trips.sanity_box(register)
    for source in reading.read(Path(path)):
        for row, found in _rows(source):
            report.read += 1
            try:
                _sort(register, (row, found), given, report, (trip, box, today))
            except DimingError as fault:
                report.refused.append((row, fault.text))
        report.refused += source.refused
        report.read += len(source.refused)
    if not report.read:
        raise SchemaError(
            f"{Path(path).name} 中没有踏勘点：需要 plate 或 no（序号）一列，GPX 的航点名为 编号#序号。",
            f"{Path(path).name} has no points of a trip: a column plate or no is needed, waypoints are named trip#no.",
        )
    for trip_id, answers in given.items():
        only = {plate: answer for plate, (_, answer) in answers.items()}
        outcome, change = plate_trips.take_in(register, trip_id, only, person, replacing=replacing, today=today)
        for plate, said in outcome.items():
            if isinstance(said, Text):
                report.refused.append((answers[plate][0], said))
            else:
                report.taken += said == "in"
                report.already += said == "already"
        report.changes += [change] if change is not None else []
        report.trips[trip_id] = plate_trips.trip(register, trip_id)
    return report


def _sort(
    register: Register,
    told: tuple[int, dict[str, Any]],
    given: dict[str, dict[str, tuple[int, Answer]]],
    report: TripReport,
    terms: tuple[str, Sequence[float] | None, str],
) -> None:
    """Put one row where it belongs; raises CallError with the reason when it belongs nowhere."""
    (row, found), (trip, box, today) = told, terms
    trip_id = found.get("trip") or trip
    if not trip_id:
        raise CallError("没有踏勘编号，请用 --trip 指明", "it names no trip: give --trip")
    if trip and found.get("trip") and found["trip"] != trip:
        raise CallError(f"属于另一次踏勘 {found['trip']}", f"it belongs to another trip, {found['trip']}")
    case = report.trips.setdefault(trip_id, plate_trips.trip(register, trip_id))
    point = _point(case, found)
    answer = _answer(found, point)
    if answer is None:
        report.unanswered += 1
        return
    wrong = plate_trips.checked(answer, point, box, today)
    if wrong is not None:
        raise CallError(*wrong)
    answers = given.setdefault(trip_id, {})
    if point["plate"] in answers:
        first, other = answers[point["plate"]]
        if other != answer:
            raise CallError(f"与第 {first} 行对同一点的答复不同", f"row {first} answers the same point otherwise")
        report.already += 1
        return
    answers[point["plate"]] = row, answer


def _rows(source: Source) -> list[tuple[int, dict[str, Any]]]:
    """Rows of a table that speak of points of a trip, by column name as text."""
    known = {
        HEADINGS[str(name).strip().casefold()]: name
        for name in source.table
        if str(name).strip().casefold() in HEADINGS
    }
    waypoints = "name" in source.table and "plate" not in known and "no" not in known
    if waypoints:
        known = {name: name for name in ("name", "cmt", "time") if name in source.table}
    elif not {"plate", "no"} & set(known):
        return []
    table: dict[str, pd.Series] = {}
    spoilt = pd.Series(False, index=source.table.index)
    for name, heading in known.items():
        found = cells(source.table[heading])
        table[name] = found.text.map(lambda text: unguard(text).strip() or None, na_action="ignore")
        spoilt |= found.dates if name == "number_found" else False
    frame = pd.DataFrame(table, index=source.table.index).astype("object")
    frame = frame.where(frame.notna(), None).assign(spoilt=spoilt)
    if source.geometry is not None:
        xy = _degrees(source)
        frame = frame.assign(x=xy[:, 0], y=xy[:, 1])
    rows = [(int(row), facts) for row, facts in zip(frame.index, frame.to_dict("records"), strict=True)]
    return [(row, _waypoint(facts)) for row, facts in rows if MARK.match(facts["name"] or "")] if waypoints else rows


def _degrees(source: Source) -> np.ndarray[Any, Any]:
    """Longitude and latitude of each row's point, not a number where it has none."""
    shapes = np.asarray(source.geometry)
    xy = np.full((len(shapes), 2), np.nan)
    spots = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    spots &= ~shapely.is_empty(shapes)
    xy[spots] = shapely.get_coordinates(shapes[spots])
    crs = source.crs or source.format_crs
    if crs is not None and not crs.is_geographic:
        xy = np.column_stack(Transformer.from_crs(crs, LON_LAT, always_xy=True).transform(*xy.T))
    return xy


def _waypoint(facts: dict[str, Any]) -> dict[str, Any]:
    """A waypoint of a GPX file: its name says which point, its comment the answer."""
    mark = MARK.match(facts["name"])
    found = (
        {"trip": mark[1], "no": mark[2], **{name: facts[name] for name in ("x", "y") if name in facts}} if mark else {}
    )
    for piece in re.split(r"[;；\n]", facts.get("cmt") or ""):
        pair = PAIR.match(piece)
        name = HEADINGS.get(pair[1].casefold()) if pair else None
        if pair and name and pair[2]:
            found[name] = pair[2]
    return {**found, "spoilt": False}


def _point(case: Case, found: dict[str, Any]) -> dict[str, Any]:
    points: list[dict[str, Any]] = case.body["points"]
    by_plate = next((one for one in points if one["plate"] == found.get("plate")), None)
    by_no = next((one for one in points if str(one["no"]) == str(found.get("no"))), None)
    if found.get("plate") and by_plate is None:
        raise CallError(f"{case.id} 中没有门牌 {found['plate']}", f"{case.id} has no plate {found['plate']}")
    if found.get("no") and by_no is None:
        raise CallError(f"{case.id} 中没有第 {found['no']} 点", f"{case.id} has no point {found['no']}")
    if by_plate and by_no and by_plate is not by_no:
        raise CallError(
            f"序号 {found['no']} 与门牌 {found['plate']} 不是同一点",
            f"no. {found['no']} and plate {found['plate']} are not one point",
        )
    point = by_plate or by_no
    if point is None:
        raise CallError("没有门牌标识和序号", "it names neither a plate nor a number")
    return point


def _answer(found: dict[str, Any], point: dict[str, Any]) -> Answer | None:
    """The answer of a row, None when it was left empty."""
    word = found.get("answer")
    if not word:
        filled = [name for name in ("number_found", "lon_found", "lat_found", "visited_on") if found.get(name)]
        if filled:
            raise CallError(
                f"答复为空，却填了 {'、'.join(filled)}", f"the answer is empty but {', '.join(filled)} is filled"
            )
        return None
    code = WORDS.get(word.casefold())
    if code is None:
        allowed = "、".join(text.zh for text in plate_trips.ANSWERS.values())
        raise CallError(
            f"答复“{word}”不在可选之列：{allowed}",
            f'the answer "{word}" is not one of {", ".join(plate_trips.ANSWERS)}',
        )
    if found.get("spoilt"):
        raise CallError(
            f"现场号码 {found['number_found']} 被表格软件改成了日期，请改回文本",
            f"the number found, {found['number_found']}, was made a date by a spreadsheet: write it as text",
        )
    visited = found.get("visited_on")
    iso = iso_dates(pd.Series([visited], dtype="str")).iloc[0] if visited else None
    if visited and not isinstance(iso, str):
        raise CallError(f"踏勘日期“{visited}”不是日期", f'visited_on "{visited}" is no date')
    lon, lat = _number(found, "lon_found"), _number(found, "lat_found")
    if lon is None and lat is None and code == "corrected_position":
        lon, lat = _moved(found, point)
    number = found.get("number_found")
    return Answer(
        code,
        number=number.removesuffix("号") if number else None,
        lon=lon,
        lat=lat,
        visited_on=iso,
        inspector=found.get("inspector"),
        remarks=found.get("remarks"),
    )


def _number(found: dict[str, Any], name: str) -> float | None:
    text = found.get(name)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CallError(f"{name} 应是十进制度，不是“{text}”", f'{name} is in decimal degrees, not "{text}"')
    return value


def _moved(found: dict[str, Any], point: dict[str, Any]) -> tuple[float | None, float | None]:
    """Where the point of the file was moved to, if it was."""
    x, y = found.get("x"), found.get("y")
    if x is None or y is None or math.isnan(x) or math.isnan(y):
        return None, None
    if point["lon"] is not None:
        metres = 111_320 * math.hypot((x - point["lon"]) * math.cos(math.radians(y)), y - point["lat"])
        if metres < MOVED_M:
            return None, None
    return round(x, plate_trips.DEGREE_DIGITS), round(y, plate_trips.DEGREE_DIGITS)
