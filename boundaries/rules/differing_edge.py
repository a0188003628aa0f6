"""BND304."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import choices, coverage, tiling
from rulebook.context import Context
from rulebook.findings import Findings, flag, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety

SAME_POINT_M = 1e-4
NODE_OFF_LINE_M = 1e-3


def differing_edge(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Neighbours whose copies of their common edge have different vertices, too close for a gap or an overlap.

    ## What it does
    zh: 找出相邻两个同级区划的公共边上只有一方才有的折点：折点在另一方的边线附近（容差以内），另一方却没有对应的折点。
    en: Finds vertices that only one of two neighbours of a level has on their common edge: within the tolerance of the
        other's line, but without a vertex of the other there.

    ## Why it matters
    zh: 公共边存了两份，折点不同，一旦换坐标系或移动一方就会裂开缝隙。
    en: The edge is stored twice; with different vertices it splits open when it is reprojected or one side is moved.

    ## Example
    zh: 公共边上甲村有折点 `100 50`，乙村的边从 100 0 直接到 100 100。
    en: Village A has the vertex `100 50` on the common edge, village B goes straight from 100 0 to 100 100.

    ## Fix safety
    zh: 需审核：建议把双方的折点互相补齐、对齐，移动不超过容差。
    en: Review: the proposal gives both copies each other's vertices; nothing moves further than the tolerance.

    ## Trap
    zh: 第三个区划在此相接的结点不算（一方可以没有该结点）；宽于容差的差异由 BND301、BND302 报告。
    en: A node where a third division meets is no fault; differences wider than the tolerance are BND301's and BND302's.
    """
    every = tiling.areas(ctx)
    every = every[every["sound"]]
    told, patches = _told(ctx)
    faults = []
    for _, own in every.groupby("level", sort=False):
        pairs = _pairs(own, ctx.param("tolerance_m"), patches)
        pairs = pairs[[(one, other) not in told for one, other in zip(pairs["left"], pairs["right"], strict=True)]]
        faults.append(pairs)
    table = pd.concat(faults, ignore_index=True) if faults else pd.DataFrame()
    if table.empty:
        return flag(frame.iloc[:0])
    names = frame["name"]
    rows = pd.DataFrame(
        {
            "record_id": table["left"],
            "key": table["right"],
            "related": [(f"divisions:{one}",) for one in table["right"]],
            "name": names.reindex(table["left"]).to_numpy(),
            "neighbour": names.reindex(table["right"]).to_numpy(),
            "vertices": table["vertices"],
            "distance_m": table["distance_m"],
            "geometry": table["geometry"],
        }
    )
    edits = _aligned(table, frame["geometry"], ctx.param("tolerance_m"))
    return flag_faults(rows, frame).propose_edits(edits)


def _told(ctx: Context) -> tuple[set[tuple[str, str]], Any]:
    """Pairs that already have a gap or an overlap, and the patches themselves: their corners are vertices that the third
    neighbour lacks.
    """
    width = ctx.param("told_width_m")
    overlaps, gaps = tiling.overlaps(ctx), tiling.gaps(ctx)
    overlaps, gaps = (one[coverage.wide(one["geometry"], width)] for one in (overlaps, gaps))
    pairs = {*zip(overlaps["left"], overlaps["right"], strict=True)}
    pairs |= {(one, other) for ids in gaps["neighbours"] for one in ids for other in ids if one < other}
    return pairs, coverage.polygon_parts([*overlaps["geometry"], *gaps["geometry"]])


def _pairs(own: gpd.GeoDataFrame, tolerance: float, patches: Any) -> pd.DataFrame:
    """Pairs of neighbours with unmatched vertices: ``left`` < ``right``, number, greatest distance, points."""
    shapes = own.geometry.to_numpy()
    edges = shapely.coverage_invalid_edges(shapes, gap_width=tolerance)
    odd = np.flatnonzero(~shapely.is_empty(edges))
    near = np.unique(shapely.STRtree(shapes).query(shapely.box(*shapely.bounds(shapes[odd]).T))[1])
    own, shapes, edges = own.iloc[near], shapes[near], edges[near]
    xy, owner = shapely.get_coordinates(edges, return_index=True)
    everywhere, owners = shapely.get_coordinates(shapes, return_index=True)
    place, places = _numbered(xy, everywhere)
    taken = pd.MultiIndex.from_arrays([places, owners]).drop_duplicates()
    shared = pd.Series(taken.get_level_values(0)).value_counts().reindex(place).to_numpy() > 1
    where = shapely.points(xy)
    index, shape = shapely.STRtree(shapes).query(where, predicate="dwithin", distance=tolerance)
    lacking = ~pd.MultiIndex.from_arrays([place[index], shape]).isin(taken)
    index, shape = index[lacking], shape[lacking]
    distance = shapely.distance(where[index], shapely.boundary(shapes)[shape])
    near = (distance <= tolerance) & (~shared[index] | (distance > NODE_OFF_LINE_M))
    index, shape, distance = index[near], shape[near], distance[near]
    beside, _ = shapely.STRtree(patches).query(where[index], predicate="dwithin", distance=tolerance)
    apart = np.setdiff1d(np.arange(len(index)), beside)
    index, shape, distance = index[apart], shape[apart], distance[apart]
    table = pd.DataFrame({"place": place[index], "owner": owner[index], "shape": shape}).drop_duplicates()
    index, shape, distance = index[table.index], shape[table.index], distance[table.index]
    low, high = np.minimum(owner[index], shape), np.maximum(owner[index], shape)
    ids = own.index.to_numpy()
    table = pd.DataFrame({"left": ids[low], "right": ids[high], "distance_m": distance, "point": where[index]})
    grouped = table.groupby(["left", "right"], as_index=False)
    return grouped.agg(
        vertices=("distance_m", "size"), distance_m=("distance_m", "max"), geometry=("point", _multipoint)
    )


def _multipoint(points: pd.Series) -> Any:
    return shapely.multipoints(points.to_numpy())


def _numbered(xy: Any, everywhere: Any) -> tuple[Any, Any]:
    """Numbers of the places on which two lists of vertices stand: equal within a tenth of a millimetre."""
    grid = np.round(np.concatenate([xy, everywhere]) / SAME_POINT_M).astype("int64")
    grid -= grid.min(axis=0, initial=0)
    numbers, _ = pd.factorize(grid[:, 0] * (grid[:, 1].max(initial=0) + 1) + grid[:, 1])
    return numbers[: len(xy)], numbers[len(xy) :]


def _aligned(table: pd.DataFrame, shapes: gpd.GeoSeries, tolerance: float) -> pd.DataFrame:
    """Both sides of each pair with each other's vertices on the common edge."""
    left, right = (shapely.force_2d(shapes.reindex(table[side]).to_numpy()) for side in ("left", "right"))
    reach = tolerance + SAME_POINT_M
    new_right = shapely.snap(right, left, reach)
    new_left = shapely.snap(left, new_right, reach)
    both = pd.concat([table["left"], table["right"]])
    old, new = np.concatenate([left, right]), np.concatenate([new_left, new_right])
    changed = ~shapely.equals_exact(old, new, 0.0)
    stored = shapes.reindex(both).to_numpy()
    return choices.geometry_edits(both.index[changed], "", both[changed], stored[changed], new[changed])


RULE = Rule(
    code="BND304",
    name="shared-edge-differs",
    title=Text("公共边两份不一致", "copies of a shared edge differ"),
    layers=("divisions",),
    level=Level.WARNING,
    remedy=Remedy.DESK,
    fix=Safety.REVIEW,
    basis="行政区域界线管理条例 第四条、第十四条（界线唯一，图上界线一致）",
    message=Text(
        "“{name}”与“{neighbour}”的公共边有 {vertices} 个折点只有一方才有，相差不超过 {distance_m:.3f} 米。",
        "{vertices} vertices of the edge that {name} and {neighbour} share belong to one copy only, "
        "within {distance_m:.3f} m.",
    ),
    check=differing_edge,
    params=(
        Param("tolerance_m", float, Text("视为同一条边的距离（米）", "distance in metres within which edges are one")),
        Param(
            "told_width_m",
            float,
            Text(
                "达到此宽度（米）的缺口、重叠由 BND301、BND302 报告",
                "width in metres from which BND301 and BND302 tell the fault",
            ),
        ),
    ),
    spatial=True,
)
