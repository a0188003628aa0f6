"""Choices that a reviewer gets for ground that no division or more than one has: ``1 → code``, ``2 → code`` …"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import coverage
from rulebook.findings import EDIT_COLUMNS
from rulebook.values import column_text


def numbered(faults: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Faults in a steady order with ``key``: the given text, numbered from the second of its kind on by the place
    (west to east, south to north), so that no key is made of coordinates.
    """
    bounds = shapely.bounds(faults["geometry"].to_numpy())
    table = faults.assign(key=pd.Series(keys, index=faults.index, dtype="str"), west=bounds[:, 0], south=bounds[:, 1])
    table = table.sort_values(["key", "west", "south"])
    count = table.groupby("key").cumcount()
    table["key"] = table["key"].where(count.eq(0), table["key"] + " " + (count + 1).astype("str"))
    return table.drop(columns=["west", "south"])


def give_to(patches: pd.Series, takers: pd.Series, shapes: gpd.GeoSeries) -> pd.DataFrame:
    """Edits that join each patch to one of its takers (lists of record ids), one option a taker.

    The finding number of an edit is the position of its patch.
    """
    table = pd.DataFrame({"finding": range(len(patches)), "patch": patches.to_numpy(), "taker": takers.to_numpy()})
    table = table.explode("taker").dropna(subset="taker")
    table["order"] = table.groupby("finding").cumcount() + 1
    old = shapes.reindex(table["taker"]).to_numpy()
    new = shapely.union(shapely.force_2d(old), table["patch"].to_numpy())
    return edits(table["finding"], option_names(table["order"], table["taker"]), table["taker"], old, new)


def option_names(order: pd.Series, taker: pd.Series) -> pd.Series:
    """Names of the choices, in the order in which they are offered."""
    return order.astype("str") + " → " + taker


def edits(finding: Any, option: Any, record_id: Any, before: Any, after: Any) -> pd.DataFrame:
    """Edits of division geometries; results that are not a valid area are not proposed."""
    after = np.array([coverage.areal(shape) for shape in after], dtype=object)
    good = shapely.is_valid(after) & ~shapely.is_empty(after)
    table = pd.DataFrame({"finding": np.asarray(finding), "option": np.asarray(option)})
    table["layer"], table["record_id"], table["field"] = "divisions", np.asarray(record_id), "geometry"
    table["before"] = column_text(pd.Series(gpd.GeoSeries(before))).to_numpy()
    table["after"] = column_text(pd.Series(gpd.GeoSeries(after))).to_numpy()
    return table.loc[good, list(EDIT_COLUMNS)]
