"""Which division each plate stands in."""

from __future__ import annotations

import pandas as pd

from rulebook.context import Context, derived
from rulebook.spatial import locate

LENGTHS = {"village": 12, "township": 9, "county": 6}


@derived("doorplates", "divisions")
def plate_division(ctx: Context) -> pd.DataFrame:
    """Where each plate in force stands, indexed as the plates: ``stands_in``, the code of the village-level division
    around its point, or of the township where no village is drawn; ``level`` of that division; ``name``.
    Missing where the point is in neither.
    """
    plates, divisions = ctx.frame("doorplates"), ctx.frame("divisions")
    stands = pd.DataFrame(index=plates.index, columns=["stands_in", "level", "name"], dtype="str")
    if divisions.empty:
        return stands
    for level in ("village", "township"):
        polygons = divisions[divisions["level"].eq(level)]
        codes = locate(plates.geometry, polygons.geometry)
        stands["level"] = stands["level"].mask(stands["stands_in"].isna() & codes.notna(), level)
        stands["stands_in"] = stands["stands_in"].fillna(codes)
    return stands.assign(name=stands["stands_in"].map(divisions["name"]))
