"""The most plates of a row that may keep their numbers, so that the fewest have to change.

Two plates can both keep theirs unless the lower number stands further along by more than the tolerance, or both have
the very same number. The largest set without such a pair is found exactly: main numbers are taken in rising order, and
for every place reached so far the largest set that goes no further is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import groupby
from typing import NamedTuple


class Plate(NamedTuple):
    """A plate of a row: where it stands in the direction in which numbers rise, its main number, and what makes its
    number one of its kind (main and sub-number, building, …).
    """

    place: float
    main: int
    identity: Hashable


class _Chain(NamedTuple):
    """Plates kept so far, the newest group first, and how many they are."""

    size: int
    members: tuple[int, ...]
    before: _Chain | None


def keepable(plates: Sequence[Plate], tolerance_m: float) -> set[int]:
    """Places in ``plates`` of a largest set that may keep its numbers. Of equally large sets the first found."""
    inorder = sorted(range(len(plates)), key=lambda number: (plates[number].main, plates[number].place, number))
    reached: dict[float, _Chain] = {float("-inf"): _Chain(0, (), None)}
    for _, group in groupby(inorder, key=lambda number: plates[number].main):
        reached = _pruned(_with_group(list(group), plates, reached, tolerance_m))
    chain: _Chain | None = max(reached.values(), key=lambda one: one.size)
    kept: set[int] = set()
    while chain is not None:
        kept |= set(chain.members)
        chain = chain.before
    return kept


def _with_group(
    group: list[int], plates: Sequence[Plate], reached: dict[float, _Chain], tolerance_m: float
) -> dict[float, _Chain]:
    """Chains that go on with plates of one main number; ``reached`` is by the furthest place in them."""
    grown: dict[float, _Chain] = {}
    for furthest, chain in reached.items():
        ends = [furthest, *(plates[number].place for number in group if plates[number].place > furthest)]
        for end in ends:
            chosen: dict[Hashable, int] = {}
            for number in group:
                if furthest - tolerance_m <= plates[number].place <= end:
                    chosen.setdefault(plates[number].identity, number)
            members = tuple(chosen.values())
            one = _Chain(chain.size + len(members), members, chain) if members else chain
            if end not in grown or one.size > grown[end].size:
                grown[end] = one
    return grown


def _pruned(reached: dict[float, _Chain]) -> dict[float, _Chain]:
    """Chains that no other beats: a chain that goes further must hold more."""
    kept: dict[float, _Chain] = {}
    most = -1
    for place in sorted(reached):
        if reached[place].size > most:
            kept[place], most = reached[place], reached[place].size
    return kept


def fewest_changes(rows: Sequence[Hashable], plates: Sequence[Plate], tolerance_m: float) -> set[int]:
    """Places in ``plates`` (row of each in ``rows``) whose numbers have to change. Rows are independent but for
    numbers held twice across them, of which the first row keeps one.
    """
    members: dict[Hashable, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        members[row].append(number)
    held: set[Hashable] = set()
    changed: set[int] = set()
    for numbers in members.values():
        open_to = [number for number in numbers if plates[number].identity not in held]
        kept = {open_to[place] for place in keepable([plates[number] for number in open_to], tolerance_m)}
        held |= {plates[number].identity for number in kept}
        changed |= set(numbers) - kept
    return changed
