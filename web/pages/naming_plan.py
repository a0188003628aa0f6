"""The plan of names: coverage of planned roads, reserved names, names from a theme list."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from gazetteer.layers import KINDS
from register.cases import casebook, naming_plan
from register.cases.applications_facts import iso_date
from register.cases.spots import spot
from register.cases.theme_lists import read_themes
from register.people import Right
from register.store import opened
from rulebook.errors import DimingError
from rulebook.language import Text
from web.desk import actor_required, person, review

pages = Blueprint("naming_plan", __name__)
STATES = {
    naming_plan.RESERVED: Text("已预留", "reserved"),
    naming_plan.USED: Text("已启用", "in use"),
    naming_plan.RELEASED: Text("已释放", "released"),
}


@pages.get("/plan")
def index() -> str:
    """Coverage, the planned roads without a name, the reservations."""
    return _page()


@pages.post("/plan")
def reserve() -> BaseResponse | tuple[str, int]:
    """Reserve a name."""
    given = request.form.to_dict()
    try:
        actor_required()
        with opened(review().address) as register:
            place = spot(given["at"].replace("，", ","), register.crs) if given.get("at", "").strip() else None
            wanted = naming_plan.Reservation(
                given.get("name", ""),
                given.get("kind", "road"),
                given.get("bound_to", "").strip(),
                place,
                given.get("meaning", ""),
                given.get("theme", ""),
            )
            naming_plan.reserve(register, wanted, person(), reason=given.get("reason", ""), today=review().today)
    except DimingError as fault:
        return _page(fault.text, given), 400
    return redirect(url_for("naming_plan.index"))


@pages.post("/plan/<case_id>/release")
def release(case_id: str) -> BaseResponse | tuple[str, int]:
    """Give a name back."""
    try:
        actor_required()
        with opened(review().address) as register:
            reason = request.form.get("reason", "")
            naming_plan.release(register, case_id, person(), reason=reason, today=review().today)
    except DimingError as fault:
        return _page(fault.text), 400
    return redirect(url_for("naming_plan.index"))


@pages.post("/plan/<case_id>/use")
def use(case_id: str) -> BaseResponse | tuple[str, int]:
    """Put a name to use that was approved elsewhere."""
    given = request.form
    try:
        actor_required()
        day = iso_date(given.get("approved_on", ""), "批准日期", "the date of approval")
        with opened(review().address) as register:
            naming_plan.use(
                register,
                case_id,
                person(),
                approval_no=given.get("approval_no", ""),
                approved_on=day,
                today=review().today,
            )
    except DimingError as fault:
        return _page(fault.text), 400
    return redirect(url_for("naming_plan.index"))


@pages.post("/plan/themes")
def themes() -> str | tuple[str, int]:
    """Free names of a theme list: an uploaded CSV, or words parted by blanks."""
    given = request.form.to_dict()
    try:
        listed = _listed(given)
        with opened(review().address) as register:
            place = spot(given["at"].replace("，", ","), register.crs) if given.get("at", "").strip() else None
            free = naming_plan.proposals(
                register,
                listed,
                given.get("kind", "road"),
                generic=given.get("generic", "").strip(),
                geometry=place,
                today=review().today,
            )
    except DimingError as fault:
        return _page(fault.text, given), 400
    return _page(given=given, free=free)


def _listed(given: dict[str, str]) -> pd.DataFrame:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "themes.csv"
            upload.save(path)
            return read_themes(path)
    return pd.DataFrame({"specific": given.get("words", "").split()}, dtype="str")


def _page(
    fault: Text | None = None, given: dict[str, str] | None = None, free: list[dict[str, Any]] | None = None
) -> str:
    with opened(review().address) as register:
        covered = naming_plan.coverage(register)
        held = list(reversed(casebook.all_cases(register, naming_plan.KIND)))
    return render_template(
        "naming_plan.html",
        covered=covered,
        held=held,
        fault=fault,
        given=given or request.args.to_dict(),
        free=free,
        kinds=KINDS,
        plan_states=STATES,
        may_decide=person().may(Right.DECIDE),
        may_approve=person().may(Right.APPROVE),
        today=review().today,
    )
