"""Numbers for new buildings on a road, by the road's own convention, neighbours and spacing.

GB/T 35639-2017 Annex B (informative): numbers follow the road from its start, each side its own parity, none twice;
where houses stand further apart than the spacing, numbers between them are kept in reserve (Ningbo Art. 23). Where
nothing is free between two neighbours, the building gets a sub-number of the nearer one, and never a sub-number of a
sub-number. Numbers that were cancelled or are reserved are not given out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from doorplates.along import along
from doorplates.convention import conventions
from doorplates.identity import identities
from doorplates.order import rows_of_plates
from doorplates.steps import steps_along
from doorplates.taken import taken_numbers
from rulebook.context import Context
from rulebook.language import Text

ALTERNATIVES = 3
SIDES = {1: "left", -1: "right"}


@dataclass(frozen=True)
class Proposal:
    """A number for one point (None where none can be given honestly), its side and reason, and other free numbers."""

    number: str | None
    side: str | None
    reason: Text
    alternatives: tuple[str, ...] = ()


@dataclass
class Row:
    """Plates of one row of a road in the direction in which numbers rise; grows while numbers are given out."""

    plates: list[tuple[float, int]]
    unit: int
    first: int
    metres_per_number: float | None
    taken: set[int] = field(default_factory=set)
    subs: dict[int, int] = field(default_factory=dict)

    def allocate(self, forward: float) -> tuple[str, Text, tuple[str, ...]]:
        """A number for a building at ``forward`` metres, why, and alternatives; the number is taken from then on."""
        before = max((plate for plate in self.plates if plate[0] <= forward), default=None)
        after = min((plate for plate in self.plates if plate[0] > forward), default=None)
        target, free = self._candidates(forward, before, after)
        if free:
            ranked = sorted(free, key=lambda number: (abs(number - target), number))
            number, others = ranked[0], tuple(str(one) for one in ranked[1 : ALTERNATIVES + 1])
            self.taken.add(number)
            self.plates.append((forward, number))
            return str(number), _reason(before, after), others
        nearer = min((one for one in (before, after) if one), key=lambda one: abs(one[0] - forward))[1]
        self.subs[nearer] = self.subs.get(nearer, 0) + 1
        return sub_number(nearer, self.subs[nearer]), _sub_reason(before, after, nearer), ()

    def _candidates(
        self, forward: float, before: tuple[float, int] | None, after: tuple[float, int] | None
    ) -> tuple[float, list[int]]:
        """The number that the position asks for, and the free ones in reach of it."""
        if before and after:
            share = (forward - before[0]) / max(after[0] - before[0], 1e-9)
            target = before[1] + share * (after[1] - before[1])
            reach = range(before[1] + self.unit, after[1], self.unit)
        elif before:
            target = before[1] + self._numbers_over(forward - before[0])
            reach = range(before[1] + self.unit, int(target) + self.unit * (ALTERNATIVES + 2), self.unit)
        elif after:
            target = after[1] - self._numbers_over(after[0] - forward)
            reach = range(self.first, after[1], self.unit)
        else:
            target, reach = float(self.first), range(self.first, self.first + self.unit * (ALTERNATIVES + 2), self.unit)
        return target, [number for number in reach if number not in self.taken]

    def _numbers_over(self, metres: float) -> int:
        """How far numbers go on over a distance: whole steps of the row, at least one."""
        if not self.metres_per_number:
            return self.unit
        return self.unit * max(1, round(metres / self.metres_per_number / self.unit))


def propose(
    points: gpd.GeoSeries, road_id: str, ctx: Context, *, without: frozenset[str] = frozenset()
) -> list[Proposal]:
    """Numbers for new buildings at ``points`` (register CRS) on a road in force, in the order of the points.

    Points are served along the road, so that several new houses get rising numbers. ``ctx`` may read doorplates and
    roads; plates in ``without`` are no neighbours (they are to be renumbered), but keep their numbers taken. No number is proposed for a point further from the road than plates may be, on the line itself where sides
    count, or on a road whose convention neither the register nor its plates tell.
    """
    numbering = conventions(ctx)["numbering"].get(road_id)
    feet = along(points, pd.Series(road_id, index=points.index, dtype="str"), ctx.frame("roads").geometry)
    reach_m = float(ctx.setting("doorplates")["reach_m"])
    rows: dict[int, Row] = {}
    turned = _turned(road_id, ctx)
    proposals: dict[object, Proposal] = {}
    for foot in feet.sort_values("position_m", ascending=not turned).itertuples():
        refusal = _refusal(numbering, int(foot.side), float(foot.distance_m), reach_m)
        side = SIDES.get(int(foot.side))
        if refusal is not None:
            proposals[foot.Index] = Proposal(None, side, refusal)
            continue
        strand = strand_of(str(numbering), int(foot.side))
        if strand not in rows:
            rows[strand] = row_of(road_id, str(numbering), strand, ctx, without)
        forward = -float(foot.position_m) if turned else float(foot.position_m)
        number, reason, alternatives = rows[strand].allocate(forward)
        proposals[foot.Index] = Proposal(number, side, reason, alternatives)
    nowhere = Proposal(None, None, Text("没有点位，或道路没有中心线。", "There is no point, or the road has no line."))
    return [proposals.get(index, nowhere) for index in points.index]


def strand_of(numbering: str, side: int) -> int:
    """Which row a side belongs to: the parity of its numbers (0, 1), or the side itself on a road numbered
    consecutively.
    """
    if numbering == "consecutive":
        return side
    return int((side > 0) == (numbering == "odd_left"))


def row_of(road_id: str, numbering: str, strand: int, ctx: Context, without: frozenset[str] = frozenset()) -> Row:
    """A row of a road as its fitting plates make it."""
    plates = rows_of_plates(ctx)
    mine = plates[plates["road_id"].eq(road_id) & plates["fits"] & ~plates.index.isin(without)]
    consecutive = numbering == "consecutive"
    own = mine[(mine["side"] if consecutive else mine["main"] % 2).eq(strand)]
    taken = taken_numbers(ctx)
    known = identities(ctx)
    subs = known[known["holder"].eq(f"roads:{road_id}") & known["sub"].notna() & known["main"].notna()]
    steps = steps_along(ctx)
    spacing = steps.loc[steps["road_id"].eq(road_id), "spacing_m"]
    stored = ctx.frame("roads").at[road_id, "spacing_m"]
    return Row(
        plates=list(zip(own["forward"].astype(float), own["main"].astype(int), strict=True)),
        unit=1 if consecutive else 2,
        first=1 if consecutive or strand else 2,
        metres_per_number=float(stored) if stored > 0 else (float(spacing.iloc[0]) if len(spacing) else None),
        taken=set(taken.loc[taken["road_id"].eq(road_id), "number"].astype(int)),
        subs={int(main): int(sub) for main, sub in subs.groupby("main")["sub"].max().items()},
    )


def sub_number(main: int, sub: int) -> str:
    """A sub-number in canonical writing: with 附 where a dash could be read as a range."""
    return f"{main}附{sub}" if sub > main and (sub - main) % 2 == 0 else f"{main}-{sub}"


def _turned(road_id: str, ctx: Context) -> bool:
    """Whether numbers rise against the digitised direction."""
    mine = rows_of_plates(ctx)
    mine = mine[mine["road_id"].eq(road_id)]
    return bool(len(mine)) and bool((mine["forward"] < 0).any())


def _refusal(numbering: object, side: int, distance_m: float, reach_m: float) -> Text | None:
    if distance_m > reach_m:
        return Text(
            "离道路 {distance:.0f} 米，不在路旁。", "It is {distance:.0f} m from the road, not beside it."
        ).format(distance=distance_m)
    if not isinstance(numbering, str):
        return Text(
            "这条路没有登记编号规则，现有门牌也不足以推断；请先在道路的 numbering 栏写明。",
            "The road has no stored convention and its plates do not tell one; fill in its numbering first.",
        )
    if side == 0:
        return Text("点在道路中心线上，分不出左右。", "The point is on the centre line: neither left nor right.")
    return None


def _reason(before: tuple[float, int] | None, after: tuple[float, int] | None) -> Text:
    names = {"before": before[1] if before else None, "after": after[1] if after else None}
    if before and after:
        text = Text("位于 {before} 号与 {after} 号之间，按距离取号。", "Between {before} and {after}, by distance.")
    elif before:
        text = Text("在末号 {before} 之后，按间距顺编。", "After the last number {before}, by the spacing.")
    elif after:
        text = Text("在首号 {after} 之前，按间距取号。", "Before the first number {after}, by the spacing.")
    else:
        text = Text("该侧尚无门牌，从首号编起。", "There is no plate on this side yet: the first number.")
    return text.format(names)


def _sub_reason(before: tuple[float, int] | None, after: tuple[float, int] | None, nearer: int) -> Text:
    return Text(
        "{before} 号与 {after} 号之间没有空号，编作 {nearer} 号的附号。",
        "No number is free between {before} and {after}: a sub-number of {nearer}.",
    ).format(before=before[1] if before else None, after=after[1] if after else None, nearer=nearer)
