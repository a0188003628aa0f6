"""Verdicts on markers are seldom wrong, and the quick way to gaps and overlaps is the plain one's equal."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from boundaries import coverage
from tests.bench.boundaries import ours, plainly
from tests.boundaries import simulated_markers
from tests.boundaries.mosaic import mosaic


def test_markers_of_known_truth_are_judged_right() -> None:
    found = simulated_markers.shares(simulated_markers.judged(3000), 2.0)
    assert found["wrong_off"] < 0.012
    assert found["moved_missed"] < 0.005
    assert found["wrong_on"] < 0.1
    assert found["unsure"] < 0.16


def test_a_wider_allowance_for_errors_accuses_less_and_asks_more() -> None:
    tight, wide = (simulated_markers.judged(3000, {"times_error": times}) for times in (0.5, 2.0))
    assert simulated_markers.shares(wide, 2.0)["wrong_off"] < simulated_markers.shares(tight, 2.0)["wrong_off"]
    assert simulated_markers.shares(wide, 2.0)["unsure"] > simulated_markers.shares(tight, 2.0)["unsure"]


@pytest.mark.parametrize("vertices", [8, 80, 800])
def test_looking_only_at_unmatched_edges_finds_what_a_full_overlay_finds(vertices: int) -> None:
    rng = np.random.default_rng(vertices)
    shapes = np.array(mosaic(4, 4, vertices), dtype=object)
    for one in rng.choice(len(shapes), 5, replace=False):
        shift = rng.uniform(-5, 5, 2)
        shapes[one] = shapely.transform(shapes[one], lambda xy, by=shift: xy + by)
    (holes, pairs), (all_holes, all_pairs) = ours(shapes), plainly(shapes)
    assert shapely.area(holes).sum() == pytest.approx(shapely.area(all_holes).sum(), abs=1e-3)
    big = shapely.area(pairs["geometry"].to_numpy()) > 1e-6
    assert {*zip(pairs["left"][big], pairs["right"][big], strict=True)} <= {
        *zip(all_pairs["left"], all_pairs["right"], strict=True)
    }
    assert coverage.matched(shapes).sum() < len(shapes)
