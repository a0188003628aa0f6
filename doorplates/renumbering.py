"""A plan that puts the numbers of a road right by changing as few of them as possible.

What can stay stays: of every row the most plates that are on their own side, in order (within the tolerance of rule
DOR302) and hold their number alone (:mod:`doorplates.least_change`). Every other plate gets a number as if it were a
new building where it stands (:mod:`doorplates.allocation`): never one that another plate of the road holds or held.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from doorplates.allocation import Proposal, convention_of, propose
from doorplates.convention import BY_SIDE
from doorplates.identity import IDENTITY, identities
from doorplates.least_change import Plate, fewest_changes
from doorplates.legs import right_on_another_leg
from doorplates.order import rows_of_plates
from rulebook.context import Context


def misfits(road_id: str, ctx: Context) -> pd.DataFrame:
    """Plates of a road whose number has to change (rows of ``rows_of_plates``), with the ``rule`` they break, sorted
    along the road. No plan changes fewer.
    """
    plates = rows_of_plates(ctx)
    mine = plates[plates["road_id"].eq(road_id)].copy()
    numbering = convention_of(road_id, ctx)
    params = ctx.run.profile.rules
    expected = (mine["main"] % 2 == 1).eq(numbering == "odd_left").map({True: 1, False: -1})
    wrong_side = mine["tells_side"] & (mine["beside_m"] >= float(params["DOR301"]["min_offset_m"]))
    wrong_side &= mine["side"].ne(expected) & (numbering in BY_SIDE)
    wrong_side &= ~mine.index.isin(right_on_another_leg(expected[wrong_side], ctx))
    others = mine[~wrong_side].sort_index()
    known = identities(ctx).loc[others.index, IDENTITY]
    row = [
        Plate(place, main, identity)
        for place, main, identity in zip(
            others["forward"], others["main"], known.itertuples(index=False, name=None), strict=True
        )
    ]
    changed = others.index[
        sorted(fewest_changes(others["strand"].tolist(), row, float(params["DOR302"]["tolerance_m"])))
    ]
    kept = known.drop(index=changed)
    repeated = pd.MultiIndex.from_frame(known).isin(pd.MultiIndex.from_frame(kept))
    rule = pd.Series("DOR302", index=others.index, dtype="str").mask(repeated, "DOR401").reindex(mine.index)
    mine["rule"] = rule.where(mine.index.isin(changed)).mask(wrong_side, "DOR301")
    return mine[mine["rule"].notna()].sort_values("position_m")


def renumber(road_id: str, ctx: Context) -> list[tuple[str, str, Proposal]]:
    """``(plate id, rule, proposal)`` for every plate of a road whose number has to change."""
    wrong = misfits(road_id, ctx)
    plates = rows_of_plates(ctx)
    staying = plates.index[plates["road_id"].eq(road_id) & ~plates.index.isin(wrong.index)]
    points = gpd.GeoSeries(ctx.frame("doorplates").geometry.reindex(wrong.index))
    proposals = propose(points, road_id, ctx, neighbours=frozenset(staying))
    return [(str(one), str(wrong.at[one, "rule"]), two) for one, two in zip(wrong.index, proposals, strict=True)]
