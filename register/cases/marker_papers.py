"""Papers about stones and lines: registration form, joint-inspection record, report of a line and round, task list."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import shapely

from register import catalogue
from register.cases.checking import check
from register.cases.inspection_photos import shown
from register.cases.marker_facts import NOT_FOUND, TYPES, Markers, state_word
from register.documents.paper import Paper
from register.documents.sketch import Mark, data_url, sketch
from register.documents.templates import fill
from rulebook.errors import CallError

LINE_COLOUR, STONE_COLOUR, WITNESS_COLOUR, OTHER_COLOUR = "#b00020", "#1a1a1a", "#1f5fa8", "#8a8a8a"
AROUND_M = 60.0  # of a stone, shown by its position sketch at least
MOST_PHOTOS = 4
LEVELS = {"province": "省级", "prefecture": "市级", "county": "县级", "township": "乡级", "village": "村级"}


def registration_form(desk: Markers, marker_id: str, *, own: str = "") -> Paper:
    """The registration form of a marker (界桩登记表) with position sketch, witnesses and photographs."""
    marker = desk.marker(marker_id)
    cells = marker["cells"]
    kind = TYPES.get(cells.get("type_code") or "")
    faces = {"2": "双面型", "3": "三面型"}.get(cells.get("faces") or "", "")
    return fill(
        "marker-form",
        {
            "marker": marker,
            "cells": cells,
            "kind": "、".join(filter(None, (kind.zh if kind else "", faces, cells.get("material") or ""))),
            "level": LEVELS.get(cells.get("level") or "", cells.get("level") or ""),
            "state": state_word(cells.get("status")),
            "lines": "、".join(one["name"] for one in marker["lines"]),
            "witnesses": [{**one, "azimuth": _azimuth(one.get("azimuth_deg"))} for one in marker["witnesses"]],
            "sketch": _position_sketch(desk, marker),
            "photos": _photographs(desk, marker["visits"]),
            "rounded": None if desk.sight.exact else f"{desk.sight.step_m:g}",
        },
        own=own or None,
    )


def joint_record(desk: Markers, line: str, *, round_: str = "", own: str = "", blank: bool = False) -> Paper:
    """The joint-inspection record of a line (联合检查记录): its stones in order with what the round found; ``blank``
    leaves the findings to be filled in by hand.
    """
    facts = desk.line(line)
    chosen = "" if blank else round_named(facts, round_)
    visits = {} if blank else visits_in(desk, facts, chosen)
    rows = [
        {
            **stone,
            "visit": (visit := visits.get(stone["id"])),
            "found": state_word(visit.get("condition")) if visit else "",
            "moved_m": _apart(desk, stone["id"], visit) if visit else None,
        }
        for stone in facts["stones"]
    ]
    days = sorted(one["inspected_on"] for one in visits.values() if one.get("inspected_on"))
    return fill(
        "joint-record",
        {
            "line": facts,
            "round": round_ or chosen,
            "rows": rows,
            "first_day": days[0] if days else None,
            "last_day": days[-1] if days else None,
            "present": list(dict.fromkeys(name for one in visits.values() for name in one["present"])),
            "inspectors": list(dict.fromkeys(one["inspector"] for one in visits.values() if one.get("inspector"))),
            "sketch": line_sketch(desk, facts),
        },
        own=own or None,
    )


def report_figures(desk: Markers, line: str, *, round_: str = "") -> dict[str, Any]:
    """What a report of a line and round says, as plain values: counts by condition, stones not seen, work to do."""
    facts = desk.line(line)
    chosen = round_named(facts, round_)
    visits = visits_in(desk, facts, chosen)
    conditions = Counter(one["condition"] for one in visits.values())
    one_side = catalogue.rule("MRK502")
    lacking = {finding.record_id for finding in check(desk.register, rules=[one_side], today=desk.day)}
    stones = [
        {
            "id": stone["id"],
            "number": stone.get("number"),
            "name": stone.get("name"),
            "status": stone.get("status"),
            "along_m": stone["along_m"],
            "step_m": stone["step_m"],
            "condition": visits.get(stone["id"], {}).get("condition"),
            "inspected_on": visits.get(stone["id"], {}).get("inspected_on"),
            "action": visits.get(stone["id"], {}).get("action"),
            "photos": len(visits.get(stone["id"], {}).get("pictures", [])),
            "one_side": visits.get(stone["id"], {}).get("id") in lacking,
        }
        for stone in facts["stones"]
    ]
    return {
        "line": line,
        "name": facts["name"],
        "sides": facts["sides"],
        "round": chosen,
        "due": facts["cycle"]["due"],
        "state": facts["cycle"]["state"],
        "markers": len(stones),
        "visited": sum(1 for one in stones if one["condition"] not in (None, NOT_FOUND)),
        "by_condition": dict(sorted(conditions.items())),
        "not_seen": [one["id"] for one in stones if one["condition"] is None],
        "not_found": [one["id"] for one in stones if one["condition"] == NOT_FOUND],
        "to_do": [one["id"] for one in stones if one["condition"] not in (None, "intact", "rebuilt")],
        "one_side": [one["id"] for one in stones if one["one_side"]],
        "stones": stones,
    }


def line_report(desk: Markers, line: str, *, round_: str = "", own: str = "") -> Paper:
    """The report of a line and round."""
    figures = report_figures(desk, line, round_=round_)
    named = {one["id"]: one["name"] or one["number"] or one["id"] for one in figures["stones"]}
    return fill(
        "line-report",
        {
            "report": figures,
            "facts": desk.line(line),
            "conditions": {state_word(name): count for name, count in figures["by_condition"].items()},
            "stones": [{**one, "found": state_word(one["condition"])} for one in figures["stones"]],
            "names": {key: [named[one] for one in figures[key]] for key in ("not_seen", "not_found", "one_side")},
            "sketch": line_sketch(desk, desk.line(line)),
            "day": desk.day,
        },
        own=own or None,
    )


def task_list(desk: Markers, trip: dict[str, Any], *, own: str = "") -> Paper:
    """The plan of a trip: stones to go to, in order, with distances, a sketch, and what to look for."""
    facts = desk.line(trip["line"])
    wanted = set(trip["markers"])
    stones = [
        {
            **one,
            "state": state_word(one.get("status")),
            "last": state_word(one.get("condition")),
            "witnesses": desk.witnesses[desk.witnesses["marker_id"] == one["id"]].sort_values("seq").to_dict("records"),
        }
        for one in facts["stones"]
        if one["id"] in wanted
    ]
    return fill(
        "trip-plan",
        {"trip": trip, "line": facts, "stones": stones, "sketch": line_sketch(desk, facts, wanted)},
        own=own or None,
    )


def round_named(facts: dict[str, Any], round_: str) -> str:
    """The round that was asked for, else the latest; raises CallError for one that never was."""
    if round_ and round_ not in facts["rounds"]:
        raise CallError(
            f"界线 {facts['name']} 没有“{round_}”的检查记录；有：{'、'.join(facts['rounds']) or '无'}。",
            f'Line {facts["name"]} has no visits of "{round_}"; it has: {", ".join(facts["rounds"]) or "none"}.',
        )
    return round_ or (facts["rounds"][0] if facts["rounds"] else "")


def visits_in(desk: Markers, facts: dict[str, Any], round_: str) -> dict[str, dict[str, Any]]:
    """The latest visit of each stone of a line in one round."""
    frame = desk.visits[desk.visits["marker_id"].isin([one["id"] for one in facts["stones"]])]
    frame = frame[frame["round"].eq(round_)] if round_ else frame.iloc[:0]
    return {str(one): desk.visit(str(visit)) for visit, one in frame.drop_duplicates("marker_id")["marker_id"].items()}


def line_sketch(desk: Markers, facts: dict[str, Any], wanted: set[str] | None = None) -> str:
    """The line with its stones, numbered as in the list."""
    line = desk.lines.loc[facts["code"], "geometry"]
    marks = [Mark(line, LINE_COLOUR, 4)] if line is not None and not line.is_empty else []
    for stone in facts["stones"]:
        if stone["geometry"] is not None and not stone["geometry"].is_empty:
            chosen = wanted is None or stone["id"] in wanted
            marks.append(
                Mark(
                    stone["geometry"],
                    STONE_COLOUR if chosen else OTHER_COLOUR,
                    5,
                    str(stone["place"]) if chosen else "",
                )
            )
    return data_url(sketch(marks)) if marks else ""


def _position_sketch(desk: Markers, marker: dict[str, Any]) -> str:
    """The stone, the line through it and its witnesses by azimuth and distance, numbered as in the form."""
    stone = marker["geometry"]
    if stone is None or stone.is_empty:
        return ""
    marks = [Mark(stone, LINE_COLOUR, 7, "A")]
    reach = AROUND_M
    for one in marker["witnesses"]:
        azimuth, distance = (float(one.get(name) or "nan") for name in ("azimuth_deg", "distance_m"))
        if math.isfinite(azimuth) and math.isfinite(distance) and distance > 0:
            angle = math.radians(azimuth)
            there = shapely.Point(stone.x + distance * math.sin(angle), stone.y + distance * math.cos(angle))
            marks += [
                Mark(shapely.LineString([stone, there]), WITNESS_COLOUR, 2),
                Mark(there, WITNESS_COLOUR, 5, one.get("seq") or ""),
            ]
            reach = max(reach, distance * 1.2)
    focus = stone.buffer(reach)
    for one in marker["lines"]:
        line = desk.lines.loc[one["code"], "geometry"]
        if line is not None and not line.is_empty:
            marks.append(Mark(shapely.intersection(line, focus.buffer(reach)), LINE_COLOUR, 4))
    marks = [mark for mark in marks if not mark.geometry.is_empty]
    return data_url(sketch(marks, focus=focus, height=760))


def _photographs(desk: Markers, visits: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The newest photographs that were handed in, small enough for a paper."""
    found: dict[str, dict[str, str]] = {}
    for visit in visits:
        for one in visit["pictures"]:
            kept = desk.register.attachment(one["sha256"]) if one.get("sha256") and one["sha256"] not in found else None
            if kept is not None and len(found) < MOST_PHOTOS:
                url = "data:image/jpeg;base64," + data_url(shown(kept.content)).partition(",")[2]
                found[one["sha256"]] = {"url": url, "name": one["name"], "day": visit.get("inspected_on") or ""}
    return list(found.values())


def _azimuth(text: str | None) -> str:
    """Degrees and minutes, as the form has them."""
    if not text:
        return ""
    minutes = round(float(text) * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′"


def _apart(desk: Markers, marker_id: str, visit: dict[str, Any]) -> float | None:
    """Metres between the recorded place and the one that a visit measured; not told to those who see rounded places."""
    if not desk.sight.exact or visit.get("condition") in (NOT_FOUND, "lost"):
        return None
    here, there = desk.markers.at[marker_id, "geometry"], desk.visits.at[visit["id"], "geometry"]
    if any(one is None or one.is_empty for one in (here, there)):
        return None
    return float(shapely.distance(here, there))
