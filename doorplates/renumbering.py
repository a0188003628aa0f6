"""A plan that puts the numbers of a road right by changing as few of them as possible.

What fits stays: the longest rising sequence of each row, on its own side, each number once. Every other plate gets a
number as if it were a new building where it stands (:mod:`doorplates.allocation`).
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from doorplates.allocation import Proposal, propose
from doorplates.convention import BY_SIDE, conventions
from doorplates.identity import IDENTITY, identities
from doorplates.order import rows_of_plates
from rulebook.context import Context


def misfits(road_id: str, ctx: Context) -> pd.DataFrame:
    """Plates of a road whose number has to change, with the ``rule`` they break, sorted along the road."""
    plates = rows_of_plates(ctx)
    mine = plates[plates["road_id"].eq(road_id)].copy()
    numbering = conventions(ctx)["numbering"].get(road_id)
    odd_left = (mine["main"] % 2 == 1).eq(mine["side"] > 0)
    wrong_side = odd_left.ne(numbering == "odd_left") & mine["side"].ne(0) & (numbering in BY_SIDE)
    repeated = identities(ctx).reindex(mine.sort_index().index).duplicated(IDENTITY).reindex(mine.index)
    mine["rule"] = pd.Series(index=mine.index, dtype="str")
    for rule, broken in (("DOR302", ~mine["fits"]), ("DOR301", wrong_side), ("DOR401", repeated)):
        mine["rule"] = mine["rule"].mask(broken.astype(bool), rule)
    return mine[mine["rule"].notna()]


def renumber(road_id: str, ctx: Context) -> list[tuple[str, str, Proposal]]:
    """``(plate id, rule, proposal)`` for every plate of a road whose number has to change."""
    wrong = misfits(road_id, ctx)
    points = gpd.GeoSeries(ctx.frame("doorplates").geometry.reindex(wrong.index))
    proposals = propose(points, road_id, ctx, without=frozenset(wrong.index))
    return [(str(one), str(wrong.at[one, "rule"]), two) for one, two in zip(wrong.index, proposals, strict=True)]
