"""How each road is numbered: by the profile of its own plates where the register does not say.

GB/T 35639-2017 Annex B (informative) and common practice disagree on the side of the odd numbers, and no local rule was
found; so the convention is the road's own: stored in ``numbering`` or, if empty, the side on which a clear majority of
its plates has each parity. Too few plates or no clear majority: no statement.
"""

from __future__ import annotations

import pandas as pd

from doorplates.along import plate_position
from rulebook.context import Context, derived

BY_SIDE = ("odd_left", "odd_right")


@derived("doorplates", "roads")
def numbered_plates(ctx: Context) -> pd.DataFrame:
    """Plates whose number and position can speak about their road's numbering: columns of ``plate_position``.

    Left out: temporary plates and 临 numbers (outside the sequence), numbers that are not legal or only 附, and plates
    further from their road than the setting ``doorplates.reach_m`` (their road or their point is wrong: another rule's
    business).
    """
    plates = plate_position(ctx)
    return plates[
        plates["main"].notna()
        & plates["kind"].ne("temporary")
        & plates["status"].ne("temporary")
        & (plates["distance_m"] <= ctx.setting("doorplates")["reach_m"])
    ].astype({"main": "int64"})


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


@derived("doorplates", "roads")
def conventions(ctx: Context) -> pd.DataFrame:
    """The convention of every road in force: ``numbering`` (odd_left, odd_right, consecutive, missing = no statement),
    ``stored`` (bool), and what its plates say (columns of :func:`majority`).

    A road's plates are heard when they are at least ``convention_min_plates`` and ``convention_min_share`` of them
    agree (settings).
    """
    roads = ctx.frame("roads")
    stored = roads["numbering"] if len(roads) else pd.Series(dtype="str")
    votes = majority(numbered_plates(ctx)).reindex(stored.index)
    heard = ctx.setting("doorplates")
    clear = (votes["plates"] >= heard["convention_min_plates"]) & (votes["share"] >= heard["convention_min_share"])
    return votes.assign(numbering=stored.fillna(votes["says"].where(clear)), stored=stored.notna(), clear=clear)
