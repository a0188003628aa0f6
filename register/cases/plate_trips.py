"""Field trips to doubtful doorplates: which to visit in which order, the answers that come back, what they propose.

A trip is a case (``plate-trip-2026-0001``). Its body holds the points as they were when the trip was made and every
answer as it came in. Answers change nothing in the register: corrections are rows of a fix plan for the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from doorplates.grammar import parse
from register import profiles
from register.cases import plate_facts
from register.cases.casebook import Case, all_cases, case_numbered, open_case, step
from register.cases.checking import today_text
from register.cases.plate_facts import Choice
from register.cases.review import Review
from register.cases.spots import LON_LAT, spot
from register.cases.tours import tour
from register.exchange.plans import numbered
from register.people import Person, Right
from register.store import Register, opened
from rulebook.errors import CallError, StaleEditError
from rulebook.language import Text
from rulebook.values import GEOMETRY, to_text

KIND = "plate-trip"
PLANNED, UNDER_WAY, DONE = "planned", "under_way", "done"
STATES = {
    PLANNED: Text("未出发", "planned"),
    UNDER_WAY: Text("进行中", "under way"),
    DONE: Text("已完成", "done"),
}
ANSWERS = {
    "confirmed": Text("与登记一致", "as registered"),
    "corrected_number": Text("号码更正", "another number"),
    "corrected_position": Text("位置更正", "another position"),
    "not_found": Text("未找到门牌", "not found"),
    "not_reached": Text("未能到达", "could not be reached"),
}
PLAN_FIELDS = ["layer", "record_id", "field", "before", "after", "accept", "rule", "safety", "confidence", "reason"]
MOST_POINTS = 60
DEGREE_DIGITS = 8
TRIES = 5


@dataclass(frozen=True)
class Wanted:
    """What to visit: plates with findings that only the field can settle, narrowed by ``choice`` and ``rule``; with
    ``any_plate`` all of ``choice``, with or without a finding. Plates on an open trip are left out.
    """

    choice: Choice = field(default_factory=Choice)
    rule: str = ""
    any_plate: bool = False
    most: int = MOST_POINTS
    start: str = ""
    inspector: str = ""


@dataclass(frozen=True)
class Answer:
    """What was found at a point. ``lon`` and ``lat`` are degrees (EPSG:4490)."""

    answer: str
    number: str | None = None
    lon: float | None = None
    lat: float | None = None
    visited_on: str | None = None
    inspector: str | None = None
    remarks: str | None = None


def plan_trip(address: str, wanted: Wanted, person: Person, *, today: str = "") -> tuple[Case, int]:
    """Open a trip and say how many doubtful plates are left for another one. Raises CallError when there is none."""
    person.require(Right.INSPECT)
    today = today or today_text()
    reasons = _doubts(address, wanted, today)
    with opened(address) as register:
        told = plate_facts.facts(register, wanted.choice, today=today)
        visited = {mark for case in all_cases(register, kind=KIND) if case.state != DONE for mark in case.records}
        free = ~("doorplates:" + told["id"]).isin(visited)
        told = told[free & (wanted.any_plate | told["id"].isin(list(reasons)))]
        if told.empty:
            raise CallError(
                "没有要踏勘的门牌：没有须外业核实的问题，或都已列入未完成的踏勘。",
                "There is no plate to visit: no finding needs the field, or all are on open trips.",
            )
        order = {plate: place for place, plate in enumerate(reasons)}
        ranked = told.assign(_rank=told["id"].map(order).fillna(len(order))).sort_values("_rank", kind="stable")
        taken = ranked.head(wanted.most)
        points, length = _points(taken, reasons, register.crs, wanted.start)
        body = {
            "points": points,
            "length_m": round(length, 1),
            "start": wanted.start or None,
            "inspector": wanted.inspector or None,
            "answers": {},
        }
        case = open_case(
            register,
            KIND,
            f"门牌踏勘 {len(points)} 处",
            state=PLANNED,
            actor=person.name,
            today=today,
            body=body,
            division_code=wanted.choice.township or None,
            records=tuple(f"doorplates:{point['plate']}" for point in points),
        )
    return case, len(told) - len(taken)


def trip(register: Register, trip_id: str) -> Case:
    """A trip by its number; raises CallError when there is none or the case is of another kind."""
    case = case_numbered(register, trip_id)
    if case.kind != KIND or "points" not in case.body:
        raise CallError(f"“{trip_id}”不是门牌踏勘。", f'"{trip_id}" is not a trip to doorplates.')
    return case


def all_trips(register: Register) -> list[Case]:
    """All trips in the order of their numbers; cases that came from elsewhere and have no points are none."""
    return [case for case in all_cases(register, kind=KIND) if "points" in case.body]


def open_points(case: Case) -> list[dict[str, Any]]:
    """Points of a trip without an answer."""
    return [point for point in case.body["points"] if point["plate"] not in case.body["answers"]]


def take_in(
    register: Register,
    trip_id: str,
    answers: dict[str, Answer],
    person: Person,
    *,
    replacing: bool = False,
    today: str = "",
) -> tuple[dict[str, str | Text], int | None]:
    """Write answers (by plate) into a trip, in one change: for each ``in``, ``already`` or the reason of a refusal,
    and the change's number (None: nothing new).

    An answer that differs from one that is in is refused, unless that one was ``not_reached`` or ``replacing``.
    """
    person.require(Right.INSPECT)
    today = today or today_text()
    for _ in range(TRIES):
        before = trip(register, trip_id)
        outcome: dict[str, str | Text] = {}
        kept = dict(before.body["answers"])
        for plate, given in answers.items():
            row = {name: value for name, value in asdict(given).items() if value is not None}
            had = {name: value for name, value in kept.get(plate, {}).items() if name != "in_on"}
            if had == row:
                outcome[plate] = "already"
            elif had and had["answer"] != "not_reached" and not replacing:
                outcome[plate] = _other_answer(had["answer"])
            else:
                kept[plate] = {**row, "in_on": today}
                outcome[plate] = "in"
        if "in" not in outcome.values():
            return outcome, None
        everything = len(kept) == len(before.body["points"])
        after = replace(
            before,
            body={**before.body, "answers": kept},
            state=DONE if everything else UNDER_WAY,
            closed_on=today if everything else None,
        )
        fresh = sum(one == "in" for one in outcome.values())
        try:
            return outcome, step(register, before, after, actor=person.name, reason=f"踏勘成果 {fresh} 处")
        except StaleEditError:
            continue
    raise CallError("有人同时在导入这次踏勘，请再试一次。", "Somebody else is importing this trip; try again.")


def proposals(register: Register, trip_id: str, lang: str) -> pd.DataFrame:
    """A fix plan of what the answers propose: numbers and positions to accept or not; plates that were not found are
    listed with status cancelled and ``accept`` no, because a lost plate is more often made anew.
    """
    case = trip(register, trip_id)
    plates = register.layer("doorplates")
    to_register = Transformer.from_crs(LON_LAT, register.crs, always_xy=True)
    rows = []
    for point in case.body["points"]:
        found = case.body["answers"].get(point["plate"])
        if found is None or point["plate"] not in plates.index:
            continue
        record = plates.loc[point["plate"]]
        for name, after, accept in _corrections(found, to_register):
            before = to_text(record[name])
            if before != after:
                rows.append(_plan_row(case, point, found, (name, before, after, accept), lang))
    return numbered(pd.DataFrame(rows, columns=PLAN_FIELDS, dtype="object"))


def no_proposals() -> pd.DataFrame:
    """A fix plan without rows."""
    return numbered(pd.DataFrame(columns=PLAN_FIELDS, dtype="object"))


def checked(answer: Answer, point: dict[str, Any], box: Sequence[float] | None, today: str) -> Text | None:
    """Why an answer cannot be taken in; None when it can. ``box``: west, south, east, north of the county."""
    if answer.visited_on and answer.visited_on > today:
        return Text(f"踏勘日期 {answer.visited_on} 在今天之后", f"it was visited on {answer.visited_on}, after today")
    if answer.answer == "corrected_number":
        if not answer.number:
            return Text("号码更正须填 number_found（现场号码）", "another number needs number_found")
        read = parse(answer.number)
        if read["legal"] is False:
            return Text(f"“{answer.number}”不是门牌号写法", f'"{answer.number}" is not a doorplate number')
        recorded = parse(point["number"])["canonical"] if point["number"] else None
        if read["canonical"] == recorded:
            return Text(
                f"现场号码与登记的相同（{point['number']}），应答“与登记一致”",
                f"the number is the one registered ({point['number']}): answer as registered",
            )
    if (answer.lon is None) != (answer.lat is None):
        return Text("经度和纬度须同时填写", "longitude and latitude go together")
    if answer.answer == "corrected_position" and answer.lon is None:
        return Text("位置更正须填 lon_found、lat_found", "another position needs lon_found and lat_found")
    if answer.lon is not None and answer.lat is not None:
        return _outside(answer.lon, answer.lat, box)
    return None


def sanity_box(register: Register) -> Sequence[float] | None:
    """The county's outline with a margin, where the profile gives it."""
    box: Sequence[float] | None = profiles.load(register.profile_name).settings.get("sanity_box")
    return box


def _doubts(address: str, wanted: Wanted, today: str) -> dict[str, list[dict[str, Any]]]:
    """Findings to settle in the field, by plate, heaviest level first."""
    if wanted.any_plate:
        return {}
    reasons: dict[str, list[dict[str, Any]]] = {}
    for one in Review(address, today).findings(layer="doorplates", rule=wanted.rule)[0]:
        if one["remedy"] == "field":
            told = {"rule": one["rule"], "zh": one["messages"]["zh"], "en": one["messages"]["en"]}
            reasons.setdefault(one["record_id"], []).append(told)
    return reasons


def _points(
    taken: pd.DataFrame, reasons: dict[str, list[dict[str, Any]]], crs: CRS, start: str
) -> tuple[list[dict[str, Any]], float]:
    """The points in the order of visit; plates without a position come last, to be looked for by their address."""
    located = taken[taken["located"]]
    spots = shapely.get_coordinates(located.geometry.to_numpy())
    home = np.array(spot(start, crs).coords[0]) if start else None
    order, length = tour(spots, home)
    ordered = pd.concat([located.iloc[order], taken[~taken["located"]]])
    lon, lat = Transformer.from_crs(crs, LON_LAT, always_xy=True).transform(*spots[order].T) if len(spots) else ([], [])
    degrees = [*zip(lon, lat, strict=True)] + [(None, None)] * (len(taken) - len(located))
    rows = ordered.drop(columns="geometry").astype("object")
    points = [
        {
            "no": number,
            "plate": row["id"],
            "address": row["address"],
            "number": row["number"],
            "name": row["name"],
            "lon": None if x is None else round(float(x), DEGREE_DIGITS),
            "lat": None if y is None else round(float(y), DEGREE_DIGITS),
            "reasons": reasons.get(row["id"], []),
        }
        for number, (row, (x, y)) in enumerate(
            zip(rows.where(rows.notna(), None).to_dict("records"), degrees, strict=True), 1
        )
    ]
    return points, length


def _corrections(found: dict[str, Any], to_register: Transformer) -> list[tuple[str, str, str | None]]:
    """Fields that an answer would change: name, canonical text after, ``accept``."""
    corrections: list[tuple[str, str, str | None]] = []
    if found["answer"] == "corrected_number":
        corrections.append(("number", found["number"], None))
    if found["answer"] in ("corrected_number", "corrected_position") and "lon" in found:
        point = shapely.Point(to_register.transform(found["lon"], found["lat"]))
        corrections.append((GEOMETRY, str(to_text(point)), None))
    if found["answer"] == "not_found":
        corrections.append(("status", "cancelled", "no"))
    return corrections


def _plan_row(
    case: Case,
    point: dict[str, Any],
    found: dict[str, Any],
    edit: tuple[str, str | None, str, str | None],
    lang: str,
) -> tuple[Any, ...]:
    name, before, after, accept = edit
    why = Text("踏勘 {trip} 第 {no} 点：{answer}", "trip {trip}, point {no}: {answer}").format(
        trip=case.id, no=point["no"], answer=ANSWERS[found["answer"]]
    )
    told = f"{why.within(lang)}{'；' if found.get('remarks') else ''}{found.get('remarks', '')}"
    rule = point["reasons"][0]["rule"] if point["reasons"] else None
    return "doorplates", point["plate"], name, before, after, accept, rule, "review", None, told


def _other_answer(had: str) -> Text:
    return Text("这一点已有不同的答复：{had}", "this point was answered otherwise: {had}").format(had=ANSWERS[had])


def _outside(lon: float, lat: float, box: Sequence[float] | None) -> Text | None:
    west, south, east, north = box or (-180.0, -90.0, 180.0, 90.0)
    if west <= lon <= east and south <= lat <= north:
        return None
    if west <= lat <= east and south <= lon <= north:
        return Text(f"经纬度写反了：{lon}, {lat}", f"longitude and latitude are exchanged: {lon}, {lat}")
    return Text(f"坐标 {lon}, {lat} 不在本县范围", f"the position {lon}, {lat} is outside the county")
