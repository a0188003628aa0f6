"""The land: an invented outline and a coverage of villages whose neighbours share every vertex of their edges."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiPoint, Point, Polygon

from tools.sample_county import ground
from tools.sample_county.wiggle import wiggle

VILLAGES = {  # villages of each township; the sum is the number of villages of the county
    "330683001": 6, "330683002": 6, "330683003": 5, "330683004": 5, "330683100": 7, "330683101": 7, "330683102": 7,
    "330683103": 6, "330683104": 6, "330683107": 5, "330683110": 4, "330683111": 6, "330683112": 5, "330683113": 6,
    "330683206": 4,
}  # fmt: skip
STEP_M = 160.0
ROUGHNESS = 0.13
STRAIGHT_BELOW_M = 250.0


@dataclass(frozen=True)
class Land:
    """Village polygons by township (largest first seed order), and the outline's arc against each neighbour."""

    villages: dict[str, list[Polygon]]
    arcs: dict[str, LineString]

    @property
    def county(self) -> Polygon:
        return shapely.coverage_union_all([village for members in self.villages.values() for village in members])


def outline() -> Polygon:
    """The bare outline through tri-points and bends, clockwise, in metres."""
    ring = []
    for _, neighbour, lon, lat in ground.TRI_POINTS:
        ring += [ground.metres(lon, lat), *(ground.metres(*bend) for bend in ground.BENDS[neighbour])]
    return Polygon([(round(x), round(y)) for x, y in ring])


def cells_of(seeds: list[Point], within: Polygon) -> list[Polygon]:
    """Voronoi cells of the seeds inside a polygon, in the order of the seeds."""
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=within).geoms
    tree = shapely.STRtree(list(cells))
    return [shapely.intersection(cells[int(tree.query(seed, predicate="intersects")[0])], within) for seed in seeds]


def spread(count: int, within: Polygon, dice: random.Random, rounds: int = 12) -> list[Point]:
    """Seeds spread evenly over a polygon (Lloyd's relaxation of random points)."""
    west, south, east, north = within.bounds
    seeds: list[Point] = []
    while len(seeds) < count:
        candidate = Point(dice.uniform(west, east), dice.uniform(south, north))
        if within.contains(candidate):
            seeds.append(candidate)
    for _ in range(rounds):
        seeds = [shapely.point_on_surface(shapely.convex_hull(cell)) if not cell.contains(cell.centroid) else cell.centroid
                 for cell in cells_of(seeds, within)]  # fmt: skip
    return seeds


def build() -> Land:
    """Lay out the county. The same every time: all chance comes from seeded dice."""
    dice = random.Random(f"{ground.SEED}/land")
    bare = outline()
    centres = [Point(ground.metres(known.lon, known.lat)) for known in ground.TOWNSHIPS]
    seeds: list[Point] = []
    owners: list[str] = []
    for township, cell in zip(ground.TOWNSHIPS, cells_of(centres, bare), strict=True):
        members = spread(VILLAGES[township.code], cell, dice)
        seeds += sorted(members, key=lambda seed: seed.distance(Point(ground.metres(township.lon, township.lat))))
        owners += [township.code] * len(members)
    rough = natural_edges([cell.boundary for cell in cells_of(seeds, bare)], dice)
    polygons = list(shapely.polygonize(rough).geoms)
    tree = shapely.STRtree(polygons)
    villages: dict[str, list[Polygon]] = {known.code: [] for known in ground.TOWNSHIPS}
    for seed, owner in zip(seeds, owners, strict=True):
        villages[owner].append(shapely.normalize(polygons[int(tree.query(seed, predicate="within")[0])]))
    land = Land(villages, {})
    return Land(villages, arcs_of(land.county))


def natural_edges(boundaries: list[LineString], dice: random.Random) -> list[LineString]:
    """Every straight edge between two neighbours once, drawn as a natural line with its ends where they were."""
    noded = shapely.get_parts(shapely.union_all(boundaries, grid_size=1.0))
    segments: set[tuple[tuple[float, float], tuple[float, float]]] = set()
    for line in noded:
        points = [(float(x), float(y)) for x, y in line.coords]
        segments |= {(min(pair), max(pair)) for pair in itertools.pairwise(points)}
    edges: list[LineString] = []
    for start, end in sorted(segments):
        edges.append(free_edge(start, end, edges, dice))
    return edges


def free_edge(
    start: tuple[float, float], end: tuple[float, float], others: list[LineString], dice: random.Random
) -> LineString:
    """A natural line that meets no other edge but at its ends; the smoother, the more often it did."""
    roughness = ROUGHNESS if math.dist(start, end) > STRAIGHT_BELOW_M else 0.0
    while True:
        edge = LineString(wiggle(start, end, step_m=STEP_M, roughness=roughness, dice=dice))
        meetings = shapely.intersection(edge, others)
        ends = shapely.multipoints([start, end])
        if edge.is_simple and shapely.is_empty(shapely.difference(meetings, ends)).all():
            return edge
        roughness /= 2


def arcs_of(county: Polygon) -> dict[str, LineString]:
    """The outline cut at the tri-points: one line for each neighbour, clockwise, with the outline's own vertices."""
    ring = np.asarray(shapely.orient_polygons(county, exterior_cw=True).exterior.coords)[:-1]
    corners = []
    for _, _, lon, lat in ground.TRI_POINTS:
        x, y = ground.metres(lon, lat)
        corners.append(int(np.hypot(ring[:, 0] - round(x), ring[:, 1] - round(y)).argmin()))
    ring = np.roll(ring, -corners[0], axis=0)
    starts = [(corner - corners[0]) % len(ring) for corner in corners] + [len(ring)]
    closed = np.vstack([ring, ring[:1]])
    return {
        neighbour: LineString(closed[first : last + 1])
        for (_, neighbour, _, _), first, last in zip(ground.TRI_POINTS, starts[:-1], starts[1:], strict=True)
    }
