"""Applications for names: what is due, the cases, the page of each with its steps and papers, a new one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from flask import Blueprint, Response, redirect, render_template, request, url_for
from pyproj import CRS
from shapely.geometry.base import BaseGeometry
from werkzeug.wrappers import Response as BaseResponse

from gazetteer.layers import KINDS
from gazetteer.procedure import (
    ACTION_NAMES,
    CLOSED,
    FACTS,
    GROUNDS,
    MAIN_ROAD,
    NUMBER_FACTS,
    PERSONAL_FACTS,
    STATE_NAMES,
    STEPS,
    Action,
    State,
    next_step,
    steps_from,
)
from register.cases import applications, applications_due
from register.cases.applications_facts import CHOICES, shape_of
from register.cases.applications_guards import own_township
from register.cases.applications_papers import PAPERS, SEVERAL, paper, place_sketch, ready_papers
from register.cases.casebook import Case
from register.cases.pretest_place import drawn, in_file
from register.cases.pretest_sheet import numbered, proposals_in
from register.cases.spots import LON_LAT, spot
from register.exchange.positions import project
from register.people import RIGHT_NAMES, Right
from register.store import Register, opened
from rulebook.errors import CallError, DimingError
from rulebook.language import Text
from web.desk import actor_required, person, review
from web.errors import NotFoundError
from web.papers import own_templates, paper_answer
from web.tabs import Tab

pages = Blueprint("applications", __name__)
TAB = Tab("applications.index", Text("申请", "Applications"), 25)
LARGEST_FILE = 20_000_000
FORMS = ("html", "docx")  # of papers
BASIC = (
    "reason", "ground", "meaning", "origin", "location", "start", "end", "direction", "length_m", "width_m", "surface",
    "road_class", "built_on", "division_code", "applicant", "contact", "phone", "id_no", "contact_address", "despite",
    "reuse_reason", "protection", "note",
)  # fmt: skip
LATER = ("despite", "reuse_reason", "protection", "note")  # facts that only some cases need, once they are pre-tested
STEP_FACTS = {
    "consult": ("consultation", "expert_opinion"),
    "notice": ("notice_from", "notice_days", "notice_channel"),
    "approve": ("notice_result", "request_no", "approval_no", "authority", "category", "place_code"),
    "file": ("filing_to", "filing_no"),
    "announce": ("announcement_no", "channel"),
    "order-sign": ("sign_places", "sign_count", "sign_maker", "note"),
}
LONG_FACTS = (
    "reason",
    "meaning",
    "origin",
    "location",
    "consultation",
    "expert_opinion",
    "notice_result",
    "sign_places",
)
WORDS = {
    "FACTS": FACTS, "STEPS": STEPS, "STATE_NAMES": STATE_NAMES, "ACTION_NAMES": ACTION_NAMES, "MAIN_ROAD": MAIN_ROAD,
    "GROUNDS": GROUNDS, "PAPERS": PAPERS, "NUMBER_FACTS": NUMBER_FACTS, "LONG_FACTS": LONG_FACTS, "CHOICES": CHOICES,
    "PERSONAL_FACTS": PERSONAL_FACTS, "SEVERAL": SEVERAL,
}  # fmt: skip


@pages.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Files with shapes may be larger than what forms send."""
    request.max_content_length = LARGEST_FILE


@pages.get("/applications")
def index() -> str:
    """What is due, and the cases; ``?state=`` and ``?text=`` narrow the list."""
    state, text = request.args.get("state", ""), request.args.get("text", "").strip()
    with opened(review().address) as register:
        due = applications_due.due_list(register, person(), today=review().today)
        cases = applications_due.naming_cases(register, person(), text=text)
    counts = {one: sum(case.state == one for case in cases) for one in State}
    shown = [case for case in cases if state in ("", case.state)]
    return render_template(
        "applications.html", due=due, cases=shown, counts=counts, total=len(cases), state=state, text=text, **WORDS
    )


@pages.get("/applications/new")
def new() -> str:
    """The form of a new application; it may be filled in by the address, or (``?sheet=``) from a pre-test sheet."""
    given = request.args.to_dict()
    if given.get("sheet"):
        with opened(review().address) as register:
            asked = proposals_in(numbered(register, given["sheet"]))
        given = {"names": " ".join(one.name for one in asked), "kind": asked[0].kind, **given}
    return _form(given)


@pages.post("/applications")
def create() -> str | BaseResponse | tuple[str, int]:
    """Open a case and go to its page; a form with a fault comes back as it was filled in."""
    given = request.form.to_dict()
    try:
        actor_required()
        with opened(review().address) as register:
            case = applications.open_application(
                register, _application(given, register.crs), person(), today=review().today
            )
    except DimingError as fault:
        return _form(given, fault.text), 400
    return redirect(url_for("applications.show", case_id=case.id))


@pages.get("/applications/<case_id>")
def show(case_id: str) -> str:
    """One case: where it stands, what comes next and what that needs, its facts, its papers."""
    return _page(case_id)


@pages.post("/applications/<case_id>/facts")
def fill_in(case_id: str) -> BaseResponse | tuple[str, int]:
    """Fill in facts."""
    given = request.form.to_dict()
    names = tuple(given.get("names", "").split())
    try:
        actor_required()
        with opened(review().address) as register:
            geometry = _geometry(given, register.crs)
            case = _case(register, case_id)
            facts = _facts(given, BASIC, case)
            changed = names if names != tuple(case.body["names"]) else ()
            applications.amend(register, case_id, facts, person(), names=changed, geometry=geometry)
    except DimingError as fault:
        return _page(case_id, fault.text, given), 400
    return redirect(url_for("applications.show", case_id=case_id))


@pages.post("/applications/<case_id>/steps/<step>")
def take(case_id: str, step: str) -> BaseResponse | tuple[str, int]:
    """Take a step with what its form says."""
    given = request.form.to_dict()
    facts = {name: given[name] for name in STEP_FACTS.get(step, ()) if given.get(name, "").strip()}
    try:
        actor_required()
        with opened(review().address) as register:
            applications.take_step(
                register,
                case_id,
                step,
                person(),
                facts=facts,
                on=given.get("on", ""),
                reason=given.get("reason", ""),
                today=review().today,
            )
    except DimingError as fault:
        return _page(case_id, fault.text, given), 400
    return redirect(url_for("applications.show", case_id=case_id))


@pages.get("/applications/<case_id>/papers/<name>.<form>")
def one_paper(case_id: str, name: str, form: str) -> Response:
    """A paper of a case: ``html`` to look at and print, ``docx`` to keep."""
    return _papers([case_id], name, form)


@pages.get("/applications/papers")
def list_paper() -> Response:
    """A paper that lists several cases: ``?paper=&form=&case=&case=``."""
    return _papers(request.args.getlist("case"), request.args.get("paper", ""), request.args.get("form", ""))


def _papers(case_ids: list[str], name: str, form: str) -> Response:
    if form not in FORMS or name not in PAPERS:
        raise NotFoundError("没有这种文书。", "There is no such paper.")
    if not case_ids:
        raise CallError("请先勾选事项。", "Choose the cases first.")
    with opened(review().address) as register:
        cases = [applications_due.visible(_case(register, one), person()) for one in case_ids]
        made = paper(register, cases, name, today=review().today, own=own_templates())
    return paper_answer(made, form, f"{PAPERS[name].zh}-{case_ids[0]}")


def _case(register: Register, case_id: str) -> Case:
    """A case of the person's townships, else the page that says it is not there."""
    try:
        case = applications.naming_case(register, case_id)
    except CallError as fault:
        raise NotFoundError(*fault.text) from fault
    own_township(person(), case.division_code)
    return case


def _page(case_id: str, fault: Text | None = None, given: dict[str, str] | None = None) -> str:
    with opened(review().address) as register:
        whole = _case(register, case_id)
        case = applications_due.visible(whole, person())
        gaps = applications.lacking(register, whole, review().today)
        due = [
            one for one in applications_due.due_list(register, person(), today=review().today) if one["case"] == case_id
        ]
        picture, shape = place_sketch(register, case), shape_of(case.body)
        crs, proposed = register.crs, applications.proposed(register, whole)
    centre = _centre(shape, crs)
    forward = next_step(case.state)
    return render_template(
        "application.html",
        case=case,
        forward=forward,
        others=[step for step in steps_from(case.state) if step != forward and step.needs_reason],
        again=case.state == State.PRETESTED,
        may={step.name: person().may(Right(step.right)) for step in STEPS.values()},
        needed={step.name: RIGHT_NAMES[Right(step.right)] for step in STEPS.values()},
        gaps=gaps,
        due=due,
        step_facts=STEP_FACTS,
        basic=_shown_basics(case),
        papers=ready_papers(case),
        picture=picture,
        centre=centre,
        proposed=proposed,
        early=case.state in applications.EARLY,
        closed=case.state in CLOSED,
        fault=fault,
        given=given or {},
        today=review().today,
        **WORDS,
    )


def _shown_basics(case: Case) -> list[str]:
    """Facts of the form that make sense for the case."""
    left_out = {"ground", "protection"} if case.body["action"] == Action.NAMING else set()
    if case.body["kind"] != "road":
        left_out |= {"start", "end", "length_m", "width_m", "surface", "road_class", "direction"}
    return [name for name in BASIC if name not in left_out]


def _form(given: dict[str, str], fault: Text | None = None) -> str:
    return render_template(
        "application_new.html",
        given=given,
        fault=fault,
        kinds=KINDS,
        basic=[name for name in BASIC if name not in LATER],
        **WORDS,
    )


def _application(given: dict[str, str], crs: CRS) -> applications.Application:
    return applications.Application(
        given.get("action", ""),
        given.get("kind", ""),
        tuple(given.get("names", "").split()),
        given.get("record", "").strip(),
        _geometry(given, crs),
        {name: given[name] for name in BASIC if given.get(name, "").strip()},
        given.get("sheet", "").strip(),
    )


def _facts(given: dict[str, str], names: tuple[str, ...], case: Case) -> dict[str, str]:
    """Facts that the form sent, but personal ones that were only shown masked."""
    hidden = () if person().may(Right.SEE_PERSONAL) else tuple(case.body.get("personal", {}))
    return {name: given[name] for name in names if name in given and not (name in hidden and not given[name].strip())}


def _geometry(given: dict[str, str], crs: CRS) -> BaseGeometry | None:
    """The place of a form: a shape drawn (GeoJSON), a file, or points ``lon,lat`` one a line: one is a point, more a line."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(upload.filename).name
            upload.save(path)
            return in_file(path, crs)
    if given.get("shape", "").strip():
        return drawn(given["shape"], crs)
    points = [spot(word, crs) for word in given.get("points", "").replace("，", ",").split()]
    if not points:
        return None
    return points[0] if len(points) == 1 else shapely.LineString(points)


def _centre(shape: BaseGeometry | None, crs: CRS) -> tuple[float, float] | None:
    """Latitude and longitude of a point on the shape, for the map."""
    if shape is None or shape.is_empty:
        return None
    on_it = shapely.point_on_surface(shape)
    degrees = project(np.array([on_it]), crs, LON_LAT)[0]
    return round(degrees.y, 6), round(degrees.x, 6)
