"""Planned names of divisions and of village seats that a division of the register already has."""

from __future__ import annotations

import pandas as pd

from gazetteer.codes import listed
from gazetteer.records import among
from gazetteer.scope import division_scopes
from rulebook.context import Context

KINDS = ("division", "village_seat")
PLANNED = "planned"


def divisions_called(rows: pd.DataFrame, codes: pd.Series, ctx: Context) -> pd.DataFrame:
    """Of the scope ``rows`` of place names the planned ones whose name a division of the same scope has: ``record_id``,
    ``name``, ``scope_kind``, ``scope`` and ``division``, its code. ``codes`` are the division codes of the records.

    A division that the place lies in is the thing that is named, not another of that name.
    """
    asked = rows[(rows["status"] == PLANNED) & rows["kind"].isin(KINDS)]
    known = division_scopes(ctx).rename(columns={"record_id": "division"})
    scoped = ["scope_kind", "scope", "name"]
    pairs = asked[["record_id", *scoped]].merge(known[["division", *scoped]], on=scoped)
    own = listed(codes[among(codes.index, pairs["record_id"])]).rename("own").rename_axis("record_id").reset_index()
    both = pairs.merge(own, on="record_id")
    trunk = both["division"].str.replace("(000){1,2}$", "", regex=True)
    inside = [code.startswith(digits) for code, digits in zip(both["own"], trunk, strict=True)]
    at_home = both[pd.Series(inside, index=both.index, dtype="bool")]
    same = pd.MultiIndex.from_frame(pairs[["record_id", "division"]]).isin(
        pd.MultiIndex.from_frame(at_home[["record_id", "division"]])
    )
    return pairs[~same].sort_values(["record_id", "division"]).drop_duplicates("record_id", ignore_index=True)
