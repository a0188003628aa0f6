"""How each road is numbered in practice: its convention, where numbers start, the spacing, and who speaks against it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorplates.convention import BY_SIDE, conventions
from doorplates.order import rows_of_plates
from doorplates.steps import steps_along
from rulebook.context import Context, derived


@derived("doorplates", "roads")
def practice(ctx: Context) -> pd.DataFrame:
    """One row for every road in force, by id:

    ``numbering`` (odd_left, odd_right, consecutive, missing) and ``source`` of it (``register``, ``plates``,
    ``few_plates``: the few there are agree, ``none``); ``says``, ``share``, ``plates``, ``confidence`` as
    :func:`doorplates.convention.conventions`; ``starts`` at the ``start`` or ``end`` of the road as digitised, ``both``
    where one side goes up and the other down, missing with fewer than two numbers in a row; ``in_order``, the share of
    its plates that are; ``spacing_m`` for one number; ``sides`` on which plates stand (``left``, ``right``, ``both``);
    ``against``, ids of the plates that stand on the other side or out of order (tuple).
    """
    known, rows = conventions(ctx), rows_of_plates(ctx)
    by_road = rows.groupby("road_id")
    told = (
        rows[rows.groupby("row")["main"].transform("nunique") > 1].groupby("road_id")["direction"].agg(["min", "max"])
    )
    starts = pd.Series(np.where(told["min"] < 0, "end", "start"), index=told.index, dtype="str")
    numbering = rows["road_id"].map(known["leaning"])
    expected = (rows["main"] % 2 == 1).eq(numbering.eq("odd_left")).map({True: 1, False: -1})
    other_side = numbering.isin(BY_SIDE) & rows["tells_side"] & rows["side"].ne(expected)
    against = rows[~rows["fits"] | other_side].rename_axis("id").reset_index().sort_values("id")
    sides = rows[rows["side"].ne(0)].groupby("road_id")["side"].agg(["min", "max"])
    one_side = pd.Series(np.where(sides["min"] > 0, "left", "right"), index=sides.index, dtype="str")
    steps = steps_along(ctx)
    source = pd.Series("none", index=known.index, dtype="str")
    source = source.mask(known["leaning"].notna(), "few_plates").mask(known["clear"].eq(True), "plates")
    return pd.DataFrame(
        {
            "numbering": known["leaning"],
            "source": source.mask(known["stored"], "register"),
            "says": known["says"],
            "share": known["share"],
            "plates": by_road.size().reindex(known.index, fill_value=0),
            "confidence": known["confidence"],
            "starts": starts.mask(told["min"] < told["max"], "both").reindex(known.index),
            "in_order": by_road["fits"].mean().reindex(known.index),
            "spacing_m": steps.groupby("road_id")["spacing_m"].first().reindex(known.index),
            "sides": one_side.mask(sides["min"] < sides["max"], "both").reindex(known.index),
            "against": against.groupby("road_id")["id"].agg(tuple).reindex(known.index),
        }
    )
