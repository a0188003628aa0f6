"""Other stretches of the same road that a plate may belong to: where a road turns back, the nearest leg need not be it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from doorplates.along import ON_THE_LINE_M, plate_position, road_axes
from rulebook.context import Context
from rulebook.spatial import has_shape


def other_feet(plates: pd.Index, ctx: Context) -> pd.DataFrame:
    """Feet of plates (rows of ``plate_position``) on other legs of their road not much further off than the nearest:
    ``plate``, ``position_m``, ``side``, one row a leg and plate.

    Further off: up to the setting ``doorplates.leg_ratio`` times. What is less than twice that far along the road is
    the same leg, or its bend.
    """
    feet = plate_position(ctx).loc[plates]
    points = gpd.GeoSeries(ctx.frame("doorplates").geometry.reindex(plates))
    axes = road_axes(ctx)
    axes = axes[axes.index.isin(feet["road_id"]) & has_shape(axes)]
    ratio = float(ctx.setting("doorplates")["leg_ratio"])
    parts, road = shapely.get_parts(axes.to_numpy(), return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    within = part[1:] == part[:-1]
    start, vector, road = xy[:-1][within], np.diff(xy, axis=0)[within], road[part[:-1][within]]
    length = np.hypot(*vector.T)
    start, vector, road, length = (one[length > 0] for one in (start, vector, road, length))
    running = np.concatenate([[0.0], np.cumsum(length)])[:-1]
    running -= running[np.searchsorted(road, road)] if len(road) else 0.0
    segments = shapely.linestrings(np.stack([start, start + vector], axis=1))
    reach = feet["distance_m"].to_numpy() * ratio
    plate, segment = shapely.STRtree(segments).query(points.to_numpy(), predicate="dwithin", distance=reach)
    same = axes.index.get_indexer(feet["road_id"])[plate] == road[segment]
    plate, segment = plate[same], segment[same]
    beyond = shapely.get_coordinates(points.to_numpy())[plate] - start[segment]
    share = np.clip((beyond * vector[segment]).sum(axis=1) / length[segment] ** 2, 0.0, 1.0)
    cross = vector[segment][:, 0] * beyond[:, 1] - vector[segment][:, 1] * beyond[:, 0]
    found = pd.DataFrame(
        {
            "plate": plates.to_numpy()[plate],
            "position_m": running[segment] + share * length[segment],
            "side": np.sign(np.where(np.abs(cross) < ON_THE_LINE_M, 0.0, cross)),
            "reach": reach[plate],
            "nearest": feet["position_m"].to_numpy()[plate],
        }
    )
    another = (found["position_m"] - found["nearest"]).abs() > 2 * found["reach"]
    return found.loc[another, ["plate", "position_m", "side"]].reset_index(drop=True)


def right_on_another_leg(expected: pd.Series, ctx: Context) -> pd.Series:
    """Ids of plates that another leg of their road has on the side expected (1 left, -1 right, by plate id)."""
    legs = other_feet(expected.index, ctx)
    return legs.loc[legs["side"].eq(legs["plate"].map(expected)), "plate"]
