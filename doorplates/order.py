"""Whether numbers follow the road: rows of plates, and the fewest plates that break them."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
import pandas as pd

from doorplates.convention import BY_SIDE, conventions, numbered_plates
from rulebook.context import Context, derived


def longest_rising(values: list[float]) -> list[int]:
    """Places of a longest subsequence that never falls (patience sorting, n log n)."""
    tails: list[float] = []
    ends: list[int] = []
    previous: list[int] = []
    for place, value in enumerate(values):
        height = bisect_right(tails, value)
        previous.append(ends[height - 1] if height else -1)
        if height == len(tails):
            tails.append(value)
            ends.append(place)
        else:
            tails[height], ends[height] = value, place
    kept = []
    place = ends[-1] if ends else -1
    while place >= 0:
        kept.append(place)
        place = previous[place]
    return kept[::-1]


@derived("doorplates", "roads")
def rows_of_plates(ctx: Context) -> pd.DataFrame:
    """Numbered plates with the row they belong to, sorted along each row.

    Where odd and even numbers have a side each, a road has a row of odd and a row of even numbers, wherever the single
    plate stands; numbered consecutively, it has a row for each side; with no statement, one for each side and parity,
    which is right either way. Adds ``row`` (number of the row), ``forward`` (position in the direction in
    which numbers rise) and ``fits`` (in a longest rising sequence of its row). A road rises as digitised unless more
    of its plates fit the other way; the rows of a road not known to have odd and even sides are judged one by one,
    for numbers may go down one side and up the other.
    """
    plates = numbered_plates(ctx).rename_axis("id").reset_index()
    numbering = plates["road_id"].map(conventions(ctx)["numbering"])
    by_parity = numbering.isin(BY_SIDE)
    parity, side = plates["main"] % 2, plates["side"].astype("int64")
    plates["strand"] = parity.where(by_parity, side.where(numbering.eq("consecutive"), 10 * side + parity))
    plates["row"] = plates.groupby(["road_id", "strand"]).ngroup()
    rising = _fitting(plates, plates["position_m"])
    falling = _fitting(plates, -plates["position_m"])
    judged_by = plates["road_id"].where(by_parity, plates["row"].astype("str"))
    turned = falling.groupby(judged_by).transform("sum") > rising.groupby(judged_by).transform("sum")
    plates["forward"] = plates["position_m"].where(~turned, -plates["position_m"])
    plates["fits"] = rising.where(~turned, falling)
    return plates.sort_values(["row", "forward", "main", "id"]).set_index("id")


def _fitting(plates: pd.DataFrame, forward: pd.Series) -> pd.Series:
    """Whether each plate is in a longest rising sequence of its row."""
    fits = np.zeros(len(plates), dtype=bool)
    inorder = np.lexsort((plates["id"].to_numpy(dtype=object), forward, plates["main"], plates["row"]))
    cuts = np.flatnonzero(np.diff(plates["row"].to_numpy()[inorder])) + 1
    for members in np.split(inorder, cuts):
        fits[members[longest_rising(forward.to_numpy()[members].tolist())]] = True
    return pd.Series(fits, index=plates.index)
