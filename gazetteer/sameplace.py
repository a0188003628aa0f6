"""Records that describe one and the same place or road: no duplicates of a name."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ORGANISATION = "276"


def register_of(category: pd.Series) -> pd.Series:
    """``organisation`` for village and residents' committees (276xx), ``place`` for all else.

    The database registers a village twice, as an area (216xx) and as an organisation (276xx): not a duplicate.
    """
    organised = category.astype("str").str.startswith(ORGANISATION).fillna(False).astype(bool)
    return pd.Series(np.where(organised, "organisation", "place"), index=category.index, dtype="str")


def pairs_within(rows: pd.DataFrame, group: list[str]) -> pd.DataFrame:
    """All pairs of ``record_id`` in one group, as ``first`` < ``second``, with the columns of ``group``."""
    ids = rows[["record_id", *group]]
    pairs = ids.merge(ids, on=group, suffixes=("_first", "_second"))
    pairs = pairs[pairs["record_id_first"] < pairs["record_id_second"]]
    return pairs.rename(columns={"record_id_first": "first", "record_id_second": "second"}).reset_index(drop=True)


def apart(pairs: pd.DataFrame, shapes: gpd.GeoSeries) -> pd.Series:
    """Distance between the two records of each pair, missing where a geometry is."""
    return _distance(pairs, shapes)


def continued(pairs: pd.DataFrame, lines: gpd.GeoSeries, joint_m: float) -> pd.Series:
    """Whether an end of the first line lies within ``joint_m`` of an end of the second: sections of one road."""
    ends = gpd.GeoSeries(shapely.boundary(lines.to_numpy()), index=lines.index, crs=lines.crs)
    return _distance(pairs, ends) <= joint_m


def linked(ids: pd.Series, pairs: pd.DataFrame) -> pd.Series:
    """Smallest id that each of ``ids`` is connected to by pairs (``first``, ``second``), itself where by none."""
    root = {one: one for one in ids}

    def find(one: str) -> str:
        while root[one] != one:
            one = root[one]
        return one

    for first, second in zip(pairs["first"], pairs["second"], strict=True):
        low, high = sorted((find(first), find(second)))
        root[high] = low
    return pd.Series([find(one) for one in ids], index=ids.index, dtype="str")


def _distance(pairs: pd.DataFrame, shapes: gpd.GeoSeries) -> pd.Series:
    first, second = (shapes.reindex(pairs[side]).to_numpy() for side in ("first", "second"))
    return pd.Series(shapely.distance(first, second), index=pairs.index)
