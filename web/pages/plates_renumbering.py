"""Renumbering a road on the site: the least-change plan, announcing it as a case, applying it stage by stage."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from register.cases import numbering_plan, numbering_stages
from register.cases.numbering import road_in_force
from register.people import Right
from register.store import opened
from rulebook.errors import CallError, ProfileError
from rulebook.language import Text
from web.desk import actor_required, person
from web.errors import NotFoundError
from web.language import lang
from web.pages.plates import desk

pages = Blueprint("plates_renumbering", __name__)
MOST_STAGES = 20
STATES = {
    numbering_stages.ANNOUNCED: Text("已公告", "announced"),
    numbering_stages.UNDER_WAY: Text("实施中", "under way"),
    numbering_stages.DONE: Text("已完成", "done"),
}


@pages.get("/plates/renumber")
def index() -> str:
    """The plan for ``?road=`` as it is worked out now (``&stages=``, ``&start=``), and the cases there are."""
    road_id = request.args.get("road", "")
    staged = _staged(request.args)
    with opened(desk().address) as register:
        ctx = numbering_plan.plan_view(register, desk().today)
        try:
            road_in_force(register, ctx, road_id)
        except ProfileError as gone:
            raise NotFoundError(*gone.text) from gone
        table = numbering_plan.changes(ctx, road_id, lang(), **staged).to_dict("records")
        cases = numbering_stages.renumberings(register, road_id)
        name = ctx.frame("roads").at[road_id, "name"]
    return render_template(
        "plates_renumber.html", road_id=road_id, road=name, table=table, cases=cases, states=STATES, staged=staged,
        may_decide=person().may(Right.DECIDE),
    )  # fmt: skip


@pages.get("/plates/renumber/notices.csv")
def notices() -> Response:
    """The notices of ``?case=`` as CSV."""
    with opened(desk().address) as register:
        text = numbering_stages.notices_csv(register, request.args.get("case", ""))
    headers = {"Content-Disposition": "attachment; filename=notices.csv"}
    return Response(text.encode("utf-8-sig"), mimetype="text/csv", headers=headers)


@pages.post("/plates/renumber/announce")
def announce() -> BaseResponse:
    """Keep the plan as a case."""
    actor = actor_required()
    person().require(Right.DECIDE)
    road_id = request.form.get("road", "")
    with opened(desk().address) as register:
        numbering_stages.announce(register, road_id, lang(), actor=actor, today=desk().today, **_staged(request.form))
    return redirect(url_for("plates_renumbering.index", road=road_id))


@pages.post("/plates/renumber/apply")
def apply() -> BaseResponse:
    """Apply one stage of a case; the history page takes it back."""
    actor = actor_required()
    person().require(Right.DECIDE)
    form = request.form
    with opened(desk().address) as register:
        change = numbering_stages.apply_stage(
            register, form.get("case", ""), form.get("stage", ""), actor=actor, today=desk().today
        )
    return redirect(url_for("history.index", change=change))


def _staged(given: Any) -> dict[str, Any]:
    stages = given.get("stages", "1") or "1"
    if not stages.isdecimal() or not 1 <= int(stages) <= MOST_STAGES:
        raise CallError(f"分期数应为 1 到 {MOST_STAGES}。", f"There are 1 to {MOST_STAGES} stages.")
    return {"stages": int(stages), "start": given.get("start", "").strip()}
