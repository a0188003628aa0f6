"""Signs that do not show the standard name: the list, a new one, the page of each with photographs and the order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from register.cases import signs
from register.cases.applications_due import visible
from register.cases.applications_guards import own_township
from register.cases.casebook import Case
from register.cases.spots import spot
from register.people import Right
from register.store import Register, opened
from rulebook.errors import CallError, DimingError
from rulebook.language import Text
from web.desk import actor_required, person, review
from web.errors import NotFoundError
from web.pages.applications import FORMS
from web.papers import own_templates, paper_answer

pages = Blueprint("signs", __name__)
LARGEST_FILE = 60_000_000
WORDS = {"SIGN_STATES": signs.STATES, "SIGN_FACTS": signs.FACTS}
ACTIONS = ("order", "done", "dismiss")


@pages.url_value_preprocessor
def allow_photos(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Photographs are larger than what forms send."""
    request.max_content_length = LARGEST_FILE


@pages.get("/signs")
def index() -> str:
    """The cases, newest first, and the form of a new one."""
    return _list()


@pages.post("/signs")
def create() -> BaseResponse | tuple[str, int]:
    """Note a sign and go to its page."""
    given = request.form.to_dict()
    try:
        actor_required()
        with opened(review().address) as register:
            place = spot(given.get("at", "").replace("，", ","), register.crs)
            facts = {name: given[name] for name in signs.FACTS if given.get(name, "").strip()}
            seen = signs.Sighting(given.get("text", ""), place, _photos(), facts)
            case = signs.open_sign(register, seen, person(), today=review().today)
    except DimingError as fault:
        return _list(fault.text, given), 400
    return redirect(url_for("signs.show", case_id=case.id))


@pages.get("/signs/<case_id>")
def show(case_id: str) -> str:
    """One sign: photographs, what was found, names around it, what comes next."""
    return _page(case_id)


@pages.post("/signs/<case_id>/<action>")
def act(case_id: str, action: str) -> BaseResponse | tuple[str, int]:
    """Order the correction, note that it was done, or dismiss the case."""
    given, today = request.form.to_dict(), review().today
    if action not in ACTIONS:
        raise NotFoundError("没有这种办理。", "There is no such action.")
    try:
        actor_required()
        with opened(review().address) as register:
            _case(register, case_id)
            if action == "order":
                facts = {name: given[name] for name in signs.FACTS if given.get(name, "").strip()}
                signs.order(register, case_id, person(), facts=facts, due_on=given.get("due_on", ""), today=today)
            elif action == "done":
                result = given.get("result", "")
                signs.done(register, case_id, person(), result=result, photos=_photos(), today=today)
            else:
                signs.dismiss(register, case_id, person(), reason=given.get("reason", ""), today=today)
    except DimingError as fault:
        return _page(case_id, fault.text), 400
    return redirect(url_for("signs.show", case_id=case_id))


@pages.get("/signs/<case_id>/photos/<sha256>")
def photo(case_id: str, sha256: str) -> Response:
    """A photograph of the case."""
    with opened(review().address) as register:
        body = _case(register, case_id).body
        known = {one["sha256"] for one in (*body["photos"], *body.get("photos_after", ()))}
        kept = register.attachment(sha256) if sha256 in known else None
    if kept is None:
        raise NotFoundError("没有这张照片。", "There is no such photograph.")
    return Response(kept.content, mimetype=kept.media_type)


@pages.get("/signs/<case_id>/order.<form>")
def order_paper(case_id: str, form: str) -> Response:
    """The order as a paper."""
    if form not in FORMS:
        raise NotFoundError("没有这种文书。", "There is no such paper.")
    with opened(review().address) as register:
        made = signs.correction_order(
            register, visible(_case(register, case_id), person()), today=review().today, own=own_templates()
        )
    return paper_answer(made, form, f"责令改正通知书-{case_id}")


def _photos() -> tuple[signs.Photo, ...]:
    return tuple(signs.Photo(one.filename, one.read()) for one in request.files.getlist("photos") if one.filename)


def _case(register: Register, case_id: str) -> Case:
    try:
        case = signs.sign_case(register, case_id)
    except CallError as fault:
        raise NotFoundError(*fault.text) from fault
    own_township(person(), case.division_code)
    return case


def _list(fault: Text | None = None, given: dict[str, str] | None = None) -> str:
    with opened(review().address) as register:
        cases = signs.sign_cases(register, person())
    may = person().may(Right.FILE) or person().may(Right.INSPECT)
    return render_template(
        "signs.html", cases=cases, fault=fault, given=given or {}, may=may, today=review().today, **WORDS
    )


def _page(case_id: str, fault: Text | None = None) -> str:
    with opened(review().address) as register:
        case = visible(_case(register, case_id), person())
    return render_template(
        "sign.html",
        case=case,
        fault=fault,
        may_decide=person().may(Right.DECIDE),
        may_inspect=person().may(Right.INSPECT) or person().may(Right.DECIDE),
        today=review().today,
        **WORDS,
    )
