"""Choices that a reviewer gets for ground that no division or more than one has.

``1 → code``, ``2 → code`` … give it to one of the divisions, ``split`` halves it between two, ``disputed`` leaves the
divisions as they are and enters the ground among the areas as disputed, where it counts as settled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import coverage, halving, settling
from boundaries.tiling import DISPUTED
from rulebook.changes import WHOLE_RECORD
from rulebook.findings import EDIT_COLUMNS
from rulebook.values import column_text, to_text

SPLIT = "split"
Options = dict[str, dict[str, Any]]


def for_gap(patches: Any, level: str, takers: Sequence[str], every: gpd.GeoDataFrame) -> Options:
    """New areas by option and record id for polygons that none of the takers (two or more) has."""
    sides = (every.geometry[takers[0]], every.geometry[takers[1]])
    parts = [halving.halves(patch, sides) for patch in patches]
    awards = [(half, taker) for one in parts for half, taker in zip((one.first, one.second), takers, strict=False)]
    return _given(patches, level, takers, every) | _split(awards, parts, level, every)


def for_overlap(patches: Any, level: str, takers: Sequence[str], every: gpd.GeoDataFrame) -> Options:
    """New areas by option and record id for polygons that two divisions both have."""
    sides = (every.geometry[takers[0]], every.geometry[takers[1]])
    parts = [halving.halves(patch, sides) for patch in patches]
    # the half along the outline of one side is the one that it reaches furthest for: the other side gets it
    awards = [(half, taker) for one in parts for half, taker in zip((one.second, one.first), takers, strict=True)]
    return _given(patches, level, takers, every) | _split(awards, parts, level, every)


def _given(patches: Any, level: str, takers: Sequence[str], every: gpd.GeoDataFrame) -> Options:
    return {
        option_name(number, taker): settling.settled([(patch, taker) for patch in patches], level, every)
        for number, taker in enumerate(takers, start=1)
    }


def _split(
    awards: Sequence[settling.Award], parts: Sequence[halving.Halves], level: str, every: gpd.GeoDataFrame
) -> Options:
    if not any(one.first.area and one.second.area for one in parts):
        return {}
    return {SPLIT: settling.settled([award for award in awards if award[0].area], level, every)}


def option_name(number: int, taker: str) -> str:
    """Name of a choice that gives the ground to one division; they sort in the order in which they are offered."""
    return f"{number} → {taker}"


def edits(offered: Sequence[Options], shapes: gpd.GeoSeries) -> pd.DataFrame:
    """Edits of division geometries; ``offered`` has the options of each finding in order, ``shapes`` the geometries
    as stored. An option that would leave a division without a valid area is not offered.
    """
    rows = [
        (finding, option, record_id, shape)
        for finding, options in enumerate(offered)
        for option, changed in options.items()
        if changed and all(_proper(shape) for shape in changed.values())
        for record_id, shape in changed.items()
    ]
    table = pd.DataFrame(rows, columns=["finding", "option", "record_id", "shape"])
    return geometry_edits(
        table["finding"],
        table["option"],
        table["record_id"],
        shapes.reindex(table["record_id"]).to_numpy(),
        table["shape"].to_numpy(),
    )


def geometry_edits(finding: Any, option: Any, record_id: Any, before: Any, after: Any) -> pd.DataFrame:
    """Edits of division geometries; results that are not a valid area are not proposed."""
    after = np.array([coverage.areal(shape) for shape in after], dtype=object)
    good = shapely.is_valid(after) & ~shapely.is_empty(after)
    table = pd.DataFrame({"finding": np.asarray(finding), "option": np.asarray(option)})
    table["layer"], table["record_id"], table["field"] = "divisions", np.asarray(record_id), "geometry"
    table["before"] = column_text(pd.Series(gpd.GeoSeries(before))).to_numpy()
    table["after"] = column_text(pd.Series(gpd.GeoSeries(after))).to_numpy()
    return table.loc[good, list(EDIT_COLUMNS)]


def disputed_edits(
    findings: Iterable[int], ground: Iterable[Any], codes: Iterable[Sequence[str]], names: Iterable[Sequence[str]]
) -> pd.DataFrame:
    """Edits that enter the ground of each finding among the areas, as disputed by the divisions of these codes."""
    rows = []
    for finding, shape, sides, called in zip(findings, ground, codes, names, strict=True):
        area = coverage.areal(shape)
        digest = hashlib.sha256(shapely.to_wkb(shapely.normalize(area))).hexdigest()[:8]
        cells = {
            "id": f"disputed-{digest}",
            "kind": DISPUTED,
            "name": "—".join(str(name) for name in called),
            "division_code": ";".join(sides),
            "geometry": to_text(area),
        }
        document = json.dumps(cells, ensure_ascii=False)
        rows.append((finding, DISPUTED, "areas", cells["id"], WHOLE_RECORD, None, document))
    return pd.DataFrame(rows, columns=list(EDIT_COLUMNS), dtype="object")


def _proper(shape: Any) -> bool:
    return bool(shapely.is_valid(shape) and not shapely.is_empty(shape))
