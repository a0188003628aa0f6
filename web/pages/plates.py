"""Doorplates along a road: the strip, the map, and numbers for new buildings by a click."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from register.cases.numbering_desk import NumberingDesk
from register.cases.numbering_words import NUMBERINGS, SIDES, SOURCES, STARTS
from register.people import Right
from register.store import opened
from rulebook.errors import ProfileError
from rulebook.language import Text
from web.desk import actor_required, person, review
from web.errors import NotFoundError, wants_json
from web.language import lang, t
from web.strip import layout
from web.tabs import Tab

pages = Blueprint("plates", __name__)
TAB = Tab("plates.index", Text("门牌", "Doorplates"), 30)
MOST_ROADS = 200
WORDS = {"numberings": NUMBERINGS, "sources": SOURCES, "starts": STARTS, "sides": SIDES}


def desk() -> NumberingDesk:
    """The numbering desk of this site's register."""
    if "numbering" not in current_app.extensions:
        current_app.extensions["numbering"] = NumberingDesk(review().address, review().today)
    found: NumberingDesk = current_app.extensions["numbering"]
    return found


@pages.get("/plates")
def index() -> str:
    """The roads and how each is numbered; with ``?road=`` one of them, with ``&at=LON,LAT`` a number there."""
    road_id = request.args.get("road", "")
    if not road_id:
        text = request.args.get("text", "")
        roads = desk().roads(text)
        return render_template("plates.html", roads=roads[:MOST_ROADS], count=len(roads), text=text, **WORDS)
    return render_template("plates_road.html", **_road_words(road_id, fresh=True), **_proposal_words(road_id), **WORDS)


@pages.get("/plates/strip")
def strip() -> str:
    """The strip of ``?road=`` alone, for our script."""
    return render_template("parts/plate_strip.html", **_road_words(request.args.get("road", ""), fresh=False), **WORDS)


@pages.get("/plates/proposal")
def proposal() -> str:
    """The number for ``?road=&at=LON,LAT`` alone, for our script."""
    road_id = request.args.get("road", "")
    return render_template("parts/plate_proposal.html", road_id=road_id, **_proposal_words(road_id))


@pages.get("/api/plates")
def shapes() -> Response:
    """The parts of ``?road=``, its plates and their feet on it, in degrees."""
    found = _road(request.args.get("road", ""))
    wanted = ("id", "number", "status", "against", "point", "foot")
    plates = [{name: plate[name] for name in wanted} for plate in found["plates"]]
    return jsonify(lines=found["lines"], plates=plates)


@pages.post("/plates/reserve")
def reserve() -> Response | BaseResponse:
    """Reserve the number that was shown for a place; refused where somebody else has it by now."""
    actor = actor_required()
    person().require(Right.DECIDE)
    form = request.form
    road_id = form.get("road", "")
    done = desk().reserve(road_id, form.get("at", ""), form.get("number", ""), actor=actor)
    if not wants_json():
        return redirect(url_for("plates.index", road=road_id))
    sentence = t(
        f"已预留 {done['number']} 号，修改号 {done['change_id']}。",
        f"Number {done['number']} is reserved, change {done['change_id']}.",
    )
    return jsonify(**done, sentence=sentence)


def _road(road_id: str) -> dict[str, Any]:
    try:
        return desk().road(road_id)
    except ProfileError as unknown:
        raise NotFoundError(*unknown.text) from unknown


def _road_words(road_id: str, *, fresh: bool) -> dict[str, Any]:
    found = _road(road_id)
    told = _findings(fresh=fresh)
    plates = [{**plate, "findings": told.get(plate["id"], [])} for plate in found["plates"]]
    wrong = [plate for plate in plates if plate["findings"] or plate["against"]]
    return {"road_id": road_id, "practice": found["practice"], "strip": layout(plates, found["length_m"]),
            "length_m": found["length_m"], "wrong": wrong}  # fmt: skip


def _findings(*, fresh: bool) -> dict[str, list[dict[str, Any]]]:
    """Findings of the rules on doorplates by plate: after a new check, or as kept last."""
    if fresh:
        found, _ = review().findings(layer="doorplates")
    else:
        with opened(desk().address) as register:
            found = [one for one in register.kept_findings()[0] if one["layer"] == "doorplates"]
    by_plate = defaultdict(list)
    for one in found:
        if one["rule"].startswith("DOR"):
            by_plate[one["record_id"]].append(one)
    return by_plate


def _proposal_words(road_id: str) -> dict[str, Any]:
    at = request.args.get("at", "").strip()
    return {
        "at": at,
        "proposal": desk().propose(road_id, at, lang()) if at else None,
        "may_reserve": person().may(Right.DECIDE),
    }
