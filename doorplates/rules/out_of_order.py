"""DOR302."""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorplates.legs import other_feet
from doorplates.order import rows_of_plates
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety


def out_of_order(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Numbers that do not fit their position along the road and side.

    ## What it does
    zh: 沿路把同侧（或同为单号、双号）的门牌排成一列，找出要去掉的最少几块，使其余号码由起点向止点递增；去掉的就是顺序不符的。两块互换只报一条。附号与主号视为同一位置，临时门牌不查。
    en: Takes the plates of one side (or parity) as they stand along the road and finds the fewest whose removal lets
        the others rise from start to end; those are out of order. Two exchanged plates are one finding. Sub-numbers
        count as their main number; temporary plates are not judged.

    ## Why it matters
    zh: 号码乱序，按号找门就找不到。
    en: With numbers out of order a door cannot be found by its number.

    ## Example
    zh: `45` 号立在 21 号与 23 号之间。
    en: Number `45` stands between 21 and 23.

    ## Fix safety
    zh: 不提出修改：是点位错还是号码错，须到现场看。
    en: None: whether the point or the number is wrong is seen on the spot.

    ## Trap
    zh: 前后错位不超过容差的不报（同一排房子的点位误差）。
    en: A plate out of place by less than the tolerance is not reported (points of houses side by side).
    """
    rows = rows_of_plates(ctx)
    broken = rows["row"].isin(rows.loc[~rows["fits"], "row"])
    crowded = rows.groupby("row")["main"].transform("size") >= ctx.param("min_plates")
    doubtful = rows[crowded & broken]
    elsewhere = other_feet(doubtful.index[~doubtful["fits"]], ctx).groupby("plate")["position_m"].agg(list).to_dict()
    faults = [
        fault
        for _, members in doubtful.groupby("row")
        for fault in _faults(members, ctx.param("tolerance_m"), elsewhere)
    ]
    columns = ["record_id", "others", "road_id", "before", "after", "position_m"]
    found = pd.DataFrame(faults, columns=columns).drop_duplicates("record_id")
    numbers = frame["number"]
    return flag_faults(
        pd.DataFrame(
            {
                "record_id": found["record_id"],
                "related": found["others"],
                "number": found["record_id"].map(numbers),
                "road": found["road_id"].map(ctx.frame("roads")["name"]),
                "position_m": found["position_m"],
                "before": found["before"].map(numbers),
                "after": found["after"].map(numbers),
                "geometry": frame["geometry"].reindex(found["record_id"]).to_numpy(),
            }
        ),
        frame,
    )


def _faults(members: pd.DataFrame, tolerance_m: float, elsewhere: dict[str, list[float]]) -> list[tuple[object, ...]]:
    """Plates of one row (sorted along it) that do not fit, with the plates they stand between. Where the road turns
    back, a plate may fit at its place on another leg (``elsewhere``: positions by plate); then nothing is said.

    A plate that is against one fitting plate only may as well be right and the other wrong: the smaller id is named.
    """
    kept = members[members["fits"]]
    faults: list[tuple[object, ...]] = []
    for plate in members[~members["fits"]].itertuples():
        places = [float(plate.forward), *(one * float(plate.direction) for one in elsewhere.get(str(plate.Index), ()))]
        against = [_rivals(kept, int(plate.main), place, tolerance_m) for place in places]
        rivals = against[0]
        if not all(len(one) for one in against):
            continue
        pair = sorted([str(plate.Index), str(rivals[0])]) if len(rivals) == 1 else [str(plate.Index)]
        named = pair[0]
        row = members[members.index.isin([*kept.index, *pair]) & (members.index != named)]
        place = int(np.searchsorted(row["forward"], members.at[named, "forward"]))
        before = row.index[place - 1] if place else None
        after = row.index[place] if place < len(row) else None
        others = tuple(f"doorplates:{one}" for one in (pair[1:] or [one for one in (before, after) if one is not None]))
        faults.append((named, others, plate.road_id, before, after, members.at[named, "position_m"]))
    return faults


def _rivals(kept: pd.DataFrame, main: int, place: float, tolerance_m: float) -> pd.Index:
    """Fitting plates that a number at ``place`` is out of order with."""
    ahead = kept["forward"] - place
    lower, higher = kept["main"] < main, kept["main"] > main
    return kept.index[lower & (ahead > tolerance_m) | higher & (ahead < -tolerance_m)]


RULE = Rule(
    code="DOR302",
    name="out-of-order",
    title=Text("门牌号顺序不符", "plate number out of order"),
    layers=("doorplates",),
    needs=("roads",),
    params=(
        Param("min_plates", int, Text("判断顺序所需的最少门牌数", "fewest plates to judge an order by")),
        Param("tolerance_m", float, Text("前后错位的容差（米）", "tolerance along the road in metres")),
    ),
    level=Level.WARNING,
    remedy=Remedy.FIELD,
    fix=Safety.NONE,
    basis="GB/T 35639-2017 附录B（资料性）：由起点依次编号",
    message=Text(
        "{number}号在{road}距起点 {position_m:.0f} 米处，夹在 {before} 号与 {after} 号之间，顺序不符。",
        "Number {number} stands {position_m:.0f} m from the start of {road}, between {before} and {after}: out of order.",
    ),
    spatial=True,
    check=out_of_order,
)
