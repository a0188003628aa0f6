"""The largest set of plates that keep their numbers, against trying all sets."""

from __future__ import annotations

import time
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from doorplates.least_change import Plate, fewest_changes, keepable

plates = st.builds(
    lambda place, main, sub: Plate(float(place), main, (main, sub)),
    st.integers(0, 60), st.integers(1, 9), st.integers(0, 1),
)  # fmt: skip


def agree(chosen: list[Plate], tolerance_m: float) -> bool:
    return all(
        one.identity != two.identity
        and not (one.main < two.main and one.place > two.place + tolerance_m)
        and not (two.main < one.main and two.place > one.place + tolerance_m)
        for one, two in combinations(chosen, 2)
    )


@settings(deadline=None)
@given(st.lists(plates, max_size=10), st.sampled_from([0.0, 5.0, 12.0]))
def test_no_larger_set_may_keep_its_numbers(row: list[Plate], tolerance_m: float) -> None:
    kept = keepable(row, tolerance_m)
    assert agree([row[number] for number in kept], tolerance_m)
    assert not any(
        agree([row[number] for number in some], tolerance_m) for some in combinations(range(len(row)), len(kept) + 1)
    )


def test_a_number_held_in_two_rows_is_kept_once() -> None:
    row = [Plate(0.0, 1, (1, 0)), Plate(9.0, 1, (1, 0))]
    assert fewest_changes(["left", "right"], row, 0.0) == {1}


def test_a_long_row_takes_no_time() -> None:
    row = [Plate(10.0 * number, 2 * number if number % 50 else 1, (number, 0)) for number in range(600)]
    started = time.perf_counter()
    assert len(keepable(row, 5.0)) >= 588
    assert time.perf_counter() - started < 30
