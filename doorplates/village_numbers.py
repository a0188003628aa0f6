"""Numbers for new houses of a natural village or estate, which has no road to number along.

GB/T 35639-2017 Annex B (informative): outer before inner, near before far, left before right. Outer means on the rim of
the settlement, near and left are seen from its entrance: where it is nearest to a road. The order of these is the
profile's (``numbering.village_order``). Existing plates keep their numbers; new houses go on after the last.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from doorplates.allocation import Proposal
from doorplates.identity import identities
from doorplates.numbering_row import ALTERNATIVES, sub_number
from rulebook.context import Context
from rulebook.errors import ProfileError
from rulebook.language import Text
from rulebook.spatial import has_shape

ORDERS = ("outer", "near", "left")


def propose_in_place(points: gpd.GeoSeries, place_id: str, ctx: Context) -> list[Proposal]:
    """Numbers for new houses at ``points`` in a place, in the order of the points; ``ctx`` may read doorplates, roads
    and place_names.
    """
    plates, known = ctx.frame("doorplates"), identities(ctx)
    known = known[known["holder"].eq(f"place_names:{place_id}") & known["main"].notna()]
    spots = gpd.GeoSeries(plates.geometry.reindex(known.index))
    ends = known["range_to"].fillna(known["main"])
    taken = set(known["main"].astype(int)) | set(ends.astype(int))
    last = max(taken, default=0)
    wanted = points[has_shape(points)]
    order = _inorder(wanted, spots, _entrance(wanted, spots, place_id, ctx), ctx)
    step = 1 + int(ctx.setting("numbering")["reserve"])
    houses = {index: last + 1 + nth * step for nth, index in enumerate(order)}
    unused = [number for number in range(1, last) if number not in taken]
    after = last + 1 + len(order) * step
    proposals = []
    for index in points.index:
        if index not in houses:
            proposals.append(Proposal(None, None, Text("没有点位。", "There is no point.")))
            continue
        others = [str(after), *_beside(points[index], spots, known), *map(str, unused), str(after + 1)]
        proposals.append(Proposal(str(houses[index]), None, _reason(last, len(order)), tuple(others[:ALTERNATIVES])))
    return proposals


def _inorder(points: gpd.GeoSeries, spots: gpd.GeoSeries, entrance: shapely.Point, ctx: Context) -> list[object]:
    """Points in the order in which they are numbered."""
    keys = [str(one) for one in ctx.setting("numbering")["village_order"]]
    if not set(keys) <= set(ORDERS):
        raise ProfileError(
            f"设置 numbering.village_order 只能含 {'、'.join(ORDERS)}。",
            f"Setting numbering.village_order holds {', '.join(ORDERS)} only.",
        )
    band = float(ctx.setting("numbering")["village_band_m"])
    houses = np.concatenate([points.to_numpy(), spots[has_shape(spots)].to_numpy()])
    rim = shapely.get_coordinates(points.to_numpy())
    hull = shapely.boundary(shapely.convex_hull(shapely.multipoints(houses)))
    middle = shapely.get_coordinates(shapely.centroid(shapely.multipoints(houses)))
    gate = shapely.get_coordinates(entrance)
    axis = (middle - gate)[0]
    across = axis[1] * (rim - gate)[:, 0] - axis[0] * (rim - gate)[:, 1]
    measures = {
        "outer": np.round(np.nan_to_num(shapely.distance(points.to_numpy(), hull)) / band),
        "near": np.round(np.hypot(*(rim - gate).T) / band),
        "left": across,
    }
    ranks = pd.DataFrame({key: measures[key] for key in keys}, index=points.index)
    return list(ranks.sort_values(keys).index)


def _entrance(points: gpd.GeoSeries, spots: gpd.GeoSeries, place_id: str, ctx: Context) -> shapely.Point:
    """Where the settlement is nearest to a road; without roads, its own point or the middle of its houses."""
    houses = shapely.multipoints(np.concatenate([points.to_numpy(), spots[has_shape(spots)].to_numpy()]))
    roads, places = ctx.frame("roads"), ctx.frame("place_names")
    lines = roads.geometry[has_shape(roads.geometry)].to_numpy() if len(roads) else np.array([])
    if len(lines) and len(points):
        nearest = lines[int(np.argmin(shapely.distance(lines, houses)))]
        return shapely.get_point(shapely.shortest_line(nearest, houses), 0)
    if len(places) and place_id in places.index and has_shape(places.geometry)[place_id]:
        return shapely.centroid(places.geometry[place_id])
    return shapely.centroid(houses)


def _beside(point: shapely.Point, spots: gpd.GeoSeries, known: pd.DataFrame) -> list[str]:
    """The next sub-number of the plate nearest to a point."""
    away = shapely.distance(spots.to_numpy(), point)
    if not len(away) or np.isnan(away).all():
        return []
    main = int(known["main"].iloc[int(np.nanargmin(away))])
    subs = known.loc[known["main"].eq(main), "sub"].dropna()
    return [sub_number(main, int(subs.max()) + 1 if len(subs) else 1)]


def _reason(last: int, houses: int) -> Text:
    if not last:
        text = Text("本处尚无门牌，按配置的次序（先外后内、先近后远、先左后右）从 1 号编起。", "There are no plates yet: from 1, in the profile's order (outer, near and left first).")  # fmt: skip
    elif houses > 1:
        text = Text("接在末号 {last} 之后，新房之间按配置的次序。", "After the last number {last}; new houses in the profile's order.")  # fmt: skip
    else:
        text = Text("接在末号 {last} 之后，原有门牌不动。", "After the last number {last}; plates there keep theirs.")
    return text.format(last=last)
