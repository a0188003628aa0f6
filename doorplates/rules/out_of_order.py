"""DOR302."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

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
    faults = [fault for row in _rows(doubtful) for fault in _faults(row, ctx.param("tolerance_m"), elsewhere)]
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


class _Row(NamedTuple):
    """Plates of one row, sorted along it: arrays of ids, main numbers, places and whether they fit."""

    road_id: str
    direction: int
    ids: np.ndarray[Any, Any]
    main: np.ndarray[Any, Any]
    forward: np.ndarray[Any, Any]
    fits: np.ndarray[Any, Any]


def _rows(plates: pd.DataFrame) -> Iterator[_Row]:
    """Rows of ``rows_of_plates`` one by one, as arrays: there are many, and few plates in each."""
    columns = (
        plates.index.to_numpy(dtype=object), plates["main"].to_numpy(), plates["forward"].to_numpy(), plates["fits"].to_numpy()
    )  # fmt: skip
    road, direction = plates["road_id"].to_numpy(dtype=object), plates["direction"].to_numpy()
    cuts = np.flatnonzero(np.diff(plates["row"].to_numpy())) + 1
    for first, last in zip([0, *cuts], [*cuts, len(plates)], strict=True):
        if last > first:
            yield _Row(road[first], int(direction[first]), *(column[first:last] for column in columns))


def _faults(row: _Row, tolerance_m: float, elsewhere: dict[str, list[float]]) -> Iterator[tuple[object, ...]]:
    """Plates of one row that do not fit, with the plates they stand between. Where the road turns back, a plate may
    fit at its place on another leg (``elsewhere``: positions by plate); then nothing is said.

    A plate that is against one fitting plate only may as well be right and the other wrong: the smaller id is named.
    """
    for plate in np.flatnonzero(~row.fits):
        others = [one * row.direction for one in elsewhere.get(row.ids[plate], ())]
        against = [_rivals(row, row.main[plate], place, tolerance_m) for place in (row.forward[plate], *others)]
        if not all(len(one) for one in against):
            continue
        pair = [plate, against[0][0]] if len(against[0]) == 1 else [plate]
        named, *rival = sorted(pair, key=lambda one: str(row.ids[one]))
        standing = row.fits.copy()
        standing[pair], standing[named] = True, False
        along = np.flatnonzero(standing)
        place = int(np.searchsorted(row.forward[along], row.forward[named]))
        before = row.ids[along[place - 1]] if place else None
        after = row.ids[along[place]] if place < len(along) else None
        near = row.ids[rival] if rival else [one for one in (before, after) if one is not None]
        related = tuple(f"doorplates:{one}" for one in near)
        yield row.ids[named], related, row.road_id, before, after, row.forward[named] * row.direction


def _rivals(row: _Row, main: int, place: float, tolerance_m: float) -> np.ndarray[Any, Any]:
    """Fitting plates that a number at ``place`` is out of order with."""
    ahead = row.forward - place
    against = (row.main < main) & (ahead > tolerance_m) | (row.main > main) & (ahead < -tolerance_m)
    return np.flatnonzero(against & row.fits)


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
