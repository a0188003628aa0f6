"""How each road is numbered: by the profile of its own plates where the register does not say.

GB/T 35639-2017 Annex B (informative) and common practice disagree on the side of the odd numbers, and no local rule was
found; so the convention is the road's own: stored in ``numbering`` or, if empty, what a clear majority of its plates
shows: odd and even numbers with a side each, or both in one sequence along a side. Too few plates or no clear majority:
no statement.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorplates.along import plate_position
from doorplates.rising import fitting
from rulebook.context import Context, derived

BY_SIDE = ("odd_left", "odd_right")
FEWEST_LEANING = 2
SURE_95 = 1.96


@derived("doorplates", "roads")
def numbered_plates(ctx: Context) -> pd.DataFrame:
    """Plates whose number and position can speak about their road's numbering: columns of ``plate_position`` and
    ``tells_side`` (bool): not on the line itself, and not beyond the end of the road more than beside it.

    Left out: temporary plates and 临 numbers (outside the sequence), numbers that are not legal or only 附, and plates
    further from their road than the setting ``doorplates.reach_m`` (their road or their point is wrong: another rule's
    business).
    """
    plates = plate_position(ctx)
    heard = plates[
        plates["main"].notna()
        & plates["kind"].ne("temporary")
        & plates["status"].ne("temporary")
        & (plates["distance_m"] <= ctx.setting("doorplates")["reach_m"])
    ].astype({"main": "int64"})
    return heard.assign(tells_side=heard["side"].ne(0) & (heard["ahead_m"] <= heard["beside_m"]))


def majority(plates: pd.DataFrame) -> pd.DataFrame:
    """What plates say about the side of the odd numbers, one row a road.

    ``plates`` has ``road_id``, ``main``, ``side``. Columns: ``says`` (odd_left or odd_right), ``share`` of the plates
    that agree, ``plates`` counted (those on the line itself are not).
    """
    beside = plates[plates["side"].ne(0)]
    odd_left = (beside["main"] % 2 == 1) == (beside["side"] > 0)
    votes = odd_left.groupby(beside["road_id"]).agg(["mean", "size"])
    return pd.DataFrame(
        {
            "says": pd.Series(BY_SIDE[0], index=votes.index, dtype="str").where(votes["mean"] >= 0.5, BY_SIDE[1]),
            "share": votes["mean"].where(votes["mean"] >= 0.5, 1 - votes["mean"]),
            "plates": votes["size"],
        }
    )


def consecutive_share(plates: pd.DataFrame) -> pd.Series:
    """Share of each road's plates that speak for one sequence of odd and even numbers along each side: they rise (or
    fall) along their side, and the number before them there has the other parity. By road id.
    """
    side = plates[plates["side"].ne(0)].sort_index()
    row = side.groupby(["road_id", "side"]).ngroup()
    rising = fitting(row, side["main"], side["position_m"])
    falling = fitting(row, side["main"], -side["position_m"])
    fits = rising.where(rising.groupby(row).transform("sum") >= falling.groupby(row).transform("sum"), falling)
    inorder = side.assign(row=row)[fits].sort_values(["row", "main"])
    first = inorder["row"].ne(inorder["row"].shift())
    step = inorder["main"].diff()
    speaks = (step % 2 == 1) | (step == 0) | first
    return speaks.groupby(inorder["road_id"]).sum() / side.groupby("road_id").size()


@derived("doorplates", "roads")
def conventions(ctx: Context) -> pd.DataFrame:
    """The convention of every road in force: ``numbering`` (odd_left, odd_right, consecutive, missing = no statement),
    ``stored`` (bool), what its plates say: ``says``, ``share``, ``plates`` (as :func:`majority`; ``says`` is consecutive
    where only that is clear), ``clear`` (bool), ``confidence``, and ``leaning``: the stored or clear convention, else
    what the few plates there are agree on.

    A road's plates are heard when they are at least ``convention_min_plates`` and ``convention_min_share`` of them
    agree (settings). ``confidence`` is the lower bound of the share that agrees, at 95 % (:func:`lower_bound`).
    """
    roads = ctx.frame("roads")
    stored = roads["numbering"] if len(roads) else pd.Series(dtype="str")
    heard, plates = ctx.setting("doorplates"), numbered_plates(ctx)
    plates = plates[plates["tells_side"]]
    votes = majority(plates).reindex(stored.index)
    enough, agree = votes["plates"] >= heard["convention_min_plates"], votes["share"] >= heard["convention_min_share"]
    unclear = votes.index[enough & ~agree]
    runs = consecutive_share(plates[plates["road_id"].isin(unclear)]).reindex(votes.index)
    one_run = runs >= heard["convention_min_share"]
    votes = votes.assign(
        says=votes["says"].mask(one_run, "consecutive"), share=votes["share"].mask(one_run, runs).astype("float64")
    )
    clear = enough & (agree | one_run)
    leaning = agree & (votes["plates"] >= FEWEST_LEANING)
    return votes.assign(
        numbering=stored.fillna(votes["says"].where(clear)),
        stored=stored.notna(),
        clear=clear,
        confidence=lower_bound(votes["share"], votes["plates"]),
        leaning=stored.fillna(votes["says"].where(clear | leaning)),
    )


def lower_bound(share: pd.Series, count: pd.Series) -> pd.Series:
    """Lower bound of a share seen among ``count`` at 95 % (Wilson's score interval, 1927)."""
    z2 = SURE_95**2
    margin = SURE_95 * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    return (share + z2 / (2 * count) - margin) / (1 + z2 / count)
