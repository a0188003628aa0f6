"""Which known shift explains that the sources of a marker's coordinates disagree."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from boundaries import datums, recorded
from rulebook.context import Context

STEADY_LEAST, STEADY_SPREAD_M, STEADY_RANGE_M = 3, 3.0, (15.0, 250.0)
LOCAL_DATUM = "Beijing 1954 / Xian 1980"


def explained(ctx: Context, tolerance_m: float, candidate_m: float) -> pd.DataFrame:
    """Markers with a disagreement that one shift explains, indexed by marker: ``shift`` (name), ``source`` that has
    it (plane, degrees, geometry), ``against`` (the source it was found with), ``residual_m``, ``distance_m``.

    A marker is explained by the shift with the smallest residual; where none fits exactly, by a vector that at least
    three markers share and that has the size of an older datum's shift.
    """
    table = recorded.figures(ctx)
    limit = tolerance_m + table["rounding_m"].fillna(0)
    parts = [_steady(table, limit)]
    if ctx.crs is not None:
        shifts = [*datums.web_shifts(ctx.crs), *datums.old_datums(ctx.crs), *datums.other_zones(ctx.crs)]
        parts += [
            _fitting(table, limit, shift, source=source, against=against, candidate_m=candidate_m)
            for shift in shifts
            for source, against in itertools.permutations(recorded.SOURCES, 2)
        ]
    found = pd.concat(parts)
    found["about_m"] = found["residual_m"].round(1)
    best = found.sort_values(["about_m", "order", "shift"], kind="stable")
    return best[~best.index.duplicated()].sort_index()


def _fitting(
    table: pd.DataFrame, limit: pd.Series, shift: datums.Shift, *, source: str, against: str, candidate_m: float
) -> pd.DataFrame:
    distance = recorded.distance(table, source, against)
    rows = table[distance > limit]
    if rows.empty:
        return _none()
    true = rows[[f"{against}_x", f"{against}_y"]].to_numpy()
    stored = rows[[f"{source}_x", f"{source}_y"]].to_numpy()
    residual = np.hypot(*(shift.apply(true) - stored).T)
    own = distance[rows.index].to_numpy()
    fits = residual <= np.minimum(candidate_m, own / 2)
    # the source that stands alone against two others is the shifted one
    other = next(one for one in recorded.SOURCES if one not in (source, against))
    agrees = recorded.distance(rows, against, other).le(limit[rows.index]).to_numpy()
    return pd.DataFrame(
        {
            "shift": shift.name,
            "source": source,
            "against": against,
            "residual_m": residual,
            "distance_m": own,
            "order": np.where(agrees, 0, 1) + recorded.SOURCES.index(source) / 10,
        },
        index=rows.index,
    )[fits]


def _steady(table: pd.DataFrame, limit: pd.Series) -> pd.DataFrame:
    """Markers whose plane figures are off the geometry by one common vector of the size of a datum shift."""
    vector = pd.DataFrame({"x": table["plane_x"] - table["geometry_x"], "y": table["plane_y"] - table["geometry_y"]})
    size = np.hypot(vector["x"], vector["y"])
    vector = vector[size.gt(limit) & size.between(*STEADY_RANGE_M)]
    residual = np.hypot(*(vector - vector.median()).to_numpy().T)
    vector, residual = vector[residual <= STEADY_SPREAD_M], residual[residual <= STEADY_SPREAD_M]
    if len(vector) < STEADY_LEAST:
        return _none()
    return pd.DataFrame(
        {
            "shift": LOCAL_DATUM,
            "source": "plane",
            "against": "geometry",
            "residual_m": residual,
            "distance_m": size[vector.index],
            "order": 9.0,
        },
        index=vector.index,
    )


def _none() -> pd.DataFrame:
    text, number = pd.Series(dtype="str"), pd.Series(dtype="float64")
    return pd.DataFrame(
        {"shift": text, "source": text, "against": text, "residual_m": number, "distance_m": number, "order": number}
    )
