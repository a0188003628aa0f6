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
