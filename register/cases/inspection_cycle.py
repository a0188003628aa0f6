"""When each line is due, and what of the current round is done."""

from __future__ import annotations

from typing import Any

import pandas as pd

from boundaries import inspections as visits_of
from boundaries.markers import SCRAPPED
from register import profiles
from register.cases.checking import today_text
from register.store import Register
from rulebook.errors import CallError
from rulebook.schema import in_force

COLUMNS = (
    "code", "name", "level", "last", "basis", "due", "days", "state", "markers", "visited", "not_found", "round",
)  # fmt: skip


def due_list(register: Register, *, today: str = "", line: str = "") -> list[dict[str, Any]]:
    """One entry a line, the most urgent first, with ``COLUMNS``.

    ``last`` is the last joint inspection, else the agreement (``basis``); ``days`` are left until ``due`` (negative:
    overdue); ``state`` is overdue, soon, in_time or unknown; ``visited`` counts the markers seen after ``last``,
    ``not_found`` those that were looked for in vain, ``round`` is the latest one.
    """
    today = today or today_text()
    profile = profiles.load(register.profile_name)
    lines = in_force(register.layer("boundary_lines"), today)
    if line and line not in lines.index:
        raise CallError(f"没有界线“{line}”。", f'There is no line "{line}".')
    years, soon = profile.rules["MRK501"]["years"], profile.setting("inspections")["soon_days"]
    table = lines[["code", "name", "level"]].join(visits_of.cycle(lines, years=years, today=today, soon_days=soon))
    table = table.join(_progress(register, table["last"], today))
    if line:
        table = table.loc[[line]]
    table = table.sort_values(["days", "code"], na_position="last")[list(COLUMNS)].astype("object")
    return table.where(table.notna(), None).to_dict("records")


def _progress(register: Register, last: pd.Series, today: str) -> pd.DataFrame:
    """Markers of each line, how many were visited since its last inspection, and the latest round."""
    stones = in_force(register.layer("markers"), today)
    stones = stones[stones["status"].ne(SCRAPPED)]
    on_line = (
        stones["line_codes"].str.split(";").explode().str.strip().rename("line").rename_axis("marker").reset_index()
    )
    visits = in_force(register.layer("inspections"), today)
    seen = visits[["marker_id", "inspected_on", "condition", "round"]].merge(
        on_line, left_on="marker_id", right_on="marker"
    )
    since = seen["line"].map(last).fillna("")
    new = seen[seen["inspected_on"].gt(since) & seen["inspected_on"].le(today)]
    newest = new.sort_values("inspected_on").drop_duplicates(["line", "marker"], keep="last")
    rounds = seen[seen["round"].notna()].sort_values("inspected_on").drop_duplicates("line", keep="last")
    found = ~newest["condition"].eq("not_found")
    return pd.DataFrame(
        {
            "markers": on_line.groupby("line")["marker"].nunique().reindex(last.index, fill_value=0),
            "visited": newest[found].groupby("line")["marker"].nunique().reindex(last.index, fill_value=0),
            "not_found": newest[~found].groupby("line")["marker"].nunique().reindex(last.index, fill_value=0),
            "round": rounds.set_index("line")["round"].reindex(last.index),
        }
    )
