"""Changes of divisions: drafts, their preview before and after, choosing, applying, dropping."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from register.cases import division_desk as desk
from register.cases.casebook import Case
from register.cases.divisions import APPLIED, DRAFT, DROPPED
from register.people import Right
from register.store import Register, opened
from rulebook.errors import CallError, DimingError
from rulebook.language import Text
from web import outline
from web.desk import actor_required, person, review
from web.errors import NotFoundError
from web.tabs import Tab

pages = Blueprint("divisions", __name__)
TAB = Tab("divisions.index", Text("区划", "Divisions"), 45)
LARGEST_UPLOAD = 64_000_000
STATES = {
    DRAFT: Text("草稿", "draft"),
    APPLIED: Text("已执行", "applied"),
    DROPPED: Text("已放弃", "dropped"),
}
KINDS = {
    "split": Text("拆分", "split"),
    "merge": Text("合并", "merger"),
    "rename": Text("更名", "rename"),
    "recode": Text("改码", "new code"),
    "create": Text("新设", "creation"),
    "move": Text("划转", "move"),
}
ROLES = {
    "ended": Text("不再使用", "ends"),
    "made": Text("新设", "new"),
    "changed": Text("有变更", "changes"),
    "beside": Text("相邻", "beside"),
}
SEPARATOR = "|"


@pages.url_value_preprocessor
def allow_shapes(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A change file brings the shapes of divisions: only its upload may be large."""
    if endpoint == "divisions.upload":
        request.max_content_length = LARGEST_UPLOAD


@pages.app_context_processor
def _words() -> dict[str, Any]:
    return {"DIVISION_STATES": STATES, "DIVISION_KINDS": KINDS, "DIVISION_ROLES": ROLES}


@pages.get("/divisions")
def index() -> str:
    """Changes of divisions and the form for a new one."""
    with opened(review().address) as register:
        return render_template("divisions.html", cases=desk.all_of(register), may_decide=person().may(Right.DECIDE))


@pages.post("/divisions")
def upload() -> Response:
    """Take a change file in as a draft."""
    person().require(Right.DECIDE)
    given = {one.filename: _read(one) for one in request.files.getlist("change") if one.filename}
    files = {one.filename: _read(one) for one in request.files.getlist("files") if one.filename}
    if not given:
        raise CallError("请选择变更文件（.toml）。", "Choose a change file (.toml).")
    name, content = next(iter(given.items()))
    with opened(review().address) as register:
        case = desk.open_draft(register, name, content, files, actor=actor_required(), today=review().today)
    return redirect(url_for("divisions.case", case_id=case.id))


@pages.get("/divisions/<case_id>")
def case(case_id: str) -> str:
    """A draft with what it would do, or a change that was carried out."""
    with opened(review().address) as register:
        found = _find(register, case_id)
        words: dict[str, Any] = {
            "case": found,
            "may_decide": person().may(Right.DECIDE),
            "preview": None,
            "fault": None,
        }
        if found.state == DRAFT:
            try:
                shown = desk.preview(register, found)
            except DimingError as fault:
                return render_template("division.html", **words | {"fault": fault.text}, figures=None, change_id=None)
            figures = _figures(shown.before, shown.after, [one.geometry for one in shown.choices])
            return render_template("division.html", **words | {"preview": shown}, figures=figures, change_id=None)
        figures = _figures(*desk.drawn(register, found), []) if found.state == APPLIED else None
        return render_template(
            "division.html", **words, figures=figures, change_id=desk.applied_change(register, found)
        )


@pages.post("/divisions/<case_id>/apply")
def apply(case_id: str) -> Response:
    """Carry a draft out with the choices of the form."""
    person().require(Right.DECIDE)
    choices = {}
    for name, value in request.form.items():
        head, *key = name.split(SEPARATOR)
        if head == "choice" and len(key) == 3 and value:
            choices[key[0], key[1], key[2]] = value
    with opened(review().address) as register:
        desk.carry_out(
            register,
            _find(register, case_id),
            choices,
            actor=actor_required(),
            reason=request.form.get("reason", "").strip(),
            take_proposals=request.form.get("rest") == "proposals",
            today=review().today,
        )
    return redirect(url_for("divisions.case", case_id=case_id))


@pages.post("/divisions/<case_id>/drop")
def drop(case_id: str) -> Response:
    """Put a draft aside."""
    person().require(Right.DECIDE)
    with opened(review().address) as register:
        desk.drop(register, _find(register, case_id), actor=actor_required(), today=review().today)
    return redirect(url_for("divisions.index"))


def _read(file: FileStorage) -> bytes:
    """What was uploaded; a large file lies in a temporary one, which is let go."""
    with file.stream:
        return file.read()


def _find(register: Register, case_id: str) -> Case:
    try:
        return desk.case_of(register, case_id)
    except CallError as gone:
        raise NotFoundError(*gone.text) from gone


def _figures(
    before: tuple[desk.Ground, ...], after: tuple[desk.Ground, ...], shapes: list[Any]
) -> list[tuple[Text, outline.Figure]] | None:
    if not before and not after:
        return None
    frame = outline.frame_of(before, after)
    return [
        (Text("变更前", "Before"), outline.figure(before, shapes, frame)),
        (Text("变更后", "After"), outline.figure(after, shapes, frame)),
    ]
