"""Numbers that are taken on each road: by any plate in force, whatever its status or position."""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorplates.identity import identities
from rulebook.context import Context, derived

LONGEST_RANGE = 200


@derived("doorplates")
def taken_numbers(ctx: Context) -> pd.DataFrame:
    """Every number taken on a road: ``road_id``, ``number`` (int64), a range with all that it covers.

    Reserved and cancelled numbers are taken too. A range longer than ``LONGEST_RANGE`` is taken for a slip and covers
    that many only.
    """
    plates = identities(ctx).assign(road_id=ctx.frame("doorplates")["road_id"])
    plates = plates[plates["main"].notna() & plates["road_id"].notna()]
    main = plates["main"].astype("int64")
    counts = (plates["range_to"].fillna(plates["main"]).astype("int64") - main + 1).clip(1, LONGEST_RANGE)
    rows = np.repeat(np.arange(len(plates)), counts)
    nth = np.arange(len(rows)) - np.repeat((counts.cumsum() - counts).to_numpy(), counts)
    return pd.DataFrame({"road_id": plates["road_id"].to_numpy()[rows], "number": main.to_numpy()[rows] + nth})
