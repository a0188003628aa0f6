"""Numbers for new buildings on a road, by the road's own convention, neighbours and spacing.

GB/T 35639-2017 Annex B (informative): numbers follow the road from its start, each side its own parity, none twice;
where houses stand further apart than the spacing, numbers between them are kept in reserve (Ningbo Art. 23). Where
nothing is free between two neighbours, the building gets a sub-number of the nearer one, and never a sub-number of a
sub-number. Numbers that were cancelled or are reserved are not given out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from doorplates.along import along, road_axes
from doorplates.convention import conventions
from doorplates.corners import corner_roads
from doorplates.identity import identities
from doorplates.numbering_row import Row, Taken
from doorplates.order import rows_of_plates
from doorplates.steps import steps_along
from doorplates.taken import taken_numbers
from rulebook.context import Context
from rulebook.language import Text

SIDES = {1: "left", -1: "right"}


@dataclass(frozen=True)
class Proposal:
    """A number for one point (None where none can be given honestly), its side and reason, and other free numbers.

    ``road_id`` names the road by which a corner building should be numbered instead.
    """

    number: str | None
    side: str | None
    reason: Text
    alternatives: tuple[str, ...] = ()
    road_id: str | None = None


def propose(
    points: gpd.GeoSeries, road_id: str, ctx: Context, *, neighbours: Collection[str] | None = None
) -> list[Proposal]:
    """Numbers for new buildings at ``points`` (register CRS) on a road in force, in the order of the points.

    Points are served along the road, so that several new houses get rising numbers. ``ctx`` may read doorplates and
    roads. ``neighbours`` are the plates between which numbers are sought (default: those in order); all others keep
    their numbers taken. No number is proposed for a point further from the road than plates may be, on the line
    itself where sides count, for a corner building that belongs to another road, or on a road whose convention neither
    the register nor its plates nor the profile tell.
    """
    numbering = convention_of(road_id, ctx)
    feet = along(points, pd.Series(road_id, index=points.index, dtype="str"), road_axes(ctx).loc[[road_id]])
    elsewhere = corner_roads(points, road_id, ctx) if neighbours is None else pd.Series(index=points.index, dtype="str")
    rows = RowsOfRoad(road_id, str(numbering), ctx, neighbours)
    proposals: dict[object, Proposal] = {}
    served: dict[int, list[tuple[float, object]]] = {}
    for foot in feet.sort_values("position_m").itertuples():
        side = SIDES.get(int(foot.side))
        other = elsewhere.get(foot.Index)
        if isinstance(other, str):
            proposals[foot.Index] = Proposal(None, side, _corner(other, ctx), road_id=other)
            continue
        refusal = _refusal(numbering, int(foot.side), float(foot.distance_m), ctx)
        if refusal is not None:
            proposals[foot.Index] = Proposal(None, side, refusal)
            continue
        served.setdefault(int(foot.side), []).append((float(foot.position_m), foot.Index))
    for side_served, members in served.items():
        row = rows.on_side(side_served)
        inorder = members[:: row.direction]
        offers = row.allocate([position * row.direction for position, _ in inorder])
        for (_, index), offer in zip(inorder, offers, strict=True):
            proposals[index] = Proposal(offer.number, SIDES[side_served], offer.reason, offer.alternatives)
    nowhere = Proposal(None, None, Text("没有点位，或道路没有中心线。", "There is no point, or the road has no line."))
    return [proposals.get(index, nowhere) for index in points.index]


def convention_of(road_id: str, ctx: Context) -> str | None:
    """The convention to number by: stored, inferred, what few plates agree on, else the profile's (None: none)."""
    leaning = conventions(ctx)["leaning"].get(road_id)
    return leaning if isinstance(leaning, str) else ctx.setting("numbering")["convention"] or None


def strand_of(numbering: str, side: int) -> int:
    """Which row a side belongs to: the parity of its numbers (0, 1), or the side itself on a road numbered
    consecutively.
    """
    if numbering == "consecutive":
        return side
    return int((side > 0) == (numbering == "odd_left"))


class RowsOfRoad:
    """The rows of one road, made when first asked for; what one gives out is taken for the other."""

    def __init__(self, road_id: str, numbering: str, ctx: Context, neighbours: Collection[str] | None = None) -> None:
        plates, taken, known = rows_of_plates(ctx), taken_numbers(ctx), identities(ctx)
        mine = plates[plates["road_id"].eq(road_id)]
        self._falls = _mostly_falls(mine)
        self.numbering = numbering
        self._own = mine[mine["fits"] if neighbours is None else mine.index.isin(list(neighbours))]
        subs = known[known["holder"].eq(f"roads:{road_id}") & known["sub"].notna() & known["main"].notna()]
        self._taken = Taken(
            mains=set(taken.loc[taken["road_id"].eq(road_id), "number"].astype(int)),
            subs={int(main): int(sub) for main, sub in subs.groupby("main")["sub"].max().items()},
        )
        self._length = float(road_axes(ctx)[road_id].length)
        self._metres = metres_per_number(road_id, ctx)
        self._reserve = int(ctx.setting("numbering")["reserve"])
        self._rows: dict[int, Row] = {}

    def on_side(self, side: int) -> Row:
        """The row that a side (1 left, -1 right) belongs to."""
        strand = strand_of(self.numbering, side)
        if strand not in self._rows:
            consecutive = self.numbering == "consecutive"
            own = self._own[(self._own["side"] if consecutive else self._own["main"] % 2).eq(strand)]
            direction = -1 if (_mostly_falls(own) if consecutive and len(own) else self._falls) else 1
            places = own["forward"] * own["direction"] * direction
            self._rows[strand] = Row(
                plates=list(zip(places.astype(float), own["main"].astype(int), strict=True)),
                direction=direction,
                taken=self._taken,
                unit=1 if consecutive else 2,
                first=1 if consecutive or strand else 2,
                origin=0.0 if direction > 0 else -self._length,
                metres_per_number=self._metres,
                reserve=self._reserve,
            )
        return self._rows[strand]


def _mostly_falls(plates: pd.DataFrame) -> bool:
    """Whether numbers mostly rise against the digitised direction."""
    return bool(len(plates)) and bool((plates["direction"] < 0).mean() > 0.5)


def metres_per_number(road_id: str, ctx: Context) -> float | None:
    """Metres that one number is worth on a road: stored, else the median of its steps, else the profile's spacing."""
    stored = ctx.frame("roads").at[road_id, "spacing_m"]
    if stored > 0:
        return float(stored)
    steps = steps_along(ctx)
    seen = steps.loc[steps["road_id"].eq(road_id), "spacing_m"]
    return float(seen.iloc[0]) if len(seen) else float(ctx.setting("numbering")["spacing_m"]) or None


def _refusal(numbering: str | None, side: int, distance_m: float, ctx: Context) -> Text | None:
    if distance_m > float(ctx.setting("doorplates")["reach_m"]):
        return Text(
            "离道路 {distance:.0f} 米，不在路旁。", "It is {distance:.0f} m from the road, not beside it."
        ).format(distance=distance_m)
    if numbering is None:
        return Text(
            "这条路没有登记编号规则，现有门牌也不足以推断；请先在道路的 numbering 栏写明。",
            "The road has no stored convention and its plates do not tell one; fill in its numbering first.",
        )
    if side == 0:
        return Text("点在道路中心线上，分不出左右。", "The point is on the centre line: neither left nor right.")
    return None


def _corner(other: str, ctx: Context) -> Text:
    return Text(
        "转角房屋，按本县规则应编在{road}上。", "A corner building: by the county's rule it is numbered along {road}."
    ).format(road=ctx.frame("roads")["name"].get(other) or other)
