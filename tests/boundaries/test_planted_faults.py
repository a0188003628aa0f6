"""Gaps and overlaps from five centimetres to fifty metres, at vertices one to two hundred metres apart, are all found,
and nothing else is.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from hypothesis import Phase, assume, example, given, settings
from hypothesis import strategies as st

from tests.boundaries.mosaic import Frames, mosaic, register, replaced
from tests.boundaries.test_coverage import check

SIZE = 1000.0
WEST, EAST = "330683100201", "330683100202"


@cache
def county(spacing: float) -> Frames:
    return register(mosaic(2, 2, round(4 * SIZE / spacing), size=SIZE), 2)


def planted(frames: Frames, first: float, share: float, width: float) -> shapely.Polygon:
    """The western village with vertices of its eastern edge moved east by ``width`` (west where it is negative): a run
    that begins at a share of the edge's inner vertices and has a share of them, at least one.
    """
    shapes = frames["divisions"].geometry
    xy = shapely.get_coordinates(shapes[WEST])[:-1]
    other = {*map(tuple, shapely.get_coordinates(shapes[EAST]))}
    common = np.flatnonzero([tuple(one) in other for one in xy])
    inner = common[np.argsort(xy[common, 1])][1:-1]
    start = int(first * (len(inner) - 1))
    run = inner[start : start + 1 + int(share * len(inner))]
    xy[run, 0] += width
    return shapely.Polygon(xy)


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    spacing=st.sampled_from([1.0, 2.0, 5.0, 20.0, 50.0, 100.0, 200.0]),
    width=st.floats(np.log(0.05), np.log(50)).map(np.exp),
    outward=st.booleans(),
    first=st.floats(0, 0.9),
    share=st.floats(0, 0.5),
)
@example(spacing=1.0, width=0.05, outward=False, first=0.5, share=0.0)
@example(spacing=1.0, width=50.0, outward=False, first=0.3, share=0.3)
@example(spacing=200.0, width=0.05, outward=True, first=0.5, share=0.0)
@example(spacing=200.0, width=50.0, outward=True, first=0.5, share=0.0)
def test_a_planted_fault_is_found_and_nothing_else(
    *, spacing: float, width: float, outward: bool, first: float, share: float
) -> None:
    frames = county(spacing)
    hurt = planted(frames, first, share, width if outward else -width)
    assume(hurt.is_valid)
    shapes = frames["divisions"].geometry
    assume(hurt.difference(shapely.union(shapes[WEST], shapes[EAST])).area < 1e-6)  # it pokes into nobody else
    findings = list(check(replaced(frames, WEST, hurt)))
    assert [one.rule.code for one in findings] == ["BND302" if outward else "BND301"]
    found = findings[0]
    assert sorted([found.record_id, *(one.partition(":")[2] for one in found.related)]) == [WEST, EAST]
    changed = shapely.symmetric_difference(hurt, shapes[WEST]).area
    assert abs(found.evidence["area_m2"] - changed) < max(0.01 * changed, 1e-3)
    assert 0.7 * min(width, spacing) <= found.evidence["width_m"] <= width * 1.05
    assert {edit["option"].split(" ")[0] for edit in found.edits} == {"1", "2", "split", "disputed"}


def test_no_fault_is_invented_at_any_spacing() -> None:
    for spacing in (1.0, 5.0, 50.0, 200.0):
        assert list(check(county(spacing))) == []
