"""Whether a whole source of records is off by one steady shift: against the things its records name.

Each record is held against an anchor: an address against its doorplate, else its road, else its division; a doorplate
against its road, else its division; a road against its doorplates; a place name against its division. A shift is
believed when undoing it brings nearly all records to their anchors that were away from them before.

A road and its plates that disagree are both away from each other. The one to which a known shift applies is to blame:
roads are judged first and by known shifts only, and nothing is held against an anchor that is itself shifted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import codes, datums, lines, tiling
from rulebook.context import Context

SAMPLE = 4000
ROUNDS = 30
NO_SOURCE = "—"


@dataclass(frozen=True)
class Limits:
    """Numbers of the profile: records and misfits needed, what counts as near, shares before and after."""

    near_m: float
    least_records: int
    least_misfits: int
    misfit_share: float
    cured_share: float


@dataclass(frozen=True)
class Verdict:
    """A believed shift of one source: its name ("" for an unknown one), how to undo it, and the evidence."""

    source: str
    shift: datums.Shift
    records: int
    away_before: float
    away_after: float
    residual_m: float


def verdicts(ctx: Context, layer: str, limits: Limits) -> list[Verdict]:
    """The sources of a layer that are steadily shifted, in the order of their names. Found once a run."""
    return ctx.run.once(("steadiness", layer, limits), lambda: _found(ctx, layer, limits))


def _found(ctx: Context, layer: str, limits: Limits) -> list[Verdict]:
    frame = ctx.frame(layer)
    if frame.empty:
        return []
    table = _anchored(_sampled(frame), ctx, layer, limits)
    table["source"] = frame["source"].fillna(NO_SOURCE).reindex(table["record_id"]).to_numpy()
    found = []
    for name, rows in table.groupby("source", sort=True):
        if len(rows) >= limits.least_records:
            verdict = _judged(str(name), rows, ctx, limits, known_only=layer == "roads")
            found += [] if verdict is None else [verdict]
    return found


def _sampled(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """At most some ``SAMPLE`` records of each source, evenly taken by their ids: a shift shows in them as well."""
    if len(frame) <= SAMPLE:
        return frame
    ordered = frame[["source"]].fillna(NO_SOURCE).sort_index()
    grouped = ordered.groupby("source")["source"]
    step = (grouped.transform("size") // SAMPLE).clip(lower=1)
    return frame.loc[ordered.index[grouped.cumcount() % step == 0]]


def _unshifted(ctx: Context, layer: str, limits: Limits) -> gpd.GeoSeries:
    """Geometries of a layer's records that are not of a shifted source."""
    frame = ctx.frame(layer)
    if frame.empty:
        return gpd.GeoSeries()
    blamed = {verdict.source for verdict in verdicts(ctx, layer, limits)}
    there = ~(frame["geometry"].isna() | frame["geometry"].is_empty)
    shapes: gpd.GeoSeries = frame.loc[there & ~frame["source"].fillna(NO_SOURCE).isin(blamed), "geometry"]
    return shapes


def _anchored(frame: gpd.GeoDataFrame, ctx: Context, layer: str, limits: Limits) -> pd.DataFrame:
    """One row a record and anchor: ``record_id``, ``shape``, ``anchor`` (geometries), ``name`` of the anchor."""
    there = frame[~(frame["geometry"].isna() | frame["geometry"].is_empty)]
    if layer == "roads":
        return _roads_by_plates(there, ctx)
    points = there[there.geom_type.eq("Point")]
    points = points[np.isfinite(points.geometry.x) & np.isfinite(points.geometry.y)]
    anchor = pd.Series(None, index=points.index, dtype="object")
    name = pd.Series(pd.NA, index=points.index, dtype="str")
    for other, column in (("doorplates", "doorplate_id"), ("roads", "road_id")):
        if column in points:
            shapes = _unshifted(ctx, other, limits)
            known = name.isna() & points[column].isin(shapes.index)
            anchor[known] = shapes.reindex(points.loc[known, column]).to_numpy()
            name = name.mask(known, points[column])
    code = codes.normal(points["division_code"].str.split(";").str[0])
    areas = lines.areas_of(code[name.isna()], tiling.areas(ctx))
    known = name.isna() & code.isin(set(areas))
    anchor[known] = code[known].map(areas)
    name = name.mask(known, code)
    table = pd.DataFrame({"shape": points["geometry"].astype("object"), "anchor": anchor, "name": name})
    return table.dropna(subset="name").rename_axis("record_id").reset_index()


def _roads_by_plates(roads: gpd.GeoDataFrame, ctx: Context) -> pd.DataFrame:
    plates = ctx.frame("doorplates")
    if plates.empty:
        return pd.DataFrame({"record_id": [], "shape": [], "anchor": [], "name": []})
    usable = plates[plates["road_id"].isin(roads.index) & ~(plates["geometry"].isna() | plates["geometry"].is_empty)]
    return pd.DataFrame(
        {
            "record_id": usable["road_id"].to_numpy(),
            "shape": roads["geometry"].reindex(usable["road_id"]).to_numpy(),
            "anchor": usable["geometry"].to_numpy(),
            "name": usable["road_id"].to_numpy(),
        }
    )


def _judged(source: str, rows: pd.DataFrame, ctx: Context, limits: Limits, *, known_only: bool) -> Verdict | None:
    shapes, anchors = rows["shape"].to_numpy(), rows["anchor"].to_numpy()
    away = shapely.distance(shapes, anchors) > limits.near_m
    if away.sum() < limits.least_misfits or away.mean() < limits.misfit_share:
        return None
    known = _known(ctx)
    tried = []
    for shift in known:
        distance = shapely.distance(shapely.transform(shapes, shift.undo), anchors)
        tried.append(((distance > limits.near_m).mean(), float(np.median(distance)), shift))
    best = min(tried, key=lambda one: one[:2], default=None)
    if not known_only and (best is None or best[0] > limits.cured_share * away.mean()):
        best = _unknown(shapes, anchors, rows["name"].nunique(), limits)
    if best is None or best[0] > limits.cured_share * away.mean():
        return None
    return Verdict(source, best[2], len(rows), float(away.mean()), float(best[0]), best[1])


def _known(ctx: Context) -> list[datums.Shift]:
    """Shifts of web maps, of older datums (by the profile's parameters, where it has them) and of other zones."""
    if ctx.crs is None:
        return []
    parameters = datums.shifts_of(ctx.run.profile.settings)
    older = [*datums.old_datums(ctx.crs), *datums.converted_datums(ctx.crs, parameters)]
    return [*datums.web_shifts(ctx.crs), *older, *datums.other_zones(ctx.crs)]


def _unknown(shapes: Any, anchors: Any, names: int, limits: Limits) -> tuple[float, float, datums.Shift] | None:
    """The vector that brings the shapes nearest to their anchors, by closest points again and again."""
    if names < 3 or len(shapes) < 2 * limits.least_misfits:
        return None
    total = np.zeros(2)
    for _ in range(ROUNDS):
        moved = shapely.transform(shapes, lambda xy, by=total: xy + by)
        ends = shapely.get_coordinates(shapely.shortest_line(moved, anchors)).reshape(-1, 2, 2)
        gap = ends[:, 1] - ends[:, 0]
        size = np.hypot(*gap.T)
        normal = gap[size > 0] / size[size > 0, None]
        step, _, rank, _ = np.linalg.lstsq(normal, size[size > 0], rcond=1e-3)
        if rank < 2 or np.hypot(*step) < 0.1:
            break
        total = total + step
    distance = shapely.distance(shapely.transform(shapes, lambda xy: xy + total), anchors)
    if np.hypot(*total) < limits.near_m:
        return None
    vector = total.copy()
    shift = datums.Shift("", lambda xy: xy - vector, lambda xy: xy + vector)
    return float((distance > limits.near_m).mean()), float(np.median(distance)), shift
