"""The longest rising sequence against trying all, and the majority against a count by hand."""

from __future__ import annotations

from itertools import combinations, pairwise

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from doorplates.convention import majority
from doorplates.rising import longest_rising


def rises(values: list[float]) -> bool:
    return all(first <= second for first, second in pairwise(values))


@given(st.lists(st.integers(0, 9).map(float), max_size=8))
def test_longest_rising_is_one_of_the_longest(values: list[float]) -> None:
    kept = longest_rising(values)
    assert kept == sorted(kept)
    assert rises([values[place] for place in kept])
    longest = max(
        size
        for size in range(len(values) + 1)
        for places in combinations(range(len(values)), size)
        if rises([values[place] for place in places])
    )
    assert len(kept) == longest


def test_majority_counts_each_road_by_itself() -> None:
    plates = pd.DataFrame(
        {
            "road_id": ["a", "a", "a", "a", "b", "b", "b"],
            "main": [1, 3, 2, 4, 1, 2, 3],
            "side": [1, 1, -1, 1, -1, 1, 0],
        }
    )
    votes = majority(plates)
    assert votes["says"].to_dict() == {"a": "odd_left", "b": "odd_right"}
    assert votes["share"].to_dict() == {"a": 0.75, "b": 1.0}
    assert votes["plates"].to_dict() == {"a": 4, "b": 2}
