"""Whether numbers follow the road: rows of plates, and the fewest plates that break them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from doorplates.along import road_axes
from doorplates.convention import BY_SIDE, conventions, numbered_plates
from doorplates.rising import fitting
from rulebook.context import Context, derived

CLOSED_M = 1.0


@derived("doorplates", "roads")
def rows_of_plates(ctx: Context) -> pd.DataFrame:
    """Numbered plates with the row they belong to, sorted along each row.

    Where odd and even numbers have a side each, a road has a row of odd and a row of even numbers, wherever the single
    plate stands; numbered consecutively, it has a row for each side; with no statement, one for each side and parity,
    which is right either way. Adds ``strand`` (parity or side), ``row`` (number of the row), ``direction`` (1: numbers
    rise as the road is digitised, -1: against it), ``forward`` (position in the direction in which numbers rise) and
    ``fits`` (in a longest rising sequence of its row). A road rises as digitised unless more of its plates fit the
    other way; the rows of a road not known to have odd and even sides are judged one by one, for numbers may go down
    one side and up the other.
    """
    plates = numbered_plates(ctx).rename_axis("id").sort_index()
    numbering = plates["road_id"].map(conventions(ctx)["numbering"])
    by_parity = numbering.isin(BY_SIDE)
    parity, side = plates["main"] % 2, plates["side"].astype("int64")
    plates["strand"] = parity.where(by_parity, side.where(numbering.eq("consecutive"), 10 * side + parity))
    plates["row"] = plates.groupby(["road_id", "strand"]).ngroup()
    position = _unrolled(plates, ctx)
    rising = fitting(plates["row"], plates["main"], position)
    falling = fitting(plates["row"], plates["main"], -position)
    judged_by = plates["road_id"].where(by_parity, plates["row"].astype("str"))
    turned = falling.groupby(judged_by).transform("sum") > rising.groupby(judged_by).transform("sum")
    plates["direction"] = np.where(turned, -1, 1)
    plates["forward"] = position * plates["direction"]
    plates["fits"] = rising.where(~turned, falling)
    return plates.reset_index().sort_values(["row", "forward", "main", "id"]).set_index("id")


def _unrolled(plates: pd.DataFrame, ctx: Context) -> pd.Series:
    """Positions along the road; on a road that ends where it starts, plates near that place are counted to the end at
    which their numbers stand.
    """
    position, axes = plates["position_m"], road_axes(ctx)
    closed = axes[_is_closed(axes.to_numpy())]
    ring = plates[plates["road_id"].isin(closed.index)]
    if ring.empty:
        return position
    length = ring["road_id"].map(closed.length)
    near_m = np.minimum(float(ctx.setting("doorplates")["ring_m"]), length / 4)
    centred = ring["main"] - ring.groupby("row")["main"].transform("median")
    inner = ring["position_m"].between(near_m, length - near_m)
    lean = (centred * (ring["position_m"] - length / 2)).where(inner, 0.0).groupby(ring["row"]).transform("sum")
    high = centred * np.where(lean < 0, -1, 1) > 0
    early, late = ring["position_m"] < near_m, ring["position_m"] > length - near_m
    shift = length.where(early & high, 0.0) - length.where(late & ~high, 0.0)
    return position.add(shift.reindex(position.index, fill_value=0.0))


def _is_closed(lines: np.ndarray) -> np.ndarray:
    """Whether each line is one piece that ends where it starts."""
    ends = shapely.distance(shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    return np.asarray((ends <= CLOSED_M) & (shapely.length(lines) > 4 * CLOSED_M))
