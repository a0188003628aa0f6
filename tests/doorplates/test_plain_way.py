"""The rules on doorplates against the plain way of the benchmark, one road and plate at a time."""

from __future__ import annotations

import numpy as np

from tests.bench.plates import PLAIN, county, ours, plain


def test_both_ways_find_the_same() -> None:
    frames = county(60, np.random.default_rng(5))
    found = {one for one in ours(frames) if one[0] in PLAIN}
    assert found == plain(frames)
    assert {code for code, _ in found} >= {"DOR301", "DOR302", "DOR304", "DOR401"}
