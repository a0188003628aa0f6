"""The history of the register, newest change first, and taking a change back."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from rulebook.language import Text
from web.desk import actor_required, review
from web.errors import NotFoundError
from web.language import t
from web.pages.findings import told
from web.tabs import Tab

CHANGES = 25  # on a page
EDITS = 8  # of a change among others; an import has as many as the file has records
ALL_EDITS = 500  # of a change shown alone

pages = Blueprint("history", __name__)
TAB = Tab("history.index", Text("历史", "History"), 90)


@pages.get("/history")
def index() -> str:
    """The last changes; ``?before=`` pages on, ``?change=`` shows one with more of its edits."""
    picked = request.args.get("change", type=int)
    if picked is not None:
        changes = changes_of(review().log(ALL_EDITS + 1, change_id=picked))
        if not changes:
            raise NotFoundError(f"没有修改 {picked}。", f"There is no change {picked}.")
        return render_template("history.html", changes=changes, picked=picked, most=ALL_EDITS, older=None)
    newest = review().summary()["revision"]
    start = min(request.args.get("before", newest + 1, type=int), newest + 1) - 1
    numbers = range(start, max(start - CHANGES, 0), -1)
    rows = [row for number in numbers for row in review().log(EDITS + 1, change_id=number)]
    older = numbers[-1] if numbers and numbers[-1] > 1 else None
    return render_template("history.html", changes=changes_of(rows), picked=None, most=EDITS, older=older)


@pages.post("/changes/<int:change_id>/undo")
def undo(change_id: int) -> Response | BaseResponse:
    """Take a change back, or one record of it (form field ``record`` = ``layer:id``)."""
    layer, _, record_id = request.form.get("record", "").partition(":")
    outcome = review().undo(change_id, actor=actor_required(), record=(layer, record_id) if record_id else None)
    return told(outcome, t(f"已撤销修改 {change_id}", f"Change {change_id} undone"))


def changes_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the log put together by change, in the order in which they came."""
    return [
        {**edits[0], "edits": edits}
        for _, group in groupby(rows, key=lambda row: row["change_id"])
        for edits in [list(group)]
    ]
