"""One row of numbers along a road, from which numbers for new buildings are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, NamedTuple

import numpy as np

from rulebook.language import Text

ALTERNATIVES = 2
Plate = tuple[float, int]


class Offer(NamedTuple):
    """A number, why, and two others that are free."""

    number: str
    reason: Text
    alternatives: tuple[str, ...]


@dataclass
class Taken:
    """What is taken on a road: main numbers, and the highest sub-number under each. Shared by all its rows."""

    mains: set[int]
    subs: dict[int, int]


@dataclass
class Row:
    """Plates of one row (place in the direction in which numbers rise, main number); grows while numbers are given.

    ``direction`` is 1 where numbers rise as the road is digitised, else -1, and places are its multiples of positions;
    ``origin`` is the place of the start of numbering, ``unit`` the step from number to number (2 where the other side
    has the other parity), ``reserve`` how many numbers are kept free on each side of a new one while there is room.
    """

    plates: list[Plate]
    direction: int
    taken: Taken
    unit: int
    first: int
    origin: float
    metres_per_number: float | None
    reserve: int = 0

    def allocate(self, places: Sequence[float]) -> list[Offer]:
        """Numbers for buildings at ``places`` (rising), why, and alternatives; they are taken from then on.

        A number lies between all numbers before and all after its place; of the free ones there, the one that the
        distance asks for, so that vacant land keeps its numbers (Ningbo Art. 23). Buildings of one gap share its free
        numbers so that as many as can be get one; where none is left, a sub-number of the nearer neighbour.
        """
        gaps: dict[tuple[Plate | None, Plate | None], list[float]] = {}
        for place in places:
            gaps.setdefault(self._neighbours(place), []).append(place)
        given = {gap: self._numbers(gap, members) for gap, members in gaps.items()}
        mains = [
            (gap, place, main) for gap, members in gaps.items() for place, main in zip(members, given[gap], strict=True)
        ]
        self.plates += [(place, main) for _, place, main in mains if main is not None]
        self.taken.mains |= {main for _, _, main in mains if main is not None}
        named = [(gap, place, main, None if main is not None else self._sub(place)) for gap, place, main in mains]
        return [self._offer(*one) for one in named]

    def _neighbours(self, place: float) -> tuple[Plate | None, Plate | None]:
        """The highest plate before and the lowest plate after a place."""
        before = max((plate for plate in self.plates if plate[0] <= place), key=lambda plate: plate[1], default=None)
        after = min((plate for plate in self.plates if plate[0] > place), key=lambda plate: plate[1], default=None)
        return before, after

    def _numbers(self, gap: tuple[Plate | None, Plate | None], places: list[float]) -> list[int | None]:
        """Rising free numbers of a gap for its places, as near as can be to what the distances ask for; None for
        places that are too many. Keeps the reserve between and beside them where there is room.
        """
        targets = np.array([self._target(place, *gap) for place in places])
        free = self._free(gap, len(places), float(targets.max()))
        if len(free) < len(places):
            served = np.linspace(0, len(places) - 1, len(free)).round().astype(int)
            numbers: list[int | None] = [None] * len(places)
            for place, number in zip(served, free, strict=True):
                numbers[place] = number
            return numbers
        ends = (gap[0] is not None) + (gap[1] is not None)
        roomy = len(free) >= len(places) + self.reserve * (len(places) - 1 + ends)
        chosen = _nearest_rising(targets, np.array(free), self.reserve if roomy else 0, gap)
        return [free[place] for place in chosen]

    def _target(self, place: float, before: Plate | None, after: Plate | None) -> float:
        """The number that a place asks for."""
        if before and after:
            share = (place - before[0]) / max(after[0] - before[0], 1e-9)
            return before[1] + min(max(share, 0.0), 1.0) * (after[1] - before[1])
        if before:
            return before[1] + self.unit * max(1, round(self._steps_over(place - before[0])))
        if after:
            return after[1] - self.unit * max(1, round(self._steps_over(after[0] - place)))
        return self.first + self.unit * max(0, round(self._steps_over(place - self.origin) - 0.5))

    def _steps_over(self, metres: float) -> float:
        """Steps of the row that a distance is worth."""
        return metres / self.metres_per_number / self.unit if self.metres_per_number else 0.0

    def _free(self, gap: tuple[Plate | None, Plate | None], wanted: int, target: float) -> list[int]:
        """Free numbers of a gap in rising order; of an open one as many as may be needed."""
        before, after = gap
        low = before[1] + self.unit if before else self.first
        if after:
            return [number for number in range(low, after[1], self.unit) if number not in self.taken.mains]
        upward = (number for number in count(low, self.unit) if number not in self.taken.mains)
        steps = max(0, int(target - low) // self.unit)
        return list(islice(upward, steps + (wanted + ALTERNATIVES) * (self.reserve + 1)))

    def _sub(self, place: float) -> str:
        """The next sub-number of the plate nearest to a place; it is taken from then on."""
        nearest = min((one for one in self._neighbours(place) if one), key=lambda one: abs(one[0] - place))[1]
        self.taken.subs[nearest] = self.taken.subs.get(nearest, 0) + 1
        return sub_number(nearest, self.taken.subs[nearest])

    def _offer(self, gap: tuple[Plate | None, Plate | None], place: float, main: int | None, sub: str | None) -> Offer:
        others = [plate for plate in self.plates if plate != (place, main)]
        before = max((plate for plate in others if plate[0] <= place), key=lambda plate: plate[1], default=None)
        after = min((plate for plate in others if plate[0] > place), key=lambda plate: plate[1], default=None)
        neighbours = sorted((one for one in (before, after) if one), key=lambda one: abs(one[0] - place))
        alternatives = self._next_subs([number for _, number in neighbours] or [main or self.first])
        if main is None or sub is not None:
            return Offer(str(sub), _sub_reason(before, after, neighbours[0][1]), tuple(alternatives[:ALTERNATIVES]))
        target = self._target(place, *gap)
        free = sorted(self._free((before, after), 1, target), key=lambda number: (abs(number - target), number))
        return Offer(str(main), _reason(*gap), tuple([str(one) for one in free] + alternatives)[:ALTERNATIVES])

    def _next_subs(self, mains: list[int]) -> list[str]:
        """Sub-numbers that are free next, those of the nearer neighbour first."""
        next_of = {main: self.taken.subs.get(main, 0) + 1 for main in mains}
        return [sub_number(main, next_of[main] + nth) for nth in range(ALTERNATIVES) for main in mains]


def _nearest_rising(
    targets: np.ndarray[Any, Any], free: np.ndarray[Any, Any], apart: int, gap: tuple[Plate | None, Plate | None]
) -> list[int]:
    """Places in ``free`` that rise, leave ``apart`` numbers between them (and beside the plates of the gap), and are
    together nearest to the targets (dynamic programming over points and numbers).
    """
    first = apart if gap[0] else 0
    last = len(free) - (apart if gap[1] else 0)
    costs = np.abs(free[None, :] - targets[:, None]).astype(float)
    costs[:, :first] = costs[:, last:] = np.inf
    total = costs[0]
    choices = []
    for cost in costs[1:]:
        best = np.minimum.accumulate(total)
        came = np.searchsorted(-best, -best, side="left")
        shift = apart + 1
        total = cost + np.concatenate([np.full(shift, np.inf), best[:-shift]])[: len(free)]
        choices.append(np.concatenate([np.zeros(shift, dtype=int), came[:-shift]])[: len(free)])
    place = int(np.argmin(total))
    chosen = [place]
    for came in reversed(choices):
        place = int(came[place])
        chosen.append(place)
    return chosen[::-1]


def sub_number(main: int, sub: int) -> str:
    """A sub-number in canonical writing: with 附 where a dash could be read as a range."""
    return f"{main}附{sub}" if sub > main and (sub - main) % 2 == 0 else f"{main}-{sub}"


def _reason(before: Plate | None, after: Plate | None) -> Text:
    names = {"before": before[1] if before else None, "after": after[1] if after else None}
    if before and after:
        text = Text("位于 {before} 号与 {after} 号之间，按距离取号。", "Between {before} and {after}, by distance.")
    elif before:
        text = Text("在末号 {before} 之后，按间距顺编。", "After the last number {before}, by the spacing.")
    elif after:
        text = Text("在首号 {after} 之前，按间距取号。", "Before the first number {after}, by the spacing.")
    else:
        text = Text(
            "该侧尚无门牌，从起点按间距取号，前面的号留给空地。",
            "There is no plate on this side yet: by the spacing from the start; lower numbers wait for vacant land.",
        )
    return text.format(names)


def _sub_reason(before: Plate | None, after: Plate | None, nearer: int) -> Text:
    if before and after:
        text = Text(
            "{before} 号与 {after} 号之间没有空号，编作 {nearer} 号的附号。",
            "No number is free between {before} and {after}: a sub-number of {nearer}.",
        )
    else:
        text = Text(
            "首号 {nearer} 之前没有空号，编作它的附号。",
            "No number is free before the first, {nearer}: its sub-number.",
        )
    return text.format(before=before[1] if before else None, after=after[1] if after else None, nearer=nearer)
