"""Boundary lines: when each is due, its stones in order, trips, what inspectors hand in, records and reports."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from register import profiles
from register.cases import marker_papers
from register.cases.casebook import all_cases
from register.cases.field_package import open_trip, package
from register.cases.inspection_cycle import due_list
from register.cases.inspection_states import status_plan
from register.cases.inspections import TRIP, take_in
from register.cases.marker_facts import Markers
from register.people import Right
from register.store import opened
from rulebook.errors import CallError
from rulebook.language import Text
from web.desk import actor_required, person, review
from web.errors import NotFoundError
from web.papers import download, own_templates, paper_answer
from web.tabs import Tab

pages = Blueprint("lines", __name__, url_prefix="/lines")
TAB = Tab("lines.index", Text("界线界桩", "Boundaries"), 40)
HAND_IN = "lines.hand_in"
CYCLE = {
    "overdue": Text("已逾期", "overdue"),
    "soon": Text("将到期", "due soon"),
    "in_time": Text("未到期", "in time"),
    "unknown": Text("无从起算", "cannot be reckoned"),
}
OUTCOMES = {
    "in": Text("收入", "in"),
    "completed": Text("补充", "completed"),
    "already_in": Text("已在库中", "in already"),
    "refused": Text("拒绝", "refused"),
}


@pages.app_url_value_preprocessor
def _room_for_packages(endpoint: str | None, values: object) -> None:
    """A field package with photographs is larger than any other form."""
    if endpoint == HAND_IN:
        with opened(review().address) as register:
            settings = profiles.load(register.profile_name).setting("inspections")
        request.max_content_length = int(settings["package_mb"]) << 20


@contextmanager
def desk() -> Iterator[Markers]:
    """Lines and markers as the person at work may see them."""
    seen = review()
    with opened(seen.address) as register:
        yield Markers(register, seen.sight, seen.today)


@pages.get("")
def index() -> str:
    """Every line with when it is due, the most urgent first; the place to hand in."""
    with opened(review().address) as register:
        lines = due_list(register, today=review().today)
        trips = all_cases(register, kind=TRIP)[::-1][:10]
        waiting = len(status_plan(register, review().today))
    return render_template(
        "markers/lines.html", lines=lines, trips=trips, waiting=waiting, cycle=CYCLE, may=person().may(Right.INSPECT)
    )


@pages.get("/<code>")
def line(code: str) -> str:
    """One line: its stones in order with distances and states, rounds, papers."""
    with desk() as found:
        facts = found_or_404(lambda: found.line(code))
        sketch = marker_papers.line_sketch(found, facts)
    findings = [one for one in review().findings()[0] if (one["layer"], one["record_id"]) == ("boundary_lines", code)]
    return render_template(
        "markers/line.html", line=facts, sketch=sketch, cycle=CYCLE, findings=findings, may=person().may(Right.INSPECT)
    )


@pages.get("/<code>/<any(record,report):paper>.<any(docx,html):form>")
def papers(code: str, paper: str, form: str) -> Response:
    """The joint-inspection record or the report of ``?round=``."""
    make = {"record": marker_papers.joint_record, "report": marker_papers.line_report}[paper]
    with desk() as found:
        found_or_404(lambda: found.line(code))
        filled = make(found, code, round_=request.args.get("round", ""), own=own_templates() or "")
    return paper_answer(filled, form, f"{filled.title} {code}")


@pages.post("/<code>/trip")
def trip(code: str) -> Response:
    """Open the case of a trip and answer its field package."""
    person().require(Right.INSPECT)
    with opened(review().address) as register:
        case = open_trip(
            register,
            code,
            actor=actor_required(),
            today=review().today,
            markers=request.form.getlist("marker"),
            round_=request.form.get("round", "").strip(),
            day=request.form.get("day", "").strip(),
        )
        content = package(register, case, own=current_app.config["SITE"].documents)
    return download(content, f"{case.id}.zip", "application/zip")


@pages.post("/hand-in")
def hand_in() -> str | tuple[str, int] | BaseResponse:
    """Take in a field file and show what became of it."""
    person().require(Right.INSPECT)
    given = request.files.get("file")
    if given is None or not given.filename:
        raise CallError("请选择要交的文件。", "Choose the file to hand in.")
    name = Path(given.filename.replace("\\", "/")).name
    with tempfile.TemporaryDirectory(prefix="diming-upload-") as folder:
        path = Path(folder) / name
        given.save(path)
        with opened(review().address) as register:
            report = take_in(register, path, actor=actor_required(), today=review().today)
    return render_template("markers/handed_in.html", report=report, name=name, outcomes=OUTCOMES)


def found_or_404(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a question answers, else the page that says it is not there."""
    try:
        return ask()
    except CallError as missing:
        raise NotFoundError(*missing.text) from missing
