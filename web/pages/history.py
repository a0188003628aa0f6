"""The history of the register, newest change first, and taking a change back."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from web.desk import actor_required, review
from web.language import t
from web.pages.findings import told

ROWS = 400

pages = Blueprint("history", __name__)


@pages.get("/history")
def index() -> str:
    """Changes with their edits; ``?change=`` picks one."""
    change = request.args.get("change", type=int)
    rows = review().log(ROWS, change_id=change)
    return render_template("history.html", changes=changes_of(rows), change=change, full=len(rows) == ROWS)


@pages.post("/changes/<int:change_id>/undo")
def undo(change_id: int) -> Response | BaseResponse:
    """Take a change back, or one record of it (form field ``record`` = ``layer:id``)."""
    layer, _, record_id = request.form.get("record", "").partition(":")
    outcome = review().undo(change_id, actor=actor_required(), record=(layer, record_id) if record_id else None)
    return told(outcome, t(f"已撤销修改 {change_id}", f"Change {change_id} undone"))


def changes_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the log put together by change, in the order in which they came."""
    return [
        {**edits[0], "change_id": change_id, "edits": edits}
        for change_id, group in groupby(rows, key=lambda row: row["change_id"])
        for edits in [list(group)]
    ]
