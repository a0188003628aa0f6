"""What visits say about the register: states of markers that are proven, and the day a line was inspected jointly."""

from __future__ import annotations

import pandas as pd

from boundaries import inspections as visits_of
from boundaries.markers import SCRAPPED
from register import profiles
from register.cases.checking import today_text
from register.exchange.plans import numbered
from register.store import Register
from rulebook.schema import in_force


def status_plan(register: Register, today: str = "") -> pd.DataFrame:
    """A fix plan that brings markers and lines to what the visits prove; nobody has accepted its rows yet.

    A marker takes the condition of its latest visit, where that is proven; a line takes the day on which the last of its
    stones was visited in one round, where all of them were.
    """
    today = today or today_text()
    layers = {name: in_force(register.layer(name), today) for name in ("markers", "inspections", "boundary_lines")}
    need = profiles.load(register.profile_name).rules["MRK503"]["states"]
    states = visits_of.states_due(layers["markers"], layers["inspections"], need_proof=need)
    rows = [
        ("markers", one.marker, "status", one.before, one.after, "MRK503", f"检查 {one.visit}")
        for one in states.itertuples()
    ]
    for one in rounds_done(layers["boundary_lines"], layers["markers"], layers["inspections"]).itertuples():
        rows.append(
            ("boundary_lines", one.line, "last_inspected_on", one.before, one.after, "MRK501", f"联检 {one.round}")
        )
    names = ["layer", "record_id", "field", "before", "after", "rule", "reason"]
    plan = pd.DataFrame(rows, columns=names, dtype="object").assign(safety="review")
    return numbered(plan.where(plan.notna(), None))


def rounds_done(lines: pd.DataFrame, markers: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Lines of which every stone was visited in one round that ended later than the recorded inspection: ``line``,
    ``round``, ``before``, ``after``.
    """
    stones = markers[markers["status"].ne(SCRAPPED)]
    on_line = (
        stones["line_codes"].str.split(";").explode().str.strip().rename("line").rename_axis("marker").reset_index()
    )
    held = visits[visits["round"].notna() & visits["marker_id"].notna()]
    seen = held[["marker_id", "round", "inspected_on"]].merge(on_line, left_on="marker_id", right_on="marker")
    done = seen.groupby(["line", "round"], as_index=False).agg(
        stones=("marker", "nunique"), after=("inspected_on", "max")
    )
    due = on_line.groupby("line")["marker"].nunique()
    done = done[done["stones"].eq(done["line"].map(due)) & done["line"].isin(lines.index)]
    done = done.sort_values(["line", "after"]).drop_duplicates("line", keep="last")
    before = lines["last_inspected_on"].reindex(done["line"]).to_numpy()
    done = done.assign(before=pd.Series(before, index=done.index, dtype="object"))
    newer = done["before"].isna() | (done["after"] > done["before"].fillna(""))
    return done.loc[newer, ["line", "round", "before", "after"]].reset_index(drop=True)
