"""Steps from plate to plate along a row: how far the number goes up, and over how many metres."""

from __future__ import annotations

import pandas as pd

from doorplates.order import rows_of_plates
from rulebook.context import Context, derived


@derived("doorplates", "roads")
def steps_along(ctx: Context) -> pd.DataFrame:
    """One row for each plate that fits its row and follows another main number there, indexed by the later plate.

    Columns: ``before`` (id of the plate before), ``row``, ``road_id``, ``main_before``, ``main``, ``step``, ``gap_m``
    (along the road), ``spacing_m`` (metres per number: stored for the road, else the median over its steps).
    """
    rows = rows_of_plates(ctx)
    fitting = rows[rows["fits"]]
    row = fitting.groupby("row")
    steps = pd.DataFrame(
        {
            "before": fitting.index.to_series().groupby(fitting["row"]).shift(),
            "row": fitting["row"],
            "road_id": fitting["road_id"],
            "main_before": row["main"].shift(),
            "main": fitting["main"],
            "step": row["main"].diff(),
            "gap_m": row["forward"].diff(),
        }
    )
    steps = steps[steps["step"] > 0].astype({"main_before": "int64", "step": "int64"})
    seen = (steps["gap_m"] / steps["step"]).groupby(steps["road_id"]).transform("median")
    roads = ctx.frame("roads")
    stored = roads["spacing_m"].reindex(steps["road_id"]).set_axis(steps.index) if len(roads) else seen
    return steps.assign(spacing_m=stored.where(stored > 0).fillna(seen).clip(lower=0.1))
